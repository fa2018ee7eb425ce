"""Delete the frames that fulfil an expression, as an edit that can be undone."""

from copycar.tubs.tub import Tub
from copycar.tubs.where import matches


def find(tub: Tub, expression: str) -> list[int]:
    """Return the numbers of the live frames that fulfil the expression, ascending; nothing is changed.

    Raises:
        CopycarError: the expression is none, or uses an unknown field.
    """
    fits = matches(tub.records, expression)
    return [record.index for record, is_hit in zip(tub.records, fits, strict=True) if is_hit]


def clean(tub: Tub, expression: str) -> list[int]:
    """Delete the frames that fulfil the expression; return their numbers. `Tub.undo` brings them back.

    Raises:
        CopycarError: as `find`, or the tub cannot be written.
    """
    found = find(tub, expression)
    if found:
        tub.delete(found, why=f"clean: {expression}")
    return found
