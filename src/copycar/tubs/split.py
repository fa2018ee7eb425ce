"""Divide records into training and validation so that no frame is judged by its own neighbour.

Knows nothing of learning. Neighbouring frames are 50 ms apart and all but equal: a split by single frames measures
memory, not driving. So whole episodes are held back where there are enough of them, else a few contiguous blocks
spread over the recording, and the frames next to a validation block belong to neither side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.frame import Episode
from copycar.tubs.episodes import find_episodes, step_seconds
from copycar.tubs.record import Record
from copycar.tubs.records import Records, as_records
from copycar.tubs.split_growing import growing_blocks
from copycar.tubs.twins import parent_places

LEAST_RECORDS = 10  # below this there is nothing to hold back
LEAST_EPISODES = 5  # below this one odd drive would decide the validation
BLOCK = 100  # frames per validation block, about 5 s of driving: long enough to hold a whole bend
MOST_BLOCKS = 10
GAP_S = 1.0  # after one second a car has driven its own length several times
GAP_DEFAULT = 20  # one second at donkeycar's 20 Hz, where the recording tells no time
GAP_MOST = 1 / 50  # of all records, so that a short recording is not eaten up by its gaps

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Split:
    """Which records train and which validate.

    Attributes:
        train, validation: int64 places in the list that was split, ascending, without overlap.
        n_left_out: records between them that belong to neither.
        description: how it was done, in plain words.
    """

    train: Places
    validation: Places
    n_left_out: int
    description: str


def split_records(
    records: Sequence[Record], *, fraction: float = 0.2, seed: int = 0, is_growing: bool = False
) -> Split:
    """Split records, which may come from several tubs, one after the other.

    A copied or mirrored twin (`copycar.tubs.twins`) is always on its parent's side.

    Args:
        records: in the order of recording.
        fraction: share of validation frames to aim at, 0 … 1, both excluded.
        seed: same seed and records, same split.
        is_growing: hold frames back by their number alone, so that none changes sides when more are recorded.

    Raises:
        CopycarError: too few records, or `fraction` is out of range.
    """
    if not 0 < fraction < 1:
        raise CopycarError(f"a validation share of {fraction} is not possible", fix="choose one between 0 and 1")
    if len(records) < LEAST_RECORDS:
        raise CopycarError(
            f"{len(records)} frames cannot be divided into training and validation",
            f"at least {LEAST_RECORDS} are needed",
            "record more",
        )
    records = as_records(records)
    parents = parent_places(records)
    originals = np.flatnonzero(parents == np.arange(len(records)))
    if len(originals) == len(records):
        return _split_originals(records, fraction, seed, is_growing)
    split = _split_originals(records.take(originals), fraction, seed, is_growing)
    side = np.zeros(len(records), dtype=np.int8)
    side[originals[split.train]], side[originals[split.validation]] = 1, 2
    side = side[parents]
    words = f"{split.description}; {len(records) - len(originals)} copied or mirrored frames stay beside their parents"
    return Split(np.flatnonzero(side == 1), np.flatnonzero(side == 2), int((side == 0).sum()), words)


def _split_originals(records: Records, fraction: float, seed: int, is_growing: bool) -> Split:
    gap = gap_frames(records)
    held_back, words = _held_back(records, fraction, seed, is_growing)
    is_validation = np.zeros(len(records), dtype=bool)
    for part in held_back:
        is_validation[part.start : part.stop] = True
    is_left_out = _guard(records, is_validation, gap)
    train, validation = np.flatnonzero(~is_validation & ~is_left_out), np.flatnonzero(is_validation)
    if not len(train) or not len(validation):
        raise CopycarError(
            f"{len(records)} frames do not reach for both training and validation",
            f"whole blocks of {BLOCK} frame numbers are held back while a recording grows",
            "record more",
        )
    return Split(train, validation, int(is_left_out.sum()), words)


def _held_back(records: Records, fraction: float, seed: int, is_growing: bool) -> tuple[Sequence[Episode | range], str]:
    """Return the parts that validate, and how they were chosen, in words."""
    if is_growing:
        blocks = growing_blocks(records.numbers, fraction, seed)
        return blocks, _words_blocks(blocks, gap_frames(records)) if blocks else ""
    rng = np.random.default_rng(seed)
    episodes = find_episodes(records)
    if len(episodes) >= LEAST_EPISODES:
        taken = _some_episodes(episodes, fraction, rng)
        return taken, _words_episodes(taken, episodes)
    blocks = _blocks(len(records), fraction, rng)
    return blocks, _words_blocks(blocks, gap_frames(records))


def gap_frames(records: Sequence[Record]) -> int:
    """Return how many frames are left out on each side of a validation block: about a second, at least one."""
    steps_s = step_seconds(records)
    steps_s = steps_s[np.isfinite(steps_s) & (steps_s > 0)]
    second = round(GAP_S / float(np.median(steps_s))) if len(steps_s) else GAP_DEFAULT
    return max(1, min(second, int(len(records) * GAP_MOST)))


def _some_episodes(episodes: list[Episode], fraction: float, rng: np.random.Generator) -> list[Episode]:
    """Take episodes in random order as long as each brings the share nearer to `fraction`; at least the shortest."""
    target = fraction * sum(map(len, episodes))
    taken: list[Episode] = []
    n = 0
    for place in rng.permutation(len(episodes)):
        episode = episodes[place]
        leaves_one = len(taken) < len(episodes) - 1
        if leaves_one and abs(n + len(episode) - target) < abs(n - target):
            taken.append(episode)
            n += len(episode)
    taken = taken or [min(episodes, key=len)]
    return sorted(taken, key=lambda episode: episode.start)


def _blocks(n: int, fraction: float, rng: np.random.Generator) -> list[range]:
    """Cut the recording into equal stretches and hold back one block somewhere in each."""
    n_blocks = min(MOST_BLOCKS, max(1, round(n * fraction / BLOCK)))
    edges = np.linspace(0, n, n_blocks + 1).astype(int).tolist()
    blocks = []
    for start, stop in pairwise(edges):
        length = max(1, min(stop - start - 1, round((stop - start) * fraction)))
        first = int(rng.integers(start, stop - length + 1))
        blocks.append(range(first, first + length))
    return blocks


def _guard(records: Records, is_validation: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """Mark the training frames within `gap` frames of a validation frame, unless the two drives lie far apart."""
    is_left_out = np.zeros(len(records), dtype=bool)
    for place in (np.flatnonzero(np.diff(is_validation)) + 1).tolist():
        if _are_far_apart(records[place - 1], records[place]):
            continue
        before, after = slice(max(0, place - gap), place), slice(place, place + gap)
        is_left_out[after if is_validation[place - 1] else before] = True
    return is_left_out & ~is_validation


def _are_far_apart(before: Record, after: Record) -> bool:
    if before.image_path.parent != after.image_path.parent:
        return True
    if before.timestamp_ms is None or after.timestamp_ms is None:
        return False
    return abs(after.timestamp_ms - before.timestamp_ms) > GAP_S * 1000


def _words_episodes(held_back: Sequence[Episode | range], episodes: list[Episode]) -> str:
    return f"{len(held_back)} of {len(episodes)} episodes held back, {sum(map(len, held_back))} frames"


def _words_blocks(blocks: Sequence[Episode | range], gap: int) -> str:
    length = round(sum(map(len, blocks)) / len(blocks))
    name = "1 block" if len(blocks) == 1 else f"{len(blocks)} blocks"
    return f"{name} of about {length} frames held back, {gap} left out on both sides"
