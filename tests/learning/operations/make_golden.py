"""Compute what OpenCV makes of one picture, for tests that run without it. By hand: `python make_golden.py`."""

from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).with_name("opencv.npz")


def picture() -> np.ndarray:
    """uint8 (45, 58, 3): a road with a line, patches of colour and some noise; odd in one direction."""
    random = np.random.default_rng(0)
    rows, columns = np.mgrid[:45, :58]
    image = np.full((45, 58, 3), (90, 110, 70), dtype=np.float64)
    image[(rows > 11) & (abs(columns - 28) < rows * 0.65)] = (60, 60, 66)
    image[(rows > 11) & (abs(columns - 31 + rows / 8) < 1.5)] = (230, 220, 60)
    image[(rows - 9) ** 2 + (columns - 48) ** 2 < 36] = (200, 30, 40)
    image[2:8, 3:12] = (40, 60, 220)
    return np.clip(image + random.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


def main() -> None:
    import cv2  # noqa: PLC0415 - not a dependency: only who computes them anew needs it

    image = picture()
    inside = np.zeros(image.shape[:2], dtype=np.int32)
    cv2.fillConvexPoly(inside, np.array([[20, 8], [40, 8], [57, 40], [4, 40]], dtype=np.int32), 1)
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    np.savez_compressed(
        GOLDEN,
        picture=image,
        grey=cv2.cvtColor(image, cv2.COLOR_RGB2GRAY),
        hsv=hsv,
        rgb_of_hsv=cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB),
        gaussian_3=cv2.GaussianBlur(image, (3, 3), 0),
        gaussian_11_5=cv2.GaussianBlur(image, (11, 5), 0),
        box_4_3=cv2.blur(image, (4, 3)),
        canny_3=cv2.Canny(image, 60, 110),
        canny_5=cv2.Canny(image, 500, 1500, apertureSize=5),
        canny_7=cv2.Canny(image, 20000, 60000, apertureSize=7),
        trapezoid=(image * inside[..., None]).astype(np.uint8),
        resized=cv2.resize(image, (41, 33)),
    )


if __name__ == "__main__":
    main()
