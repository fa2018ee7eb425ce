"""How well things are found on the ground: MODA, MODP, precision, recall, error in metres. Knows nothing of networks.

Per moment, detections and truths are matched one to one (Hungarian method): first as many pairs within `distance_m`
as possible, of these the ones with the smallest sum of distances. Over all moments then, with TP matched, FP unmatched
detections, FN unmatched truths:

    MODA = 1 - (FP + FN) / truths     MODP = mean over TP of (1 - distance / distance_m)

MODA and MODP after Kasturi et al., PAMI 2009 (the CLEAR metrics), on the ground as in WILDTRACK's evaluation, where
`distance_m` is 0.5. They obey MODA = recall (2 - 1 / precision). A moment without detections counts its misses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from copycar.core.camera import Array

FAR = 1e6
"""Costs more than any set of true pairs, so that a pair out of reach is made only where nothing is lost by it."""


class Pairs(NamedTuple):
    """Which rows belong together.

    Attributes:
        truths, found: (K,) row numbers.
        distances_m: (K,) of each pair.
    """

    truths: NDArray[np.int64]
    found: NDArray[np.int64]
    distances_m: Array


@dataclass(frozen=True, slots=True)
class DetectionScore:
    """Figures over all moments; None where nothing can be said.

    Attributes:
        moda, modp, precision, recall: shares, 1 is perfect; MODA is negative with more errors than truths.
        mean_error_m, p95_error_m: distance between matched detections and truths.
        n_truths, n_matched, n_false, n_missed: counts.
        n_moments: moments judged.
        distance_m: the matching distance.
    """

    moda: float | None
    modp: float | None
    precision: float | None
    recall: float | None
    mean_error_m: float | None
    p95_error_m: float | None
    n_truths: int
    n_matched: int
    n_false: int
    n_missed: int
    n_moments: int
    distance_m: float

    def as_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


def match(truths_m: Array, found_m: Array, distance_m: float) -> Pairs:
    """Pair truths (N, 2) with detections (M, 2) that are at most `distance_m` apart."""
    apart = np.linalg.norm(truths_m[:, None] - found_m[None], axis=-1)  # (N, M)
    rows, columns = linear_sum_assignment(np.where(apart <= distance_m, apart, FAR))
    distances = apart[rows, columns]
    is_near = distances <= distance_m
    return Pairs(rows[is_near], columns[is_near], distances[is_near])


def score_detections(moments: Iterable[tuple[Array, Array]], distance_m: float) -> DetectionScore:
    """Return the figures over moments of (truths (N, 2), detections (M, 2)), in metres."""
    n_truths = n_found = n_moments = 0
    distances: list[Array] = []
    for truths_m, found_m in moments:
        n_moments, n_truths, n_found = n_moments + 1, n_truths + len(truths_m), n_found + len(found_m)
        distances.append(match(truths_m, found_m, distance_m).distances_m)
    errors = np.concatenate(distances) if distances else np.zeros(0)
    matched = len(errors)
    false, missed = n_found - matched, n_truths - matched
    return DetectionScore(
        moda=share(n_truths - missed - false, n_truths),
        modp=share(float((1 - errors / distance_m).sum()), matched),
        precision=share(matched, n_found),
        recall=share(matched, n_truths),
        mean_error_m=float(errors.mean()) if matched else None,
        p95_error_m=float(np.percentile(errors, 95)) if matched else None,
        n_truths=n_truths,
        n_matched=matched,
        n_false=false,
        n_missed=missed,
        n_moments=n_moments,
        distance_m=distance_m,
    )


def best_threshold(
    scored: Sequence[tuple[Array, Array, Array]], distance_m: float, thresholds: Sequence[float]
) -> tuple[float, DetectionScore]:
    """Return the threshold with the highest MODA and its figures; of equal ones, the middle one.

    Args:
        scored: per moment truths (N, 2), detections (M, 2) and their confidences (M,).
        distance_m: the matching distance.
        thresholds: what to choose from, ascending.
    """
    scores = [
        score_detections([(truths, found[sure >= one]) for truths, found, sure in scored], distance_m)
        for one in thresholds
    ]
    modas = [-np.inf if score.moda is None else score.moda for score in scores]
    best = [place for place, moda in enumerate(modas) if moda == max(modas)]
    chosen = best[len(best) // 2]
    return thresholds[chosen], scores[chosen]


def share(part: float, whole: float) -> float | None:
    """Return part / whole; None of nothing.

    >>> share(3, 4), share(0, 0)
    (0.75, None)
    """
    return part / whole if whole else None
