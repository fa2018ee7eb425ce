"""The same curves and confusion matrices as PNG files, for slides and hand-outs. Needs matplotlib, of [train]."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from copycar.core.errors import CopycarError
from copycar.evaluation.classification_picture import draw_classification
from copycar.evaluation.offline.evaluate import Comparison
from copycar.evaluation.offline.strips import UP, stretches
from copycar.learning.judgement import AXES
from copycar.learning.png_figure import new_figure, save_png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_STRIPS = 20
"""In one picture: it is 13,000 px high then."""

WIDTH_INCHES, STRIP_INCHES = 11.0, 1.6
TICK_EVERY = 50
INK = "#1b2129"
COLOURS = ("#1f6feb", "#d4541a", "#8a4fd0", "#0f8f8a", "#b8287f", "#7d7400")


def write_plots(folder: Path, comparison: Comparison) -> list[Path]:
    """Write `steering.png`, `throttle.png` and `directions-NAME.png` for each policy; return their paths.

    A policy that names things, such as commands, gets `command-NAME.png` and so on beside it.

    Args:
        folder: made where missing.
        comparison: what the policies answered.

    Raises:
        CopycarError: matplotlib is missing, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CopycarError(
            f"cannot make the folder {folder}", error.strerror or str(error), "name another one"
        ) from error
    drawn = [draw_answers(comparison, axis, folder / f"{axis}.png") for axis in AXES]
    for one in comparison.answers:
        for name, found in one.classified.items():
            path = folder / f"{name}-{re.sub(r'[^A-Za-z0-9._-]', '_', one.name)}.png"
            drawn.append(draw_classification(found, path, title=f"{one.name}: {name}"))
    return drawn


def draw_answers(comparison: Comparison, axis: str, path: Path) -> Path:
    """Draw the driver and every policy over time, broken at gaps; return `path`.

    Args:
        comparison: what the policies answered.
        axis: "steering" or "throttle".
        path: the PNG file; its folder must exist.

    Raises:
        CopycarError: matplotlib is missing, or `path` cannot be written.
    """
    found = list(stretches(comparison.frames))[:MOST_STRIPS]
    figure = new_figure(WIDTH_INCHES, STRIP_INCHES * len(found) + 0.8)
    for place, stretch in enumerate(found, 1):
        _draw_strip(figure.add_subplot(len(found), 1, place), comparison, AXES.index(axis), stretch)
    n_shown = sum(map(len, found))
    rest = "" if n_shown == len(comparison.frames) else f", the first {n_shown} of {len(comparison.frames)} frames"
    figure.suptitle(f"{axis.capitalize()} ({UP[axis]}){rest}; below: frame numbers, dotted: gaps", fontsize=11)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=6, fontsize=8)
    return save_png(figure, path)


def _draw_strip(axes: "Axes", comparison: Comparison, axis: int, stretch: range) -> None:
    frames, part = comparison.frames, slice(stretch.start, stretch.stop)
    at = np.flatnonzero(frames.is_start[part][1:]) + 1
    places = np.insert(np.arange(len(stretch), dtype=np.float64), at, np.nan)

    def line(values: np.ndarray, name: str, colour: str, width: float) -> None:
        axes.plot(places, np.insert(values, at, np.nan), color=colour, lw=width, label=name)

    line(frames.labels[part, axis], "driver", "#9aa6b2", 2.5)
    for place, one in enumerate(comparison.answers):
        line(one.predicted[part, axis], one.name, COLOURS[place % len(COLOURS)], 1.1)
    axes.set_ylim(-1.05, 1.05)
    axes.margins(x=0.0)
    axes.axhline(0.0, color=INK, lw=0.4)
    ticks = range(0, len(stretch), TICK_EVERY)
    axes.set_xticks(ticks, [str(frames.records[stretch[place]].index) for place in ticks], fontsize=8)
    axes.tick_params(axis="y", labelsize=8)
    for gap in at:
        axes.axvline(gap - 0.5, color=INK, lw=0.6, ls=":")
