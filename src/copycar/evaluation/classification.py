"""How well classes are told apart: accuracy, precision, recall, F1 and the confusion matrix, beside a constant answer.

numpy only; knows nothing of policies. Definitions: Powers 2011, "Evaluation: from precision, recall and F-measure to
ROC, informedness, markedness and correlation". What is undefined is None, never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from copycar.core.errors import CopycarError

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClassFigures:
    """What is known about one class.

    Attributes:
        name: of the class.
        support: frames that are of this class.
        precision: share of the frames called so that are so; None where none was called so.
        recall: share of the frames that are so and were called so; None where none is so.
        f1: harmonic mean of both, 2 TP / (2 TP + FP + FN); None where the class neither occurs nor was called.
        one_vs_rest_accuracy: share of all frames on which "this class or not" was answered right. High for every rare
            class, whatever is answered: AutCar calls this figure "accuracy".
    """

    name: str
    support: int
    precision: float | None
    recall: float | None
    f1: float | None
    one_vs_rest_accuracy: float


@dataclass(frozen=True)
class Classification:
    """How well classes were told apart.

    Attributes:
        names: of the K classes.
        confusion: int64 (K, K) frames; rows are what is, columns what was answered.
        cost: float64 (K, K) cost of answering the column where the row is right; None where nothing was said of it.
    """

    names: tuple[str, ...]
    confusion: Counts
    cost: Floats | None = None

    @property
    def n(self) -> int:
        """Frames."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """Share of all frames that were answered right."""
        return float(np.trace(self.confusion)) / self.n

    @property
    def majority(self) -> int:
        """The class that occurs most, the best constant answer."""
        return int(self.confusion.sum(axis=1).argmax())

    @property
    def majority_accuracy(self) -> float:
        """Accuracy of always answering the majority class."""
        return float(self.confusion.sum(axis=1).max()) / self.n

    @property
    def mean_cost(self) -> float | None:
        """Average cost of an answer; None without a cost matrix."""
        return None if self.cost is None else float((self.confusion * self.cost).sum()) / self.n

    @property
    def constant_cost(self) -> float | None:
        """Average cost of the cheapest constant answer; None without a cost matrix."""
        return None if self.cost is None else float((self.confusion.sum(axis=1) @ self.cost).min()) / self.n

    def classes(self) -> list[ClassFigures]:
        """Return the figures of every class, in order."""
        return [self._class(place) for place in range(len(self.names))]

    def macro(self) -> dict[str, float | None]:
        """Return precision, recall and F1 averaged over the classes where each is defined, every class weighing equal.

        A class that is never answered has no precision, but an F1 of 0 if it occurs: look at F1 first.
        """
        classes = self.classes()
        return {name: _mean([getattr(one, name) for one in classes]) for name in ("precision", "recall", "f1")}

    def as_json(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "n": self.n,
            "accuracy": self.accuracy,
            "baseline_majority_class": self.names[self.majority],
            "baseline_majority_accuracy": self.majority_accuracy,
            "macro": self.macro(),
            "mean_cost": self.mean_cost,
            "baseline_constant_cost": self.constant_cost,
            "classes": [
                {
                    "name": one.name,
                    "support": one.support,
                    "precision": one.precision,
                    "recall": one.recall,
                    "f1": one.f1,
                    "one_vs_rest_accuracy": one.one_vs_rest_accuracy,
                }
                for one in self.classes()
            ],
            "confusion": self.confusion.tolist(),
        }

    def _class(self, place: int) -> ClassFigures:
        hits = int(self.confusion[place, place])
        support, answered = int(self.confusion[place].sum()), int(self.confusion[:, place].sum())
        wrong = support + answered - 2 * hits
        return ClassFigures(
            self.names[place],
            support,
            _share(hits, answered),
            _share(hits, support),
            _share(2 * hits, support + answered),
            1.0 - wrong / self.n,
        )


def classify(
    actual: ArrayLike, predicted: ArrayLike, names: Sequence[str], *, cost: ArrayLike | None = None
) -> Classification:
    """Compare answers with the truth.

    Args:
        actual: (N,) whole numbers 0 … K-1.
        predicted: (N,) whole numbers 0 … K-1, or (N, K) probabilities, of which the largest is the answer.
        names: of the K classes.
        cost: (K, K), at least 0: cost[i, j] of answering j where i is right, such as `distance_cost`.

    Raises:
        CopycarError: no frame, shapes that do not belong together, or a class that has no name.

    >>> found = classify([0, 0, 1, 2], [0, 1, 1, 2], ["left", "straight", "right"])
    >>> found.accuracy, found.classes()[1].precision
    (0.75, 0.5)
    """
    truth, answers, costs = np.asarray(actual), _answers(predicted), None if cost is None else np.asarray(cost, float)
    k = len(names)
    if not len(truth) or truth.shape != answers.shape or (costs is not None and costs.shape != (k, k)):
        raise CopycarError(
            f"cannot compare {answers.shape} answers with {truth.shape} labels of {k} classes",
            "there must be one answer per label, at least one, and a cost for every pair of classes",
        )
    if min(truth.min(), answers.min()) < 0 or max(truth.max(), answers.max()) >= k:
        raise CopycarError(f"a class is outside 0 … {k - 1}", f"there are {k} names", "name every class")
    confusion = np.bincount(truth * k + answers, minlength=k * k).reshape(k, k)
    return Classification(tuple(names), confusion.astype(np.int64), costs)


def distance_cost(places: Sequence[float]) -> Floats:
    """Return (K, K) costs for classes that lie on a line, such as the steering of each: how far the answer is off.

    Left for right costs twice as much as left for straight:

    >>> distance_cost([-1.0, 0.0, 1.0]).tolist()
    [[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.0]]
    """
    line = np.asarray(places, dtype=np.float64)
    return np.abs(line[:, None] - line[None, :])


def _answers(predicted: ArrayLike) -> NDArray[Any]:
    given = np.asarray(predicted)
    return given.argmax(axis=1) if given.ndim == 2 else given


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
