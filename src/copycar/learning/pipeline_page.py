"""One picture of what a pipeline does: real frames in rows, one step per column. Knows no files and no network."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from copycar.core.frame import Image
from copycar.core.pixel_letters import ADVANCE, HEIGHT, write
from copycar.learning.pipeline import Pipeline, described

CELL_PX = 320
"""Widest column: smaller pictures are shown enlarged, by whole factors, larger ones with pixels left out."""

LETTER, LINE_PX, GAP = 2, 2 * HEIGHT + 6, 8
_BACK, _SOFT, _INK = (24, 28, 34), (150, 160, 172), (236, 240, 245)


@dataclass(frozen=True)
class Stage:
    """The frames at one point of the pipeline.

    Attributes:
        title: what was done, in words.
        note: size and, where they are no bytes any more, the range of the numbers.
        pictures: uint8 (R, h, w, 3), to be looked at.
    """

    title: str
    note: str
    pictures: NDArray[np.uint8]


def stages(frames: NDArray[np.uint8], pipeline: Pipeline) -> list[Stage]:
    """Return the raw frames, uint8 (R, H, W, 3), and what every step makes of them."""
    titles = ["as recorded", *(described(step) for step in pipeline.steps)]
    ended = [False, *(step.ends_grey_levels for step in pipeline.steps)]
    with torch.inference_mode():
        pictures = [x.permute(0, 2, 3, 1).numpy() for x in pipeline.after_each_step(torch.from_numpy(frames))]
    n_raw = ended.index(True) if True in ended else len(ended)
    return [
        _stage(f"{number} {title}" if number else title, shown, is_grey_levels=number < n_raw)
        for number, (title, shown) in enumerate(zip(titles, pictures, strict=True))
    ]


def draw_stages(shown: Sequence[Stage]) -> Image:
    """Return the page, uint8 (H, W, 3): a column per stage, with its title and note above."""
    columns = [[_fitted(picture) for picture in stage.pictures] for stage in shown]
    width = max(CELL_PX // 2, *(picture.shape[1] for column in columns for picture in column))
    height = max(picture.shape[0] for column in columns for picture in column)
    headings = [textwrap.wrap(stage.title, width // (ADVANCE * LETTER)) for stage in shown]
    top = GAP + LINE_PX * (1 + max(map(len, headings)))
    size = top + len(columns[0]) * (height + GAP), len(columns) * (width + GAP) + GAP
    page = np.full((*size, 3), _BACK, dtype=np.uint8)
    for place, (column, heading, stage) in enumerate(zip(columns, headings, shown, strict=True)):
        left = GAP + place * (width + GAP)
        for number, line in enumerate(heading):
            write(page, line, left, GAP + number * LINE_PX, LETTER, _INK)
        write(page, stage.note[: width // (ADVANCE * LETTER)], left, GAP + len(heading) * LINE_PX, LETTER, _SOFT)
        for row, picture in enumerate(column):
            page[top + row * (height + GAP) :, left:][: picture.shape[0], : picture.shape[1]] = picture
    return page


def _stage(title: str, pictures: NDArray[np.float32], *, is_grey_levels: bool) -> Stage:
    size = f"{pictures.shape[2]}x{pictures.shape[1]}"
    if is_grey_levels:
        return Stage(title, size, pictures.round().clip(0, 255).astype(np.uint8))
    low, high = float(pictures.min()), float(pictures.max())
    brightness = (pictures - low) * (255 / max(high - low, 1e-6))
    return Stage(title, f"{size} {low:.2f} to {high:.2f}", brightness.round().astype(np.uint8))


def _fitted(picture: Image) -> Image:
    width = picture.shape[1]
    if width > CELL_PX:
        every = -(-width // CELL_PX)
        return picture[::every, ::every]
    return picture.repeat(CELL_PX // width, axis=0).repeat(CELL_PX // width, axis=1)
