"""Which settings a sweep tries, and within which bounds. Knows nothing of how they are chosen or judged."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from copycar.core.config import Settings, build
from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.toml import read_toml
from copycar.learning.settings import DATA_CHOICE, TrainSettings


class Dimension(Settings):
    """What one setting may be: anything from `low` to `high`, or one of `choices`."""

    low: float | None = None
    """Least value."""
    high: float | None = None
    """Greatest value."""
    log: bool = False
    """Whether 0.001 to 0.01 counts as much as 0.01 to 0.1."""
    whole: bool = False
    """Whether only whole numbers are tried."""
    choices: list[Any] = Field(default=[])
    """The values, where they are no range."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "Dimension":
        has_range = self.low is not None and self.high is not None
        if has_range == bool(self.choices):
            raise ValueError("give low and high, or choices")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError("low must be below high")
        if self.log and self.low is not None and self.low <= 0:
            raise ValueError("with log, low must be above 0")
        return self


Space = Mapping[str, Dimension]

USUAL_SPACE: Space = {
    "learning_rate": Dimension(low=3e-4, high=1e-2, log=True),
    "batch_size": Dimension(choices=[32, 64, 128]),
    "weight_decay": Dimension(low=1e-6, high=1e-2, log=True),
    "augmentation": Dimension(choices=["light", "strong"]),
    "balance": Dimension(low=0.0, high=1.0),
}
"""What a sweep tries unless told otherwise: a decade around our default of each."""


def read_space(path: Path) -> Space:
    """Read a space from TOML: one section per setting.

    Raises:
        CopycarError: no such file, no TOML, no such setting, a bad range, or a setting that changes which frames judge.
    """
    found = {name: build(Dimension, values, f"{path} [{name}]") for name, values in read_toml(path).items()}
    for name in found:
        if name not in TrainSettings.model_fields:
            raise CopycarError(f"{path}: no setting {name}", fix=did_you_mean(name, TrainSettings.model_fields))
        if name in DATA_CHOICE:
            raise CopycarError(
                f"{path}: {name} cannot be searched",
                "every trial must be judged on the same frames",
                f"remove [{name}]",
            )
    if not found:
        raise CopycarError(f"{path} names no setting to search", fix="[learning_rate], low = 3e-4, high = 1e-2")
    return found
