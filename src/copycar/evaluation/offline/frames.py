"""The recorded frames that policies are asked about, chosen as their training chose them. Knows nothing of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.frame import Episode
from copycar.core.progress import OnProgress
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.evaluation.offline.reading import as_input, input_name, reads_of
from copycar.learning.dataset import DrivingData, load_driving_data
from copycar.tubs.episodes import find_episodes
from copycar.tubs.records import Records

Split = Literal["train", "validation", "all"]

VALIDATION_SHARE = 0.2
"""What training holds out unless told otherwise (`TrainSettings`, whose import would bring torch along)."""


@dataclass(frozen=True)
class RecordedFrames:
    """Some frames of some tubs, in order of recording.

    Attributes:
        data: everything in the tubs.
        rows: int64 (N,) positions in `data`, ascending.
        split: which frames these are.
    """

    data: DrivingData
    rows: NDArray[np.int64]
    split: str

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def labels(self) -> NDArray[np.float32]:
        """What the driver did: steering and throttle, float32 (N, 2)."""
        return self.data.labels[self.rows]

    @cached_property
    def previous(self) -> NDArray[np.float32]:
        """What the driver did one frame earlier, float32 (N, 2); NaN where an episode begins."""
        return self.data.previous[self.rows]

    @cached_property
    def records(self) -> Records:
        """What the tub says of each frame."""
        return self.data.images.records.take(self.rows)

    @cached_property
    def is_start(self) -> NDArray[np.bool_]:
        """Whether a frame does not directly follow the one before it among these, bool (N,): what memory ends here."""
        is_new = np.isnan(self.previous[:, 0])
        is_new[:1] = True
        is_new[1:] |= np.diff(self.rows) != 1
        return is_new

    @cached_property
    def episodes(self) -> list[Episode]:
        """Drives, as ranges of places among these frames."""
        return find_episodes(self.records)

    def inputs(self, place: int) -> dict[str, NDArray[np.float32]]:
        """Return what the policy at `place` is given besides pictures, float32 (N, k) by the name of its input."""
        mine = input_name(place, "")
        return {
            name.removeprefix(mine): as_input(column, self.data.columns[name][self.rows])
            for name, column in self.data.reads.inputs.items()
            if name.startswith(mine)
        }


def choose_frames(
    tubs: Sequence[str | Path],
    metadata: Sequence[PolicyMetadata],
    *,
    split: Split = "all",
    seed: int | None = None,
    on_progress: OnProgress | None = None,
) -> RecordedFrames:
    """Open the tubs and choose the frames that these policies are asked about.

    Args:
        tubs: folders or glob patterns.
        metadata: of the policies.
        split: "validation" are the frames that the policies' own training holds out, "train" those it learns from.
        seed: of the split; default: the one that the policies were trained with.
        on_progress: called with (frames decoded, frames in all).

    Raises:
        CopycarError: unknown split; no usable frame, or too few; policies that hold out different frames; or a sensor
            that a policy reads and no frame has. Frames without it are left out.
    """
    if split not in get_args(Split):
        raise CopycarError(f"unknown split {split!r}", fix=did_you_mean(split, get_args(Split)))
    choice = _common_choice(metadata, split, seed)
    data = load_driving_data(tubs, reads=reads_of(metadata), **choice, on_progress=on_progress)
    rows = {"train": data.train, "validation": data.validation, "all": np.arange(len(data.labels))}[split]
    return RecordedFrames(data, rows, split)


def _common_choice(metadata: Sequence[PolicyMetadata], split: Split, seed: int | None) -> dict[str, Any]:
    """Return how the training of all these policies chose and split its frames."""
    choices = [_choice(one, seed) for one in metadata]
    differing = sorted({key for choice in choices for key in choice if choice[key] != choices[0].get(key)})
    if not differing:
        return choices[0]
    if split != "all":
        raise CopycarError(
            f"these policies do not share a {split} split",
            f"they were trained with different {', '.join(differing)}",
            "use --split all, or evaluate them one by one",
        )
    return {"seed": seed or 0, "validation_share": VALIDATION_SHARE}  # every frame as it was recorded


def _choice(metadata: PolicyMetadata, seed: int | None) -> dict[str, Any]:
    usual: Mapping[str, Any] = {"seed": metadata.seed or 0, "validation_share": VALIDATION_SHARE}
    return {**usual, **metadata.data_choice} | ({} if seed is None else {"seed": seed})
