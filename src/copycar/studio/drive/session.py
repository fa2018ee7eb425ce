"""One drive after the other, on a thread of its own, and what the page may ask of it.

It joins what other rooms give: the drive loop, a shared wheel, a switched recorder. Knows nothing of sockets and pages.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from copycar.core.clock import Clock, RealClock
from copycar.core.errors import CopycarError
from copycar.core.frame import IS_CORRECTION, Action, Decision, Info, Observation
from copycar.driving.calibration import FILE, Calibrator
from copycar.driving.driver import Driver
from copycar.driving.drivers.policy import PolicyDriver
from copycar.driving.drivers.shared import SharedDriver
from copycar.driving.environment import is_car
from copycar.driving.loop import drive
from copycar.driving.make import make_driver
from copycar.driving.motors import to_motors
from copycar.driving.recorder import Recorder
from copycar.driving.report import DriveReport
from copycar.driving.runtime.policy import Policy
from copycar.driving.stopping_time import StoppingTime
from copycar.driving.switched_recorder import BEHAVIOR, SwitchedRecorder
from copycar.environments.make import is_built_in_track, make_environment
from copycar.evaluation.place import make_place
from copycar.studio.drive.pictures import Pictures
from copycar.studio.error_page import in_words
from copycar.studio.workplace import Workplace
from copycar.tubs.write import TubWriter

log = logging.getLogger("copycar.studio")

USUAL_RATE_HZ = 20.0
EXPERT = "expert"
"""The environment's own demonstrator, chosen as a policy is."""

SHOWN_INFO = ("speed_mps", "lap", "lap_time_s", "progress", "is_off_track", "cross_track_error_m", "heading_error_rad")
"""What of an environment's `info` the page shows, where it is told."""


class DriveSession:
    """What is driven now. Its methods may be called from any thread; those that take a while say so.

    Args:
        workplace: where policies and tubs are.
        on_change: called, from any thread, whenever there is something new to show.
        clock: time.

    Attributes:
        pictures: the newest picture.
        driver: the shared wheel.
        calibrator: the calibration of the workplace's `copycar.toml`.
        to_motors: what the motors get for an action: calibrated where a car is driven.
        stopping_time: how long the car drove on when its driver was gone.
        recorder: the switch of the recording.
        phase: "idle", "starting", "driving" or "ended".
        environment: name of the place.
        policy: name of the policy that rides along; "" for none.
        tub: name of the tub that is recorded into; "" for none.
        message: (what, why, fix) of the latest failure; None once it is closed.
        report: of the latest drive that ended.
    """

    def __init__(self, workplace: Workplace, on_change: Callable[[], None], clock: Clock | None = None) -> None:
        self._clock = clock or RealClock()
        self._changed, self._workplace = on_change, workplace
        self._thread: threading.Thread | None = None
        self._policy: Policy | None = None
        self._place: Any = None
        self._seen: tuple[Observation, Info] | None = None
        self._rate_hz = USUAL_RATE_HZ
        self.pictures = Pictures(self._clock)
        self.calibrator = Calibrator(workplace.root / FILE)
        self.to_motors: Callable[[Action], Action] = self.calibrator.applied
        self.driver = SharedDriver(self._clock, on_decision=self._show)
        self.stopping_time = StoppingTime(self.driver.hand, self._clock)
        self.recorder = SwitchedRecorder(lambda: self.driver.controls.behavior)
        self.phase, self.environment, self.policy, self.tub = "idle", "", "", ""
        self.message: tuple[str, str, str] | None = None
        self.report: DriveReport | None = None

    def start(self, environment: str, rate_hz: float | None = None, record: str = "") -> None:
        """Drive at another place, from its start; waits for a running drive to end.

        Args:
            environment: its name, see `copycar environments`.
            rate_hz: pictures per second, where the built-in track is asked for.
            record: tub to record into from the first frame on; "" for none.
        """
        self.end()
        self.driver.stay()
        self.environment, self.phase, self.message = environment, "starting", None
        self.pictures.latest, self.stopping_time.latest_ms = None, None
        self.driver.change(is_stopped=False, mode="manual")
        options = {"rate_hz": rate_hz} if rate_hz and is_built_in_track(environment) else {}
        work = (environment, options, record)
        self._thread = threading.Thread(target=self._run, args=work, name="copycar-drive", daemon=True)
        self._thread.start()
        self._changed()

    def end(self) -> None:
        """End the drive: the car is stopped and the recording closed when this returns."""
        self.driver.leave()
        if self._thread:
            self._thread.join()
        self._thread = None

    def choose_policy(self, name: str) -> None:
        """Load another policy and let it ride along from the next tick on. Takes a moment.

        Args:
            name: of a policy file, "expert", or "" for none.

        Raises:
            CopycarError: no such policy, or it does not fit this place; the old one stays.
        """
        if self.phase == "starting":
            raise CopycarError("the drive is just starting", fix="choose the policy again in a moment")
        policy = Policy.load(self._workplace.path(name)) if name not in ("", EXPERT) else None
        place, seen = self._place, self._seen
        rider = self._rider(name, policy, place) if place is not None else None
        if policy and rider and seen:
            check_size(name, policy, seen[0])
            rider.act(*seen)  # what it lacks (a sensor) shows now, and not at the wheel
        self._policy, self.policy = policy, name
        self.driver.swap(rider)
        self.choose_behavior(self.driver.controls.behavior)

    def choose_behavior(self, name: str) -> None:
        """Declare a behaviour: it is recorded, and a policy that knows it drives by it."""
        for input_name, names in self._choices().items():
            if name in names and self._policy:
                self._policy.choose(input_name, name)
        self.driver.change(behavior=name)

    def record(self, when: str, tub: str) -> None:
        """Record on, off or with the throttle; another tub is opened first, which takes a moment.

        Raises:
            CopycarError: no drive, or nothing can be recorded there.
        """
        if when != "off" and self.phase != "driving":
            raise CopycarError("there is no drive to record", fix="start one first")
        if when != "off" and (tub != self.tub or not self.recorder.is_open):
            self._open(tub)
        self.recorder.switch(when)

    def erase(self, seconds: float) -> None:
        """Delete the last seconds of the recording; `copycar tub undo` brings them back."""
        self.recorder.erase_last(round(max(0.0, seconds) * self._rate_hz))

    @property
    def is_calibrated(self) -> bool | None:
        """Whether the calibration counts where it drives now, which is on cars alone; None while nothing is driven."""
        place = self._place
        return is_car(place) if place is not None else None

    def policy_latency_ms(self) -> dict[str, float | None] | None:
        """Return how long the policy's latest decisions took, p50 and p95; None where none is chosen."""
        return self._policy.latency_ms() if self._policy else None

    def state(self) -> dict[str, Any]:
        """Return all that the page shows besides pictures, as plain values."""
        return {
            "phase": self.phase,
            "environment": self.environment,
            "policy": self.policy,
            "behaviors": [name for names in self._choices().values() for name in names],
            "controls": asdict(self.driver.controls),
            "recording": self._recording(),
            "stood_after_ms": self.stopping_time.latest_ms,
            "message": self.message,
        }

    def _recording(self) -> dict[str, Any]:
        failure = self.recorder.failure
        return {
            "when": self.recorder.when,
            "tub": self.tub,
            "dropped": self.recorder.dropped,
            "failure": in_words(failure) if failure else None,
        }

    def _open(self, tub: str) -> None:
        if not tub.strip():
            raise CopycarError("the recording needs a name", fix="type one, such as data/monday")
        extras = {IS_CORRECTION: "boolean", BEHAVIOR: "str"}
        self.recorder.open(Recorder(TubWriter(self._workplace.path(tub.strip()), extras=extras)))
        self.tub = tub.strip()

    def _run(self, environment: str, options: dict[str, Any], record: str) -> None:
        """Drive once; the outermost edge of the thread."""
        place = None
        try:
            place = self._made(environment, options)
            self._rate_hz = float((place.metadata or {}).get("render_fps") or USUAL_RATE_HZ)
            self.driver.swap(self._rider(self.policy, self._policy, place))
            self._place = place
            if record:
                self._open(record)
                self.recorder.switch("on")
            self.to_motors = to_motors(place, self.calibrator)
            self.report = drive(
                place, self.driver, recorder=self.recorder, rate_hz=self._rate_hz, adjust=self._last_door
            )
        except Exception as error:
            if not isinstance(error, CopycarError):
                log.exception("the drive failed")
            self.message = in_words(error)
        finally:
            self._place, self._seen, self.phase = None, None, "ended"
            if place is not None:
                place.close()
            self._changed()

    def _last_door(self, action: Action) -> Action:
        """Return what the motors get, in every tick right before they get it."""
        if self.driver.must_stand():  # since it was decided, a picture was encoded: the driver may have gone meanwhile
            action = action._replace(throttle=0.0)
        info = self._seen[1] if self._seen else {}
        self.stopping_time.note(action.throttle, 1 / self._rate_hz if "sim_time_s" in info else None)
        return self.to_motors(action)

    def _made(self, environment: str, options: dict[str, Any]) -> Any:
        """Return the place; the built-in track gets the camera of the policy that is chosen."""
        if self._policy:
            return make_place(environment, options, self._policy)
        return make_environment(environment, **options)

    def _rider(self, name: str, policy: Policy | None, place: Any) -> Driver | None:
        if name == EXPERT:
            return make_driver(EXPERT, place)
        return PolicyDriver(policy) if policy else None

    def _choices(self) -> dict[str, list[str]]:
        return self._policy.choices if self._policy else {}

    def _show(self, observation: Observation, info: Info, decision: Decision) -> None:
        self._seen, self.phase = (observation, info), "driving"
        shared = self.driver.shared
        header = {
            "human": shared.human,
            "policy": shared.policy,
            "action": decision.action,
            "source": shared.source,
            "answers": shared.number,
            "recorded": self.recorder.recorded,
            "told": {name: plain(info[name]) for name in SHOWN_INFO if info.get(name) is not None},
        }
        self.pictures.show(observation["image"], header, float(info.get("frame_age_s", 0.0)))
        self._changed()


def check_size(name: str, policy: Policy, observation: Observation) -> None:
    """Make sure that a policy takes what this camera gives.

    Raises:
        CopycarError: it was trained on another size.
    """
    given, (height, width) = observation["image"].shape, policy.image_size
    if given != (height, width, 3):
        raise CopycarError(
            f"{name} takes {width}x{height} pictures, and this camera gives {given[1]}x{given[0]}",
            "a policy drives with the camera size that it was trained with",
            "end the drive, choose the policy, start again: the built-in track then gets its camera",
        )


def plain(value: Any) -> float | bool:
    """Return a number of any kind as Python's own."""
    number: float | bool = value.item() if hasattr(value, "item") else value
    return number
