"""Show a car how to drive: record, learn from the camera, prove that it drives, put it on the car.

Importing this package does nothing visible and loads nothing heavy: the names below arrive on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copycar.autcar.trainer import Trainer
    from copycar.driving.runtime.policy import Policy
    from copycar.environments.make import make_environment
    from copycar.learning.training import Training
    from copycar.tubs.tub import Tub

__version__ = "0.1.0"
__all__ = ["Policy", "Trainer", "Training", "Tub", "__version__", "make_environment"]

_HOME_OF = {
    "Policy": "copycar.driving.runtime.policy",
    "Trainer": "copycar.autcar.trainer",
    "Training": "copycar.learning.training",
    "Tub": "copycar.tubs.tub",
    "make_environment": "copycar.environments.make",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'copycar' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
