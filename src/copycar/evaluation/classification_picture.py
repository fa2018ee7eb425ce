"""The confusion matrix and the figures of every class as one PNG picture. Needs matplotlib, of [train]."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from copycar.evaluation.classification import Classification, Floats
from copycar.learning.png_figure import new_figure, save_png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("precision", "recall", "F1", "frames", "one vs. rest")
_DARK = 0.55  # share of a row from which white letters are read better


def draw_classification(found: Classification, path: Path, *, title: str = "") -> Path:
    """Draw the confusion matrix (rows: what is, columns: what was answered) above a table of the classes.

    Args:
        found: what `classify` returned.
        path: the PNG file; its folder must exist.
        title: above it.

    Returns:
        `path`.

    Raises:
        CopycarError: matplotlib is missing, or `path` cannot be written.
    """
    k = len(found.names)
    side = 2.6 + 0.55 * k
    figure = new_figure(max(6.0, side + 1.0), side + 1.2 + 0.28 * k)
    above, below = figure.subplots(2, 1, height_ratios=[side, 0.8 + 0.28 * k])
    _draw_matrix(above, found)
    _draw_table(below, found)
    verdict = (
        f"{found.accuracy:.0%} correct; always answering {found.names[found.majority]}: {found.majority_accuracy:.0%}"
    )
    figure.suptitle(f"{title}\n{verdict}" if title else verdict, fontsize=11)
    return save_png(figure, path)


def _draw_matrix(axes: "Axes", found: Classification) -> None:
    shares = _shares_of_rows(found)
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    for row, counts in enumerate(found.confusion.tolist()):
        for column, count in enumerate(counts):
            colour = "white" if shares[row, column] > _DARK else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=9)
    places = range(len(found.names))
    axes.set_xticks(
        places, found.names, rotation=45 if len(places) > 4 else 0, ha="right" if len(places) > 4 else "center"
    )
    axes.set_yticks(places, found.names)
    axes.set_xlabel("answered")
    axes.set_ylabel("true class")


def _draw_table(axes: "Axes", found: Classification) -> None:
    axes.axis("off")
    axes.table(
        [_row(found, place) for place in range(len(found.names))],
        colLabels=COLUMNS,
        rowLabels=found.names,
        loc="center",
    )


def _row(found: Classification, place: int) -> Sequence[str]:
    one = found.classes()[place]
    shares = (one.precision, one.recall, one.f1)
    return [*map(_percent, shares), str(one.support), _percent(one.one_vs_rest_accuracy)]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _shares_of_rows(found: Classification) -> Floats:
    """Return of each row the share of every answer; zeros where a class does not occur."""
    totals = found.confusion.sum(axis=1, keepdims=True)
    shares: Floats = found.confusion / totals.clip(min=1)
    return shares
