"""Several tubs into one. Writes a new tub; pictures are copied byte for byte."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.tubs.records import joined
from copycar.tubs.tub import Tub
from copycar.tubs.work.copy_records import copy_records
from copycar.tubs.work.made import Made
from copycar.tubs.work.new_tub import new_tub


def merge(tubs: Sequence[Tub], path: Path, *, on_progress: OnProgress | None = None) -> Made:
    """Write the live frames of all tubs, one after the other, into one.

    Episodes stay apart; session names that several tubs use are given anew. Times are kept.

    Args:
        tubs: at least one.
        path: the new tub; must not exist.
        on_progress: is told (frames done, frames in all).

    Raises:
        CopycarError: pictures of different sizes, no live frame at all, or `path` exists or cannot be written.
    """
    records = joined(tub.records for tub in tubs)
    if not records:
        raise CopycarError("there are no frames to merge", "all of them are deleted", "restore some first")
    _check_sizes([tub for tub in tubs if tub.records])
    inputs = {key: kind for tub in reversed(tubs) for key, kind in tub.inputs.items()}
    with new_tub(path, inputs, {**common_metadata(tubs), "merged_from": [tub.path.name for tub in tubs]}) as new:
        copy_records(new, records, inputs, on_progress)
    return Made(path, len(records))


def common_metadata(tubs: Sequence[Tub]) -> dict[str, Any]:
    """Return the notes that all tubs agree on, such as the car's description."""
    first, *others = [tub.metadata for tub in tubs]
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}


def _check_sizes(tubs: Sequence[Tub]) -> None:
    sizes = {tub.image_size: tub.path for tub in reversed(tubs)}
    if len(sizes) > 1:
        listing = ", ".join(f"{path} has {width}x{height}" for (height, width), path in sizes.items())
        raise CopycarError("these tubs have pictures of different sizes", listing, "merge those of one size")
