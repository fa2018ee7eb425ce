"""What a person can choose about the training of a detector. Knows nothing of how it is done."""

from typing import Literal

from pydantic import Field

from copycar.core.config import Settings


class GroundSettings(Settings):
    """How to train a detector."""

    epochs: int | None = Field(default=None, ge=1)
    """Passes over the training frames; by default enough for about 1,000 steps."""
    seed: int = Field(default=0, ge=0)
    """Of everything random."""
    backbone: Literal["small", "large"] = "small"
    """Size of the network: `small` for processors, `large` for GPUs."""
    batch_size: int = Field(default=2, ge=1)
    """Moments per step, each with all its views."""
    learning_rate: float = Field(default=2e-3, gt=0)
    """Peak of the one-cycle schedule."""
    weight_decay: float = Field(default=1e-4, ge=0)
    """Pull of the weights towards zero (AdamW)."""
    width_px: int = Field(default=320, ge=32, le=4096)
    """Pictures are scaled down to this width."""
    cell_m: float | None = Field(default=None, gt=0)
    """Side of the ground's cells; by default half the matching distance, at most 0.1."""
    match_m: float | None = Field(default=None, gt=0)
    """A detection this near has found a thing; by default what the project says, else 0.5."""
    augmentation: Literal["off", "strong"] = "strong"
    """Whether views and ground are varied, and cameras left out, while training."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """Numbers to compute with; `auto` takes bfloat16 where this machine is quicker with it."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute."""
    threads: int | None = Field(default=None, ge=1)
    """Processor threads; by default all cores, on the command line those that other programs leave free."""


ENOUGH_STEPS = 1000


def enough_epochs(n_train: int, batch_size: int) -> int:
    """Return how many passes make about `ENOUGH_STEPS` steps, at least 4: the best is chosen of the last quarter.

    >>> enough_epochs(300, 2), enough_epochs(10_000, 2)
    (7, 4)
    """
    return max(4, round(ENOUGH_STEPS / max(1, -(-n_train // batch_size))))
