"""How a training went, as a picture: losses and errors over the epochs, beside the trivial guess.

Knows the lines of a run's `metrics.jsonl`; knows nothing of networks, tubs or run folders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.learning.png_figure import new_figure, save_png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOG_FROM = 10.0
"""A panel whose largest value is this many times its smallest is drawn on a logarithmic scale."""

FEW = 30
PANEL_INCHES = (4.4, 3.2)
_BLUE, _GREY, _GREEN = "#1f6feb", "#5c6773", "#1a7f4b"


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart over the epochs.

    Attributes:
        title: above it.
        lines: (key of an epoch or of its figures, label, colour, line style).
        marks_policy: whether the epoch that became the policy is circled on the first line.
    """

    title: str
    lines: tuple[tuple[str, str, str, str], ...]
    marks_policy: bool = True


PANELS = (
    Panel("Training loss", (("loss", "training loss", _BLUE, "-"),)),
    Panel("Validation score (lower is better)", (("score", "held-out frames", _BLUE, "-"),)),
    Panel(
        "Steering: mean absolute error",
        (
            ("steering_mae", "held-out frames", _BLUE, "-"),
            ("steering_baseline_mean_mae", "always guess the mean", _GREY, "--"),
        ),
    ),
    Panel("Learning rate", (("learning_rate", "learning rate", _BLUE, "-"),), marks_policy=False),
)


def draw_curves(history: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """Draw what a training's epochs brought, and return `path`.

    Args:
        history: one mapping per epoch, as `metrics.jsonl` holds them: `number`, `loss`, `is_best`, and `figures` with
            `score`, `steering_mae` and `steering_baseline_mean_mae`; `learning_rate` where it is known. What no epoch
            tells gets no panel, and an epoch that does not tell it leaves a gap.
        path: the PNG file; its folder must exist.

    Raises:
        CopycarError: there is nothing to draw, matplotlib is missing, or `path` cannot be written.
    """
    epochs = [{**line, **line.get("figures", {})} for line in history]
    panels = [panel for panel in PANELS if any(np.isfinite(_values(epochs, panel.lines[0][0])))]
    if not panels:
        raise CopycarError("there is no curve to draw", "no epoch was finished", "train for at least one epoch")
    columns = len(panels) if len(panels) < 4 else 2
    rows = -(-len(panels) // columns)
    figure = new_figure(PANEL_INCHES[0] * columns, PANEL_INCHES[1] * rows)
    for place, panel in enumerate(panels, 1):
        _draw(figure.add_subplot(rows, columns, place), panel, epochs)
    return save_png(figure, path)


def _draw(axes: "Axes", panel: Panel, epochs: Sequence[Mapping[str, Any]]) -> None:
    numbers = [float(epoch.get("number", place)) for place, epoch in enumerate(epochs, 1)]
    columns = {key: _values(epochs, key) for key, *_ in panel.lines}
    for key, label, colour, style in panel.lines:
        if np.isfinite(columns[key]).any():
            axes.plot(numbers, columns[key], style, color=colour, label=label, marker=_marker(epochs))
    if panel.marks_policy:
        _mark_policy(axes, numbers, columns[panel.lines[0][0]], epochs)
    axes.set_title(panel.title, fontsize=11)
    axes.set_xlabel("epoch")
    axes.locator_params(axis="x", integer=True)
    axes.grid(alpha=0.25)
    if _is_wide(np.concatenate(list(columns.values()))):
        axes.set_yscale("log")
    else:
        axes.set_ylim(0.0, 1.15 * max(float(np.nanmax(list(columns.values()))), 1e-9))
    axes.legend(fontsize=8)


def _marker(epochs: Sequence[object]) -> str:
    """Few epochs are dots on a line; one epoch is a dot, since a line of one point cannot be seen."""
    return "." if len(epochs) < FEW else ""


def _mark_policy(
    axes: "Axes", numbers: Sequence[float], values: NDArray[np.float64], epochs: Sequence[Mapping[str, Any]]
) -> None:
    """Circle the epoch whose weights the policy has: the last that was the best so far."""
    best = [place for place, epoch in enumerate(epochs) if epoch.get("is_best")]
    if best:
        axes.plot(
            numbers[best[-1]],
            values[best[-1]],
            "o",
            color=_GREEN,
            markersize=8,
            fillstyle="none",
            label="this epoch is the policy",
        )


def _values(epochs: Sequence[Mapping[str, Any]], key: str) -> NDArray[np.float64]:
    told = [epoch.get(key) for epoch in epochs]
    return np.array([np.nan if value is None else float(value) for value in told], dtype=np.float64)


def _is_wide(values: NDArray[np.float64]) -> bool:
    known = values[np.isfinite(values)]
    return bool(known.min() > 0 and known.max() / known.min() >= LOG_FROM)
