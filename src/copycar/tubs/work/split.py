"""One recording into several tubs: training and validation, or one per episode. Copies byte for byte."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.tubs.new_folder import new_folder
from copycar.tubs.record import Record
from copycar.tubs.records import joined
from copycar.tubs.split import split_records
from copycar.tubs.tub import Tub
from copycar.tubs.work.copy_records import copy_records
from copycar.tubs.work.made import Made
from copycar.tubs.work.merge import common_metadata
from copycar.tubs.work.new_tub import new_tub

TRAIN, VALIDATION = "train", "validation"


def split_tubs(
    tubs: Sequence[Tub], path: Path, *, share: float = 0.2, seed: int = 0, on_progress: OnProgress | None = None
) -> list[Made]:
    """Write `path/train` and `path/validation`: whole episodes or contiguous blocks, twins on their parents' side.

    Args:
        tubs: one or several.
        path: a folder that does not exist yet; it appears when both tubs are whole.
        share: of validation frames, 0 … 1.
        seed: same seed, same split.
        on_progress: is told (frames done, frames in all).

    Raises:
        CopycarError: too few frames, an impossible share, or `path` exists or cannot be written.
    """
    records = joined(tub.records for tub in tubs)
    split = split_records(records, fraction=share, seed=seed)
    places = {TRAIN: split.train.tolist(), VALIDATION: split.validation.tolist()}
    parts = {name: [records[place] for place in chosen] for name, chosen in places.items()}
    return _write(parts, tubs, path, split.description, on_progress)


def split_by_episode(tubs: Sequence[Tub], path: Path, *, on_progress: OnProgress | None = None) -> list[Made]:
    """Write one tub per episode into `path`, numbered in order.

    Raises:
        CopycarError: there is no frame, or `path` exists or cannot be written.
    """
    episodes = [tub.records[episode.start : episode.stop] for tub in tubs for episode in tub.episodes]
    if not episodes:
        raise CopycarError("there are no frames to split", "all of them are deleted", "restore some first")
    digits = len(str(len(episodes) - 1))
    parts = {f"episode-{number:0{digits}d}": records for number, records in enumerate(episodes)}
    return _write(parts, tubs, path, "one tub per episode", on_progress)


def _write(
    parts: Mapping[str, Sequence[Record]], tubs: Sequence[Tub], path: Path, how: str, on_progress: OnProgress | None
) -> list[Made]:
    inputs = {key: kind for tub in reversed(tubs) for key, kind in tub.inputs.items()}
    notes = {**common_metadata(tubs), "split_from": [tub.path.name for tub in tubs], "split": how}
    total, before = sum(map(len, parts.values())), 0
    with new_folder(path) as folder:
        for name, records in parts.items():

            def tell(done: int, _: int, before: int = before) -> None:
                if on_progress:
                    on_progress(before + done, total)

            with new_tub(folder / name, inputs, notes) as new:
                copy_records(new, records, inputs, tell)
            before += len(records)
    return [Made(path / name, len(records), (how,)) for name, records in parts.items()]
