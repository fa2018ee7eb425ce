"""A classification report in the terminal: the confusion matrix and each class's figures, below it where it is wide."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table

from copycar.evaluation.classification import Classification
from copycar.evaluation.report.words import MOST_NAMED, headings

Columns = Sequence[tuple[str, Sequence[str]]]
"""Headings, and below each a text for every class."""


def classification_table(found: Classification, title: str = "") -> RenderableType:
    """Return what to print; rows are what is, columns what was said.

    Args:
        found: what `classify` returned.
        title: above it.
    """
    said, rows = headings(found.names)
    if len(rows) <= MOST_NAMED:
        return _table("truth", rows, [*_matrix(found, said), *_figures(found)], title, _verdict(found))
    matrix = _table("truth", said, _matrix(found, said), title)
    return Group(matrix, _table("class", rows, _figures(found), caption=_verdict(found)))


def _table(corner: str, rows: Sequence[str], columns: Columns, title: str = "", caption: str = "") -> Table:
    table = Table(corner, title=title or None, caption=caption or None, box=SIMPLE_HEAD, collapse_padding=True)
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
