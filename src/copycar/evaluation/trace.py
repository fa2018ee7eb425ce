"""What happened in one trial, tick by tick. Knows nothing of how it is judged, drawn or driven.

Tick k holds the action that was executed and the world right after it. A number that the environment does not tell
is NaN, never 0.
"""

import io
import json
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.evaluation.trial import Trial

Array = NDArray[np.float64]

OFF_TRACK, SCENERY_HIT, CAR_HIT, WRONG_WAY, STUCK = "off-track", "scenery", "car", "wrong-way", "stuck"

LAPS_DONE, TIME_OVER, GIVEN_UP = "laps done", "time limit", "too many interventions"
ENVIRONMENT_ENDED, NO_RESCUE, STOPPED = "ended by the environment", "no rescue there", "stopped"


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """The road of a trial.

    Attributes:
        centre_m: (N, 2) closed centre line in the direction of driving, start line first; the last point joins the
            first.
        width_m: between the edges.
    """

    centre_m: Array
    width_m: float

    @property
    def length_m(self) -> float:
        """Metres of one lap."""
        return float(np.hypot(*(np.roll(self.centre_m, -1, axis=0) - self.centre_m).T).sum())


@dataclass(frozen=True, slots=True)
class Intervention:
    """A moment in which somebody would have had to help.

    Attributes:
        cause: "off-track", "scenery", "car", "wrong-way" or "stuck"; a key of the driving score's penalties.
        tick: index of the last tick before the help; the car then stands elsewhere.
        t_s: seconds since the start of the trial.
        x_m, y_m: where the car was.
        laps_driven: laps since the start, NaN where unknown.
    """

    cause: str
    tick: int
    t_s: float
    x_m: float
    y_m: float
    laps_driven: float


@dataclass(frozen=True, eq=False)
class Trace:
    """One trial, as arrays over its T ticks.

    Attributes:
        trial: what was to be driven.
        t_s: (T,) seconds since the start.
        position_m: (T, 2).
        heading_rad: (T,) counter-clockwise from +X.
        cross_track_error_m: (T,) positive = right of the centre line in the direction of driving.
        heading_error_rad: (T,) positive = pointing left of the tangent.
        speed_mps: (T,).
        steering, throttle: (T,) executed, -1 … 1.
        progress: (T,) 0 … 1 in the lap, in the direction of driving.
        laps_driven: (T,) laps since the start, fractional, negative backwards.
        latency_ms: (T,) frame in to action out, measured where it ran.
        interventions: in order.
        ended: why the trial was over.
        road: None where the environment does not tell.
        reward_total: the game's own score of the trial, without helps; None where it gives none.
    """

    trial: Trial
    t_s: Array
    position_m: Array
    heading_rad: Array
    cross_track_error_m: Array
    heading_error_rad: Array
    speed_mps: Array
    steering: Array
    throttle: Array
    progress: Array
    laps_driven: Array
    latency_ms: Array
    interventions: tuple[Intervention, ...] = ()
    ended: str = LAPS_DONE
    road: Road | None = None
    reward_total: float | None = None

    def __len__(self) -> int:
        return len(self.t_s)

    @property
    def duration_s(self) -> float:
        """Seconds from the start to the last tick; 0 for an empty trace."""
        return float(self.t_s[-1]) if len(self) else 0.0

    @cached_property
    def furthest_laps(self) -> float | None:
        """Laps driven at the furthest point, 0 or more; None where the environment does not tell the progress."""
        known = self.laps_driven[np.isfinite(self.laps_driven)]
        return max(0.0, float(known.max())) if len(known) else None

    @property
    def n_laps(self) -> int | None:
        """Whole laps driven; None where unknown."""
        return None if self.furthest_laps is None else int(self.furthest_laps + 1e-9)

    @property
    def is_clean(self) -> bool | None:
        """Whether every lap was driven without help; None where laps are unknown."""
        return None if self.n_laps is None else self.n_laps >= self.trial.laps and not self.interventions

    @property
    def is_joined(self) -> NDArray[np.bool_]:
        """(T - 1,) False between two ticks where the car was put elsewhere in between."""
        joined = np.ones(max(0, len(self) - 1), dtype=bool)
        moved = [event.tick for event in self.interventions if event.tick < len(joined)]
        joined[moved] = False
        return joined

    @cached_property
    def lap_ends_s(self) -> list[float]:
        """When each whole lap was finished, seconds since the start, between ticks by interpolation."""
        time = np.concatenate([[0.0], self.t_s])
        laps = np.concatenate([[0.0], self.laps_driven])
        return [_crossing(time, laps, float(lap)) for lap in range(1, (self.n_laps or 0) + 1)]

    def lap_times_s(self, *, only_clean: bool = False) -> list[float]:
        """Return the duration of each whole lap; with `only_clean` leave out laps in which help was needed."""
        ends = self.lap_ends_s
        spans = zip([0.0, *ends], ends, strict=False)
        helped = [event.t_s for event in self.interventions]
        return [stop - start for start, stop in spans if not only_clean or not _any_within(helped, start, stop)]


def save_trace(trace: Trace, path: Path) -> None:
    """Write `trace` as one `.npz` file, atomically."""
    about = {
        "trial": asdict(trace.trial),
        "interventions": [asdict(event) for event in trace.interventions],
        "ended": trace.ended,
        "road_width_m": trace.road.width_m if trace.road else None,
        "reward_total": trace.reward_total,
    }
    arrays = {name: getattr(trace, name) for name in _array_names()}
    if trace.road:
        arrays["road_centre_m"] = trace.road.centre_m
    buffer = io.BytesIO()
    np.savez_compressed(buffer, about=np.array(json.dumps(about)), **arrays)
    write_atomic(path, buffer.getvalue())


def load_trace(path: Path) -> Trace:
    """Read what `save_trace` wrote.

    Raises:
        CopycarError: no such file, or not a trace.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            return _from_arrays(dict(stored))
    except FileNotFoundError:
        raise CopycarError(f"no trace {path}", fix="check the path") from None
    except (ValueError, KeyError, TypeError) as error:
        raise CopycarError(f"{path} is not a trace", str(error), "evaluate again") from error


def _from_arrays(stored: dict[str, Any]) -> Trace:
    about = json.loads(str(stored["about"]))
    road = Road(stored["road_centre_m"], about["road_width_m"]) if "road_centre_m" in stored else None
    return Trace(
        trial=Trial(**about["trial"]),
        **{name: stored[name] for name in _array_names()},
        interventions=tuple(Intervention(**event) for event in about["interventions"]),
        ended=about["ended"],
        road=road,
        reward_total=about.get("reward_total"),
    )


def _array_names() -> list[str]:
    return [field.name for field in fields(Trace) if field.type is Array]


def _crossing(time: Array, laps: Array, lap: float) -> float:
    """Return when `laps` first reached `lap`, by linear interpolation between ticks."""
    after = int(np.argmax(laps >= lap - 1e-9))
    share = min(1.0, (lap - laps[after - 1]) / (laps[after] - laps[after - 1]))
    return float(time[after - 1] + share * (time[after] - time[after - 1]))


def _any_within(moments_s: list[float], start_s: float, stop_s: float) -> bool:
    return any(start_s < moment <= stop_s for moment in moments_s)
