"""Makes a driver by name. Knows the names; knows nothing of how anybody drives."""

from collections.abc import Callable

from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.registry import Registry
from copycar.driving.driver import Driver
from copycar.driving.drivers.noisy import NoisyDriver, ticks_per_second
from copycar.driving.environment import Environment

POLICY_SUFFIXES = (".onnx", ".tflite")

DriverFactory = Callable[[Environment], Driver]
"""Makes a driver for one environment."""

DRIVERS: Registry[DriverFactory] = Registry(
    "driver",
    "copycar.drivers",
    {
        "constant": "copycar.driving.drivers.constant:make",
        "expert": "copycar.driving.drivers.expert:make",
        "gamepad": "copycar.driving.drivers.gamepad:make",
        "human": "copycar.driving.drivers.gamepad:make_human",
        "keyboard": "copycar.driving.drivers.keyboard:make",
    },
)


def make_driver(
    name: str, environment: Environment, *, noise: float = 0.0, seed: int = 0, behavior: str | None = None
) -> Driver:
    """Return the driver called `name`, ready to drive `environment`.

    Args:
        name: a registered name (`DRIVERS.names()`), or the path of a policy file ending in `.onnx` or `.tflite`.
        environment: where it is going to drive.
        noise: 0 … 1, how far the executed steering is pushed away from what the driver wants, now and then, so that
            recoveries get recorded (see `copycar.driving.drivers.noisy`); 0 drives as the driver wants.
        seed: of the noise.
        behavior: for a policy that knows several, which; the first without it.

    Raises:
        CopycarError: unknown name, with the nearest known one; no or an unfit policy file; no expert there; noise out
            of range.
    """
    driver = _named(name, environment, behavior)
    if noise == 0.0:
        return driver
    return NoisyDriver(driver, noise, seed=seed, rate_hz=ticks_per_second(environment))


def with_take_over(driver: Driver) -> Driver:
    """Return `driver`, from whom a person with a gamepad takes over while holding a button."""
    from copycar.driving.drivers.gamepad import GamepadDriver, TakeOverDriver, usual_settings  # noqa: PLC0415 - pygame

    return TakeOverDriver(driver, GamepadDriver(settings=usual_settings()))


def _named(name: str, environment: Environment, behavior: str | None) -> Driver:
    if name.lower().endswith(POLICY_SUFFIXES):
        from copycar.driving.drivers.policy import load  # noqa: PLC0415 - onnxruntime: only who needs it waits

        return load(name, environment, behavior)
    if behavior is not None:
        raise CopycarError(f"the driver {name!r} has no behaviours", fix="name a policy file that was trained on some")
    if name not in DRIVERS:
        raise CopycarError(
            f"unknown driver {name!r}", fix=f"{did_you_mean(name, DRIVERS)}, or a policy file (.onnx, .tflite)"
        )
    return DRIVERS.get(name)(environment)
