"""What a person can choose about a training. Knows nothing of how it is done."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from copycar.core.config import Settings
from copycar.core.mounting import CameraSettings, CarSettings, measured_vehicle
from copycar.core.vehicle import Vehicle
from copycar.learning.augment.settings import OFF, Augmentation
from copycar.learning.progress import ScheduleName

AUGMENTATIONS = {
    "off": OFF,
    "light": Augmentation(shift_m=0.08, turn_deg=3.0, brightness=0.12, contrast=0.12, colour=0.05),
    "strong": Augmentation(),
}
USUAL_AUGMENTATION: Literal["strong"] = "strong"

DATA_CHOICE = ("seed", "validation_share", "held_out", "where", "every", "shift")
"""The settings that choose and split frames: a policy file carries them, so that an evaluation splits alike."""


class TrainSettings(Settings):
    """How to train."""

    type: str = "copycar"
    """Network: see `copycar networks`; or one of your own, such as `my_net.py:Net`."""
    network: dict[str, Any] = Field(default={})
    """Options of the network, such as `--network.length 5`: see `copycar networks NAME`."""
    epochs: int | None = Field(default=None, ge=1)
    """Most passes over the training frames; by default enough for about 1,200 steps."""
    seed: int = Field(default=0, ge=0)
    """Of everything random: the same seed gives the same policy on the same machine."""
    batch_size: int = Field(default=64, ge=1)
    """Frames per step."""
    learning_rate: float | None = Field(default=None, gt=0)
    """Peak of the schedule; by default the network's own."""
    schedule: ScheduleName = "one-cycle"
    """How the learning rate goes: `one-cycle` (up, then down to nothing), `cosine` (down) or `constant`."""
    weight_decay: float = Field(default=1e-4, ge=0)
    """Pull of the weights towards zero (AdamW)."""
    clip: float | None = Field(default=None, gt=0)
    """Shorten gradients that are longer than this; by default none is."""
    ema: float = Field(default=0.0, ge=0, lt=1)
    """Judge and keep a running mean of the weights with this decay, such as 0.99; 0 keeps the weights themselves."""
    patience: int | None = Field(default=None, ge=1)
    """Stop early after so many epochs without a better score; by default the whole schedule is run."""
    freeze: int = Field(default=0, ge=0)
    """With `--transfer`: keep the weights of so many layers, counted from the picture, as they are."""
    validation_share: float = Field(default=0.2, gt=0, lt=1)
    """About which share of the frames is held out, as whole episodes or contiguous blocks."""
    held_out: Literal["even", "growing"] = "even"
    """Which frames are held out: `even`ly spread ones, or such that none changes sides when the tubs are `growing`."""
    where: str | None = None
    """Learn only from frames that fulfil this expression, such as `throttle > 0.1`."""
    every: int = Field(default=1, ge=1)
    """Learn from every n-th frame only."""
    shift: int = 0
    """Give every picture the label of so many frames later; `copycar tub check` says when that mends a lag."""
    resize: str | None = None
    """Scale frames to WIDTHxHEIGHT before the network; the policy still takes the camera's own frames."""
    pipeline: list[dict[str, Any]] = Field(default=[])
    """What is done to frames before the network, as tables of a settings file: see docs/pictures.md."""
    augmentation: Literal["off", "light", "strong"] = USUAL_AUGMENTATION
    """How far training frames are varied: mirror, light; shift and turn where the camera's mounting is known."""
    augment: Augmentation = AUGMENTATIONS[USUAL_AUGMENTATION]
    """The variations one by one; what is not given is as `augmentation` says."""
    camera: CameraSettings | None = None
    """How the camera is mounted, where the tub does not say."""
    car: CarSettings | None = None
    """How the car steers, where the tub does not say."""
    balance: float = Field(default=0.0, ge=0, le=1)
    """How much rare steering angles are favoured: 0 not at all, 1 until all are equally frequent."""
    balance_classes: float = Field(default=0.0, ge=0, le=1)
    """The same for what a network learns by name, such as commands: 0 not at all, 1 until all are equally frequent."""
    corrections: float = Field(default=1.0, gt=0)
    """How many times as often frames are drawn in which a human took over from a policy."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """Numbers to compute with; `auto` takes bfloat16 where this machine is quicker with it."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to compute."""
    threads: int | None = Field(default=None, ge=1)
    """Processor threads; by default all cores, on the command line those that other programs leave free."""
    workers: int = Field(default=1, ge=1)
    """Processes that share every batch; each keeps the frames in memory, and has `threads` of its own."""

    @property
    def vehicle(self) -> Vehicle | None:
        """The car that `camera` and `car` describe.

        Raises:
            CopycarError: only one of them is given.
        """
        return measured_vehicle(self.camera, self.car)

    @property
    def named(self) -> dict[str, Any]:
        """What somebody chose, by name; variations that `augmentation` implies are not among it."""
        implied = {"augment"} if self.augment == AUGMENTATIONS[self.augmentation] else set()
        return self.model_dump(include=self.model_fields_set - implied)

    def epochs_on(self, n_train: int) -> int:
        """Return how many epochs are trained at most on so many frames."""
        return self.epochs or enough_epochs(n_train, self.batch_size)

    def expected(self, n_frames: int) -> tuple[int, int]:
        """Return about how many epochs a training on so many frames takes, and from how many frames each learns."""
        n_train = round(n_frames / self.every * (1 - self.validation_share))
        return self.epochs_on(max(1, n_train)), n_train

    @model_validator(mode="before")
    @classmethod
    def _complete_augment(cls, values: Any) -> Any:
        """Lay the single variations over those of `augmentation`, so that a run keeps what was really done."""
        preset = AUGMENTATIONS.get(str(values.get("augmentation", USUAL_AUGMENTATION)))
        given = values.get("augment", {})
        if preset is None or not isinstance(given, Mapping):  # a name that is none is reported, a whole one stays
            return values
        return {**values, "augment": {**preset.model_dump(), **given}}

    @field_validator("pipeline", mode="before")
    @classmethod
    def _as_tables(cls, steps: Any) -> Any:
        """Take the operations themselves too. They need torch, so that they are made of the tables elsewhere."""
        if not isinstance(steps, list | tuple):
            return steps
        return [step.model_dump(exclude_none=True) if isinstance(step, Settings) else step for step in steps]


USUAL_STEPS = 1200
"""Our network on a real tub of 5,015 frames: steering error 0.190 after 500, 0.180 after 750, 0.176 after 1,200."""


def enough_epochs(n_train: int, batch_size: int) -> int:
    """Return the epochs that make about `USUAL_STEPS` steps, 8 … 60."""
    steps_per_epoch = -(-n_train // batch_size)
    return min(60, max(8, round(USUAL_STEPS / steps_per_epoch)))
