"""How well things are followed: MOTA, identity switches, IDF1. Knows paths and truths; knows nothing of tracking.

MOTA = 1 - (missed + false + switches) / truths (Bernardin and Stiefelhagen 2008): a truth keeps its last track where
that is still near; otherwise pairs are made as in `metrics.match`, and a change of track is a switch. IDF1 (Ristani et
al. 2016): one track per identity for the whole sequence, chosen so that most detections agree.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from copycar.core.camera import Array
from copycar.ground.metrics import match, share
from copycar.ground.scene import Truth


@dataclass(frozen=True, slots=True)
class Followed:
    """Where tracks are at one moment.

    Attributes:
        points_m: (N, 2).
        ids: (N,).
    """

    points_m: Array
    ids: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrackScore:
    """Figures over a sequence; None of nothing.

    Attributes:
        mota, idf1: shares, 1 is perfect.
        n_switches: how often a truth changed its track.
        n_tracks, n_identities: how many tracks there are, and how many things.
    """

    mota: float | None
    idf1: float | None
    n_switches: int
    n_tracks: int
    n_identities: int

    def as_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


def score_tracks(truths: Sequence[Truth], followed: Sequence[Followed], distance_m: float) -> TrackScore:
    """Return the figures of tracks against truths, moment by moment."""
    last: dict[int, int] = {}
    n_switches = n_matched = 0
    for truth, tracks in zip(truths, followed, strict=True):
        for who, track in _paired(truth, tracks, last, distance_m).items():
            n_switches += who in last and last[who] != track
            n_matched += 1
            last[who] = track
    n_truths, n_followed = sum(len(truth) for truth in truths), sum(len(tracks.ids) for tracks in followed)
    errors = (n_truths - n_matched) + (n_followed - n_matched) + n_switches
    agreed = _agreed(truths, followed, distance_m)
    return TrackScore(
        mota=share(n_truths - errors, n_truths),
        idf1=share(2 * agreed, n_truths + n_followed),
        n_switches=n_switches,
        n_tracks=len({int(number) for tracks in followed for number in tracks.ids}),
        n_identities=len({int(who) for truth in truths for who in truth.ids}),
    )


def _paired(truth: Truth, tracks: Followed, last: dict[int, int], distance_m: float) -> dict[int, int]:
    """Return which track each truth has now; a pair of before stays while it is near enough."""
    place_of = {int(number): place for place, number in enumerate(tracks.ids)}
    pairs: dict[int, int] = {}
    for place, who in enumerate(truth.ids.tolist()):
        kept = place_of.get(last.get(who, -1))
        if kept is not None and np.hypot(*(tracks.points_m[kept] - truth.points_m[place])) <= distance_m:
            pairs[who] = int(tracks.ids[kept])
    free_truths = [place for place, who in enumerate(truth.ids.tolist()) if who not in pairs]
    free_tracks = [place for place, number in enumerate(tracks.ids.tolist()) if number not in pairs.values()]
    found = match(truth.points_m[free_truths], tracks.points_m[free_tracks], distance_m)
    for row, column in zip(found.truths.tolist(), found.found.tolist(), strict=True):
        pairs[int(truth.ids[free_truths[row]])] = int(tracks.ids[free_tracks[column]])
    return pairs


def _agreed(truths: Sequence[Truth], followed: Sequence[Followed], distance_m: float) -> int:
    """Return the moments that agree when every identity has one track: the best assignment of whole tracks."""
    people = sorted({int(who) for truth in truths for who in truth.ids})
    numbers = sorted({int(number) for tracks in followed for number in tracks.ids})
    together = np.zeros((len(people), len(numbers)), dtype=np.int64)
    for truth, tracks in zip(truths, followed, strict=True):
        near = np.linalg.norm(truth.points_m[:, None] - tracks.points_m[None], axis=-1) <= distance_m
        for row, column in np.argwhere(near).tolist():
            together[people.index(int(truth.ids[row])), numbers.index(int(tracks.ids[column]))] += 1
    rows, columns = linear_sum_assignment(together, maximize=True)
    return int(together[rows, columns].sum())
