"""What the motors get for an action: on a car what its calibration makes of it, elsewhere the action itself."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from copycar.core.frame import Action
from copycar.driving.environment import Environment, is_car

if TYPE_CHECKING:
    from copycar.driving.calibration import Calibrator


def to_motors(environment: Environment, calibrator: "Calibrator | None" = None) -> Callable[[Action], Action]:
    """Return what is to be done to every action, last of all.

    Args:
        environment: what is driven.
        calibrator: of the car; without one the `copycar.toml` of the current folder counts.

    Raises:
        CopycarError: as `Calibrator`, for a car alone.
    """
    if not is_car(environment):
        return lambda action: action
    from copycar.driving.calibration import FILE, Calibrator  # noqa: PLC0415 - pydantic: who has no car does without it

    return (calibrator or Calibrator(Path(FILE))).applied
