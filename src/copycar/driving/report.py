"""What a drive was like, in numbers. Knows nothing of how they were measured."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

StoppedBy = Literal["laps", "seconds", "terminated", "truncated", "driver", "interrupted"]
"""Why a drive ended: so many laps or seconds were wanted; the environment said so; the driver left; Ctrl-C."""


@dataclass(frozen=True, slots=True)
class DriveReport:
    """One drive.

    Attributes:
        frames: ticks driven.
        laps: laps completed; None where the environment counts none.
        seconds: duration in the environment's time.
        rate_hz: ticks per second of the clock; None for less than one tick.
        jitter_ms: p50 and p95 of |tick interval - wanted interval|; None where no rate was wanted.
        late_ticks: ticks that began later than they were due.
        latency_ms: p50 and p95 of the driver's own time per decision.
        recorded: frames that the recording has from this drive.
        dropped: frames that the recorder had no room for.
        interrupted: whether Ctrl-C ended the drive.
        stopped_by: why it ended.
        watchdog_stops: how often the watchdog stopped the car.
    """

    frames: int
    laps: int | None
    seconds: float
    rate_hz: float | None
    jitter_ms: dict[str, float | None]
    late_ticks: int
    latency_ms: dict[str, float | None]
    recorded: int
    dropped: int
    interrupted: bool
    stopped_by: StoppedBy
    watchdog_stops: int

    def as_json(self) -> dict[str, Any]:
        """Return plain values for JSON, with the attributes' names."""
        return asdict(self)
