"""How far the scene moves sideways between pictures, by phase correlation, and how that follows the steering.

Method: Kuglin and Hines 1975, over horizontal strips: when the car turns right, what it sees moves left.
Knows nothing of recordings.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copycar.tubs.doctor.look import Floats

STRIPS = ((0.0, 0.35), (0.2, 0.5), (0.3, 0.7))
"""Parts of the picture's height that are looked at: one of them has texture, whatever the camera's mounting."""

MOST_ROWS_PX = 4  # pitch between two pictures that still counts as the same strip
FARTHEST_FRAMES = 15  # lags tried to both sides: 0.75 s at 20 Hz
LEAST_PAIRS = 100  # of pictures, below which nothing is said

Array = NDArray[np.float64]


class Lag(NamedTuple):
    """How the picture's motion follows the steering.

    Attributes:
        frames: by how many frames the motion comes after the steering; negative: before it.
        correlation: -1 … 1 at that lag; positive where steering right moves the scene to the left, as it should.
        positive, negative: strongest correlation of either sign at any lag; 0 … 1 and -1 … 0.
        n_pairs: pairs of pictures it rests on.
    """

    frames: float
    correlation: float
    positive: float
    negative: float
    n_pairs: int


def sideways_px(brightness: Floats) -> Array:
    """Return (B - 1, 3), how far each strip moves to the right from a picture to the next, in whole pixels.

    Args:
        brightness: float32 (B, H, W).
    """
    height = brightness.shape[1]
    strips = [brightness[:, int(top * height) : int(bottom * height)] for top, bottom in STRIPS]
    return np.stack([_shift_px(strip) for strip in strips], axis=1)


def _shift_px(strip: Floats) -> Array:
    height, width = strip.shape[1:]
    window = np.hanning(height + 2)[1:-1, None] * np.hanning(width + 2)[1:-1]
    centred = (strip - strip.mean(axis=(1, 2), keepdims=True)) * window.astype(np.float32)
    spectrum = np.fft.rfft2(centred)
    cross = np.conj(spectrum[:-1]) * spectrum[1:]
    strength = np.abs(cross)
    cross /= strength + 1e-3 * strength.mean(axis=(1, 2), keepdims=True) + 1e-9
    peaks = np.fft.irfft2(cross, s=(height, width))
    rows = min(MOST_ROWS_PX, (height - 1) // 2)
    near = np.concatenate([peaks[:, height - rows :], peaks[:, : rows + 1]], axis=1).max(axis=1)
    farthest = width // 4
    around = np.concatenate([near[:, width - farthest :], near[:, : farthest + 1]], axis=1)
    return np.asarray(around.argmax(axis=1) - farthest, dtype=np.float64)


def find_lag(steering: Array, motion_px: Array, stretch: NDArray[np.int64]) -> Lag | None:
    """Return how the motion follows the steering; None where there is too little of either.

    Args:
        steering: (N,) -1 … 1, positive right.
        motion_px: (N, 3) from each picture to the next, NaN where unknown.
        stretch: (N,) number of the uninterrupted stretch that each frame belongs to.
    """
    lags = np.arange(-FARTHEST_FRAMES, FARTHEST_FRAMES + 1)
    found = [_correlations(steering, -motion_px[:, strip], stretch, lags) for strip in range(motion_px.shape[1])]
    curves, n_pairs = np.array([curve for curve, _ in found]), [n for _, n in found]
    best = int(np.abs(curves).max(axis=1).argmax())
    curve = curves[best]
    if n_pairs[best] < LEAST_PAIRS or not curve.any():
        return None
    peak = int(np.abs(curve).argmax())
    return Lag(
        float(lags[peak]) + _peak_offset(np.abs(curve), peak),
        float(curve[peak]),
        float(max(curve.max(), 0.0)),
        float(min(curve.min(), 0.0)),
        n_pairs[best],
    )


def _correlations(
    steering: Array, turning: Array, stretch: NDArray[np.int64], lags: NDArray[np.int64]
) -> tuple[Array, int]:
    """Return the correlation at each lag, and how many pairs the best known lag rests on."""
    limit = 4 * np.nanmedian(np.abs(turning)) + 4 if np.isfinite(turning).any() else 0.0  # px; beyond are false peaks
    turning = np.clip(turning, -limit, limit)
    places = np.arange(len(steering))
    curve, n_most = np.zeros(len(lags)), 0
    for row, lag in enumerate(lags):
        then = places + lag
        inside = (then >= 0) & (then < len(steering))
        now, then = places[inside], then[inside]
        good = (stretch[now] == stretch[then]) & np.isfinite(turning[then])
        a, b = steering[now[good]], turning[then[good]]
        if len(a) >= LEAST_PAIRS and a.std() > 0 and b.std() > 0:
            curve[row] = float(np.corrcoef(a, b)[0, 1])
            n_most = max(n_most, len(a))
    return curve, n_most


def _peak_offset(curve: Array, peak: int) -> float:
    """Return where between its neighbours the peak lies, -0.5 … 0.5, by a parabola."""
    if not 0 < peak < len(curve) - 1:
        return 0.0
    before, at, after = curve[peak - 1 : peak + 2]
    bend = before - 2 * at + after
    return float(0.5 * (before - after) / bend) if bend < 0 else 0.0
