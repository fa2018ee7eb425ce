"""Where on the lap a record was made, as one of several places. Knows records; knows no networks and no tensors."""

from copycar.tubs.record import Record

LOCATION = "location"
"""The name of this answer in a policy."""

PROGRESS = "track/progress"
"""The share of the lap that is done, 0 … 1, as the built-in track records it."""


def place_by_progress(record: Record, n_places: int) -> str | None:
    """Return which of `n_places` equal parts of the lap it is, named "0", "1" …; None without a progress."""
    progress = record.values.get(PROGRESS)
    return str(min(int(progress * n_places), n_places - 1)) if isinstance(progress, float) else None
