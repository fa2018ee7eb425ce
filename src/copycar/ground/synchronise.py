"""Which frame of each camera's footage was at the same moment: written down by somebody, or told by what moves.

Known offsets are MARMOT's `first_frame.json`. Unknown ones are where the motion of two cameras agrees best: the same
cars move on the same floor (or, where poses are not known, much moves at the same times). Every pair of cameras is
compared at all offsets, and the surest pairs join all cameras, so that two that see different floor need not agree;
then each is moved by some frames to agree with all others at once.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.files import write_json
from copycar.ground.layouts.json_file import read_json
from copycar.ground.layouts.project import CALIBRATIONS
from copycar.ground.motion import Motion

FIRST_FRAMES = "first_frame.json"

MOST_APART_S = 10.0
"""Between the starts of two cameras: somebody goes from one to the next and presses the button."""

LEAST_SHARED = 0.5
"""Share of the shorter footage that must overlap at an offset."""

SURE = 1.15
"""So much better than at every offset more than `BESIDE_S` away is sure; cars that go round agree again a lap later."""

BESIDE_S = 0.5

NEAR_FRAMES, ROUNDS = 3, 2
"""How far, and how often, every camera is moved to agree with all others at once."""


@dataclass(frozen=True, slots=True)
class Offsets:
    """When cameras began.

    Attributes:
        frames: by camera, the number of its frame at the common start; the smallest is 0.
        sureness: how much better they agree there than elsewhere, of the least sure camera; 1 is not at all.
    """

    frames: Mapping[str, int]
    sureness: float

    @property
    def is_sure(self) -> bool:
        """Whether they can be believed."""
        return self.sureness >= SURE


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two cameras agree.

    Attributes:
        lags: (L,) frame t of one is frame t + lag of the other.
        scores: (L,) more is better.
    """

    lags: NDArray[np.int64]
    scores: Array

    def at(self, lag: int) -> float:
        """Return the score of a lag; far below all where it was not looked at."""
        place = lag - int(self.lags[0])
        return float(self.scores[place]) if 0 <= place < len(self.scores) else -1e9

    def best(self, beside: float) -> tuple[float, int]:
        """Return how sure the best lag is, and the lag.

        Args:
            beside: lags that are nearer to the best one are no rivals.
        """
        place = int(np.argmax(self.scores))
        is_rival = np.abs(self.lags - self.lags[place]) > beside
        rival, score = float(self.scores[is_rival].max(initial=0.0)), float(self.scores[place])
        return (score / rival if rival > 0 and score > 0 else 1.0), int(self.lags[place])


def offsets_file(root: Path) -> Path:
    """Return the file that says them: `0-calibration/first_frame.json`."""
    return root / CALIBRATIONS.parent / FIRST_FRAMES


def read_offsets(root: Path, cameras: Sequence[str]) -> dict[str, int] | None:
    """Return the known offsets; None where there is no such file. A camera that it does not name has 0.

    Raises:
        CopycarError: the file is damaged, or names an unknown camera.
    """
    path = offsets_file(root)
    if not path.is_file():
        return None
    values = read_json(path)
    try:
        offsets = {str(name): int(value) for name, value in values.items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise CopycarError(f"{path} is damaged", json.dumps(values)[:60], 'write {"cam1": 12, "cam2": 0}') from error
    if unknown := sorted(set(offsets) - set(cameras)):
        raise CopycarError(
            f"{path} names {', '.join(unknown)}", f"the footage is of {', '.join(cameras)}", "rename or remove it"
        )
    if negative := [name for name, value in offsets.items() if value < 0]:
        raise CopycarError(f"{path}: {negative[0]} has a negative frame", fix="the first frame of a camera is 0")
    return {name: offsets.get(name, 0) for name in cameras}


def write_offsets(root: Path, offsets: Mapping[str, int]) -> None:
    """Write them down, for people to see and correct."""
    offsets_file(root).parent.mkdir(parents=True, exist_ok=True)
    write_json(offsets_file(root), dict(offsets))


def estimate_offsets(motions: Mapping[str, Motion], rate_hz: float) -> Offsets:
    """Return when cameras began, told by what moves.

    Args:
        motions: of every camera, two or more.
        rate_hz: frames per second of all of them.
    """
    agreements = {
        (one, other): _agreement(motions[one].maps, motions[other].maps, rate_hz)
        for one, other in combinations(motions, 2)
    }
    starts, sureness = _joined(list(motions), agreements, rate_hz)
    starts = _settled(starts, agreements)
    first = min(starts.values())
    return Offsets({name: start - first for name, start in starts.items()}, sureness)


def _joined(
    names: Sequence[str], agreements: Mapping[tuple[str, str], Agreement], rate_hz: float
) -> tuple[dict[str, int], float]:
    """Return starts by the surest pairs that join all cameras, and how sure the least sure of them is."""
    pairs = [(*agreement.best(BESIDE_S * rate_hz), *pair) for pair, agreement in agreements.items()]
    starts, sureness = {names[0]: 0}, float("inf")
    while len(starts) < len(names):
        sure, lag, one, other = max(pair for pair in pairs if (pair[2] in starts) != (pair[3] in starts))
        if one in starts:
            starts[other] = starts[one] + lag
        else:
            starts[one] = starts[other] - lag
        sureness = min(sureness, sure)
    return starts, sureness


def _settled(starts: dict[str, int], agreements: Mapping[tuple[str, str], Agreement]) -> dict[str, int]:
    """Return the starts, each moved by some frames to where its camera agrees best with all others together."""

    def agreed(name: str, start: int) -> float:
        tried = {**starts, name: start}
        return sum(
            agreement.at(tried[other] - tried[one])
            for (one, other), agreement in agreements.items()
            if name in (one, other)
        )

    for name in list(starts)[1:] * ROUNDS:
        near = range(starts[name] - NEAR_FRAMES, starts[name] + NEAR_FRAMES + 1)
        starts = {**starts, name: max(near, key=lambda start: agreed(name, start))}
    return starts


def _agreement(one: NDArray[np.float32], other: NDArray[np.float32], rate_hz: float) -> Agreement:
    """Return, for each lag, the mean product of both cameras' deviations from their means."""
    length = 2 ** int(np.ceil(np.log2(len(one) + len(other))))
    first, second = (np.fft.rfft(maps - maps.mean(axis=0), length, axis=0) for maps in (one, other))
    products = np.fft.irfft((first.conj() * second).sum(axis=1), length)
    shortest = min(len(one), len(other))
    most = min(round(MOST_APART_S * rate_hz), int(shortest * (1 - LEAST_SHARED)))
    lags = np.arange(-most, most + 1)
    shared = np.minimum(len(one), len(other) - lags) - np.maximum(0, -lags)
    return Agreement(lags, products[lags] / shared)
