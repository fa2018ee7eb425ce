"""What a person can choose about a training. Knows nothing of how it is done."""

from typing import Any, Literal

from pydantic import Field

from copycar.core.config import Settings
from copycar.learning.augmentation import OFF, Augmentation

AUGMENTATIONS = {
    "off": OFF,
    "light": Augmentation(shift_m=0.08, turn_deg=3.0, brightness=0.12, contrast=0.12, colour=0.05),
    "strong": Augmentation(),
}


DATA_CHOICE = ("seed", "validation_share", "where", "every", "shift")
"""The settings that choose and split frames: a policy file carries them, so that an evaluation splits alike."""


class TrainSettings(Settings):
    """How to train."""

    type: str = "copycar"
    """Network: see `copycar networks`."""
    network: dict[str, Any] = Field(default={})
    """Options of the network, such as `--network.length 5`: see `copycar networks NAME`."""
    epochs: int | None = Field(default=None, ge=1)
    """Most passes over the training frames; by default enough for about 1,200 steps."""
    seed: int = Field(default=0, ge=0)
    """Of everything random: the same seed gives the same policy on the same machine."""
    batch_size: int = Field(default=64, ge=1)
    """Frames per step."""
    learning_rate: float | None = Field(default=None, gt=0)
    """Peak of the one-cycle schedule; by default the network's own."""
    weight_decay: float = Field(default=1e-4, ge=0)
    """Pull of the weights towards zero (AdamW)."""
    patience: int | None = Field(default=None, ge=1)
    """Stop early after so many epochs without a better score; by default the whole schedule is run."""
    validation_share: float = Field(default=0.2, gt=0, lt=1)
    """About which share of the frames is held out, as whole episodes or contiguous blocks."""
    where: str | None = None
    """Learn only from frames that fulfil this expression, such as `throttle > 0.1`."""
    every: int = Field(default=1, ge=1)
    """Learn from every n-th frame only."""
    shift: int = 0
    """Give every picture the label of so many frames later; `copycar tub check` says when that mends a lag."""
    resize: str | None = None
    """Scale frames to WIDTHxHEIGHT before the network; the policy still takes the camera's own frames."""
    augmentation: Literal["off", "light", "strong"] = "strong"
    """How far training frames are varied: mirror, light; shift and turn where the camera's mounting is known."""
    balance: float = Field(default=0.0, ge=0, le=1)
    """How much rare steering angles are favoured: 0 not at all, 1 until all are equally frequent."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """Numbers to compute with; `auto` takes bfloat16 where this machine is quicker with it."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute."""
    threads: int | None = Field(default=None, ge=1)
    """Processor threads; by default all cores, on the command line those that other programs leave free."""


USUAL_STEPS = 1200
"""Our network on a real tub of 5,015 frames: steering error 0.190 after 500, 0.180 after 750, 0.176 after 1,200."""


def enough_epochs(n_train: int, batch_size: int) -> int:
    """Return the epochs that make about `USUAL_STEPS` steps, 8 … 60."""
    steps_per_epoch = -(-n_train // batch_size)
    return min(60, max(8, round(USUAL_STEPS / steps_per_epoch)))
