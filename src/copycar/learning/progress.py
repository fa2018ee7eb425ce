"""What a training plans to do, and how far it has come. Knows nothing of networks, data or files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ScheduleName = Literal["one-cycle", "cosine", "constant"]

Figures = Mapping[str, float]
"""Named numbers of one validation; `"score"` is there always, and lower is better."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard to train.

    Attributes:
        epochs: most passes over the training frames.
        learning_rate: peak of the schedule.
        weight_decay: AdamW's decoupled decay.
        patience: epochs without a better score before stopping early; None runs them all. The schedule ends with
            small steps, which is where most of the score is won, so stopping before them seldom pays.
        batch_size: samples per step.
        seed: of dropout, and of everything the task draws.
        schedule: how the learning rate rises and falls (`copycar.learning.optimiser`).
        clip: longest gradient of a step; longer ones are shortened to it. None leaves them.
        ema: decay of the running mean of the weights that is judged and kept; 0 keeps the weights themselves.
    """

    epochs: int
    learning_rate: float
    weight_decay: float
    patience: int | None
    batch_size: int
    seed: int
    schedule: ScheduleName = "one-cycle"
    clip: float | None = None
    ema: float = 0.0


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one epoch brought.

    Attributes:
        number: counted from 1.
        loss: mean training loss.
        images_per_s: training throughput of this epoch.
        seconds: wall time with validation.
        figures: validation figures, with `"score"` (lower is better).
        is_best: whether no earlier epoch scored better.
        learning_rate: of its last step.
    """

    number: int
    loss: float
    images_per_s: float
    seconds: float
    figures: Figures
    is_best: bool
    learning_rate: float


@dataclass(slots=True)
class Progress:
    """Where a training is; saved after every epoch beside the weights.

    Attributes:
        epoch: finished ones.
        steps: taken so far.
        best_epoch, best_score: what `best.pt` holds.
        history: every finished epoch, as logged.
    """

    epoch: int = 0
    steps: int = 0
    best_epoch: int = 0
    best_score: float = float("inf")
    history: list[dict[str, Any]] = field(default_factory=list)
