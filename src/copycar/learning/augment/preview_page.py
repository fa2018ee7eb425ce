"""One picture of all variations: frames in rows, variations in columns, steering before and after below each.

Over the recorded frames lie the horizon and a grid on the ground as the camera's description has them: where they miss
the real ones, the description is wrong. Knows nothing of how the frames were varied.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Camera
from copycar.core.frame import Image
from copycar.core.pixel_letters import ADVANCE, write
from copycar.learning.augment.preview import Column

CELL_WIDTH, STRIP_HEIGHT, HEADER_HEIGHT, GAP = 200, 40, 52, 6
GRID_M, FAR_M = 0.5, 3.0
"""Distance between the grid's lines, and how far ahead it goes."""

_BACK, _TROUGH, _SOFT, _INK, _GRID = (24, 28, 34), (52, 60, 70), (150, 160, 172), (236, 240, 245), (255, 214, 10)


def draw_page(columns: Sequence[Column], camera: Camera | None) -> Image:
    """Return the page, uint8 (H, W, 3).

    Args:
        columns: the first shows the frames as they were recorded; all have the same rows.
        camera: the car's camera in its body frame, for frames of the recorded size; None draws no horizon and no grid.
    """
    n_rows, height, width = columns[0].pictures.shape[:3]
    cell_height = round(CELL_WIDTH * height / width)
    step_down, step_across = cell_height + STRIP_HEIGHT, CELL_WIDTH + GAP
    legend = _legend(camera)
    page_width = max(len(columns) * step_across, 2 * GAP + len(legend) * ADVANCE * 2)
    page = np.full((HEADER_HEIGHT + n_rows * step_down, page_width, 3), _BACK, dtype=np.uint8)
    write(page, legend, GAP, 8, 2, _SOFT)
    for place, column in enumerate(columns):
        box = page[:, place * step_across :][:, :CELL_WIDTH]
        write(box, column.title, GAP, HEADER_HEIGHT - 18, 2, _INK)
        for row in range(n_rows):
            cell = box[HEADER_HEIGHT + row * step_down :][:step_down]
            cell[:cell_height] = _scaled(column.pictures[row], cell_height)
            if camera:
                _draw_ground(cell[:cell_height], camera, with_grid=place == 0)
            _draw_steering(cell[cell_height:], columns[0].steering[row], column.steering[row])
    return page


def _legend(camera: Camera | None) -> str:
    ground = "YELLOW: HORIZON AND GRID OF HALF A METRE" if camera else "NO CAMERA IS DESCRIBED: NO SHIFT AND TURN"
    return f"STEERING: GREY AS RECORDED / WHITE AS LEARNED   {ground}"


def _scaled(picture: Image, height: int) -> Image:
    rows = np.arange(height) * picture.shape[0] // height
    scaled: Image = picture[rows[:, None], np.arange(CELL_WIDTH) * picture.shape[1] // CELL_WIDTH]
    return scaled


def _draw_ground(cell: Image, camera: Camera, *, with_grid: bool) -> None:
    scale = CELL_WIDTH / camera.width_px
    horizon = round((camera.horizon_px + 0.5) * scale)
    if 0 <= horizon < len(cell):
        cell[horizon, ::2] = _GRID
    if not with_grid:
        return
    pixels = np.floor((camera.project(_grid_points_m()) + 0.5) * scale)
    inside = ((pixels >= 0) & (pixels < (CELL_WIDTH, len(cell)))).all(axis=1)  # NaN, behind the camera, is not
    across, down = pixels[inside].astype(int).T
    cell[down, across] = _GRID


def _grid_points_m() -> NDArray[np.float64]:
    """Return points (N, 3) on lines along the car and across it, every `GRID_M`, 1 m to both sides."""
    along, across = np.linspace(0.1, FAR_M, 400), np.linspace(-1, 1, 300)
    ahead = [(x, y, 0.0) for y in (-2 * GRID_M, -GRID_M, 0.0, GRID_M, 2 * GRID_M) for x in along]
    beside = [(x, y, 0.0) for x in np.arange(GRID_M, FAR_M, GRID_M) for y in across]
    return np.array(ahead + beside)


def _draw_steering(strip: Image, before: float, after: float) -> None:
    _bar(strip[5:9], before, _SOFT)
    _bar(strip[10:16], after, _INK)
    text = f"{before:.2f}" if before == after else f"{before:.2f} NOW {after:.2f}"
    write(strip, text, (CELL_WIDTH - len(text) * ADVANCE * 2) // 2, 21, 2, _INK)


def _bar(strip: Image, value: float, colour: tuple[int, int, int]) -> None:
    """Fill from the middle to the right for positive steering, to the left for negative."""
    strip[:] = _TROUGH
    middle = CELL_WIDTH // 2
    end = middle + round(middle * float(value))
    strip[:, min(middle, end) : max(middle, end)] = colour
    strip[:, middle - 1 : middle + 1] = _SOFT
