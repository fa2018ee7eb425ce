"""How the computer on the car feels: temperature, battery, room on its disk. What it does not tell is None."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

SYSTEM = Path("/sys/class")


@dataclass(frozen=True, slots=True)
class MachineHealth:
    """The computer.

    Attributes:
        temperature_c: of its hottest sensor, degrees Celsius.
        battery_pct: of its fullest battery, 0 … 100.
        disk_free_bytes: where the recordings are.
    """

    temperature_c: float | None
    battery_pct: float | None
    disk_free_bytes: int | None

    def as_json(self) -> dict[str, float | int | None]:
        """Return it as plain values."""
        return asdict(self)


def machine_health(folder: Path, system: Path = SYSTEM) -> MachineHealth:
    """Return how it feels now.

    Args:
        folder: of the recordings.
        system: Linux's sysfs: `thermal/thermal_zone*/temp` in thousandths of a degree and `power_supply/*/capacity` in
            percent (Documentation/ABI/testing/sysfs-class-thermal, sysfs-class-power).
    """
    temperatures = _numbers(system.glob("thermal/thermal_zone*/temp"))
    batteries = _numbers(system.glob("power_supply/*/capacity"))
    free = None
    with suppress(OSError):
        free = shutil.disk_usage(folder).free
    return MachineHealth(
        max(temperatures) / 1000 if temperatures else None, max(batteries) if batteries else None, free
    )


def _numbers(paths: Iterable[Path]) -> list[float]:
    found = []
    for path in paths:
        with suppress(OSError, ValueError):  # a sensor that is asleep answers with an error
            found.append(float(path.read_text("ascii")))
    return found
