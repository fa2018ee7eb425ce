"""Speed along the course as a picture, a line per car. Knows drives; knows nothing of tracking."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from copycar.ground.laps import SECTORS, Drive
from copycar.ground.plan import COLOURS
from copycar.learning.png_figure import new_figure, save_png
from copycar.tubs.doctor.verdict import many


def write_speed_picture(path: Path, drives: Sequence[Drive], length_m: float) -> None:
    """Draw the mean speed over the place on the course, a line per car; dashed lines part the sectors.

    Raises:
        CopycarError: matplotlib is missing, or `path` cannot be written.
    """
    figure = new_figure(9, 4)
    axes = figure.add_subplot()
    for drive in drives:
        colour = np.array(COLOURS[drive.number % len(COLOURS)]) / 255
        axes.plot(*drive.profile.T, color=colour, label=f"car {drive.number}: {many(len(drive.laps), 'lap')}")
    for sector in range(1, SECTORS):
        axes.axvline(length_m * sector / SECTORS, color="grey", linestyle="--", linewidth=0.8)
    axes.set(xlim=(0, length_m), xlabel="metres from the start line", ylabel="metres per second")
    axes.set_ylim(bottom=0)
    if drives:
        axes.legend(loc="lower right", fontsize="small")
    save_png(figure, path)
