"""A classification report in the terminal: the confusion matrix and each class's figures."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table

from copycar.evaluation.classification import Classification

MOST_NAMED = 4
"""More classes than these are numbered above the matrix, and their figures come below it: a terminal is 80 wide."""

Columns = Sequence[tuple[str, Sequence[str]]]
"""Headings, and below each a text for every class."""


def classification_table(found: Classification, title: str = "") -> RenderableType:
    """Return what to print; rows are what is, columns what was said.

    Args:
        found: what `classify` returned.
        title: above it.
    """
    names = found.names
    if len(names) <= MOST_NAMED:
        return _table("is, said:", names, [*_matrix(found, names), *_figures(found)], title, _verdict(found))
    numbers = [str(place) for place in range(1, len(names) + 1)]
    numbered = [f"{number} {name}" for number, name in zip(numbers, names, strict=True)]
    matrix = _table("is, said:", numbers, _matrix(found, numbers), title)
    return Group(matrix, _table("class", numbered, _figures(found), caption=_verdict(found)))


def _table(corner: str, rows: Sequence[str], columns: Columns, title: str = "", caption: str = "") -> Table:
    table = Table(corner, title=title or None, caption=caption or None, box=SIMPLE_HEAD)
    for heading, _ in columns:
        table.add_column(heading, justify="right")
    for place, row in enumerate(rows):
        table.add_row(row, *(texts[place] for _, texts in columns))
    return table


def _matrix(found: Classification, headings: Sequence[str]) -> Columns:
    said = found.confusion.T.tolist()
    return [(heading, [str(count) for count in counts]) for heading, counts in zip(headings, said, strict=True)]


def _figures(found: Classification) -> Columns:
    shares = (("prec.", "precision"), ("recall", "recall"), ("F1", "f1"), ("1 vs rest", "one_vs_rest_accuracy"))
    columns = [(heading, [_percent(getattr(one, key)) for one in found.classes()]) for heading, key in shares]
    return [*columns, ("frames", [str(one.support) for one in found.classes()])]


def _verdict(found: Classification) -> str:
    constant = f"always saying {found.names[found.majority]}: {_percent(found.majority_accuracy)}"
    return f"{_percent(found.accuracy)} correct; {constant}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
