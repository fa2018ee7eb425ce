"""Several policies on the frames of one tub: what they say, where they look, where they disagree. Draws nothing.

Made for one visitor and kept while he looks; asking takes a while, so that it is done off the server's loop.
"""

import base64
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Image
from copycar.core.progress import OnProgress
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.explain.occlusion import EARLIER, occlusion_map, painted
from copycar.evaluation.offline.evaluate import Comparison, compare_offline
from copycar.tubs.jpeg import encode_jpeg

QUALITY = 88
MOST_POINTS = 1500
"""Of the chart: more than a screen has columns."""


@dataclass(frozen=True)
class Look:
    """One frame as everybody sees it.

    Attributes:
        number: of the frame in its tub.
        picture: JPEG, base64.
        driver: (steering, throttle) of the recording.
        said: (name, steering, throttle) of every policy.
    """

    number: int
    picture: str
    driver: tuple[float, float]
    said: list[tuple[str, float, float]]


class Bench:
    """The comparison.

    Args:
        policies: files, at least one.
        tub: folder.
        on_progress: called with (answers given, answers in all).

    Raises:
        CopycarError: as `compare_offline`.

    Attributes:
        comparison: all answers to all frames.
    """

    def __init__(self, policies: list[Path], tub: Path, on_progress: OnProgress) -> None:
        self.comparison: Comparison = compare_offline(policies, [tub], on_progress=on_progress)
        self._policies = [Policy.load(path) for path in policies]

    def __len__(self) -> int:
        return len(self.comparison.frames)

    def look(self, place: int) -> Look:
        """Return the frame at `place`, 0 … len - 1."""
        frames = self.comparison.frames
        said = [(one.name, *_action(one.predicted[place])) for one in self.comparison.answers]
        picture = _as_text(self._image(place))
        return Look(frames.records[place].index, picture, _action(frames.labels[place]), said)

    def heat(self, place: int) -> list[str]:
        """Return the picture of every policy with where it looks, JPEG, base64; about 100 questions to each."""
        shown = []
        for number, policy in enumerate(self._policies):
            inputs = self.comparison.frames.inputs(number)
            places = [*(self._places_before(place) if policy.remembered else ()), place]
            *before, asked = [
                {"image": self._image(one), **{name: rows[one] for name, rows in inputs.items()}} for one in places
            ]
            shown.append(_as_text(painted(asked["image"], occlusion_map(policy, asked, before=before))))
        return shown

    def disputed(self) -> list[tuple[int, int, float]]:
        """Return (place, number in the tub, how far apart) of the frames they disagree most about."""
        comparison = self.comparison
        return [
            (place, comparison.frames.records[place].index, float(comparison.spread[place]))
            for place in comparison.most_disputed()
        ]

    def curve(self) -> list[tuple[int, float]]:
        """Return (place, how far apart) over the whole tub: of each of at most `MOST_POINTS` stretches its largest."""
        spread = self.comparison.spread
        parts = np.array_split(np.arange(len(spread)), min(MOST_POINTS, len(spread)))
        highest = [int(part[spread[part].argmax()]) for part in parts]
        return [(place, round(float(spread[place]), 4)) for place in highest]

    def _places_before(self, place: int) -> range:
        start = place
        while start > max(0, place - EARLIER) and not self.comparison.frames.is_start[start]:
            start -= 1
        return range(start, place)

    def _image(self, place: int) -> Image:
        frames = self.comparison.frames
        image: Image = frames.data.images[frames.rows[place : place + 1]][0]
        return image


def _action(pair: NDArray[np.float32]) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])


def _as_text(image: Image) -> str:
    return base64.b64encode(encode_jpeg(image, QUALITY)).decode("ascii")
