"""`copycar drive`: one drive in an environment, recorded or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from copycar.cli.drive_web import check_options, drive_in_browser
from copycar.cli.numbers import Count, Natural, Positive, Seed, Share
from copycar.cli.output import log, print_json, progress, quoted, show, tell
from copycar.cli.preview import preview
from copycar.core.errors import CopycarError
from copycar.core.vehicle import VEHICLE_KEY
from copycar.driving.driver import Driver
from copycar.driving.environment import ability
from copycar.driving.hot_keys import HotKeyDriver
from copycar.driving.loop import Tick
from copycar.driving.loop import drive as run_drive
from copycar.driving.make import POLICY_SUFFIXES, make_driver, with_take_over
from copycar.driving.recorder import Recorder
from copycar.driving.report import DriveReport
from copycar.environments.make import is_single, make_environment
from copycar.tubs.write import TubWriter

BY_HAND = {"gamepad", "human", "keyboard"}
"""Drivers that are people: they need real time."""


def drive(
    environment: str,
    *,
    driver: str = "keyboard",
    record: Path | None = None,
    laps: Count | None = None,
    seconds: Positive | None = None,
    behavior: str | None = None,
    noise: Share = 0.0,
    start: Share = 0.0,
    reverse: bool = False,
    rate: Positive | None = None,
    seed: Seed = 0,
    web: bool = False,
    port: Natural = 8887,
    lan: bool = False,
    https: bool = False,
    take_over: bool = False,
    paused: bool = False,
    json: bool = False,
) -> None:
    """Drive an environment.

    Args:
        environment: where; see `copycar environments`.
        driver: who: expert, human (a gamepad, else the keyboard), gamepad, keyboard, constant, or a policy file
            (.onnx, .tflite).
        record: tub to record into; new, or appended to.
        laps: stop after so many laps.
        seconds: stop after so many seconds of the environment's time.
        behavior: for a policy that was trained on several behaviours, which one; default: the first.
        noise: push the car off its line now and then, 0 … 1, so that recoveries get recorded; labels stay clean.
        start: where on the lap to start, 0 … 1.
        reverse: drive the track the other way round.
        rate: ticks per second; default: real time where a person drives, else as fast as the environment allows.
        seed: of the environment and the noise.
        web: drive in a browser, by keys, touch, tilt or gamepad.
        port: of --web.
        lan: with --web, let other devices of this network in, by a link and a QR code.
        https: with --web, encrypt with a certificate that is made the first time; the tilt of a phone needs it.
        take_over: let a person with a gamepad take over while holding its left shoulder button.
        paused: record nothing until the key F8 is pressed; where the environment hears keys, F8 pauses and F9 stops.
        json: print the result as one JSON object.
    """
    if web:
        check_options(
            laps=laps, seconds=seconds, behavior=behavior, noise=noise, start=start, reverse=reverse, seed=seed
        )
        _conclude(
            drive_in_browser(environment, driver, record=record, rate=rate, port=port, lan=lan, https=https),
            record,
            json,
        )
        return
    options = {"progress": start, "direction": -1 if reverse else 1} if start or reverse else {}
    report = drive_once(
        environment,
        driver,
        record=record,
        laps=laps,
        seconds=seconds,
        noise=noise,
        start=options,
        rate=rate,
        seed=seed,
        behavior=behavior,
        take_over=take_over,
        paused=paused,
    )
    _conclude(report, record, json)
    if report.interrupted:
        raise KeyboardInterrupt


def drive_once(
    environment: str,
    driver: str,
    *,
    record: Path | None = None,
    laps: int | None = None,
    seconds: float | None = None,
    noise: float = 0.0,
    start: dict[str, Any] | None = None,
    rate: float | None = None,
    seed: int = 0,
    behavior: str | None = None,
    take_over: bool = False,
    paused: bool = False,
) -> DriveReport:
    """Drive with a progress bar and return the report; see `drive`.

    An environment whose camera can be chosen gets the size that a policy was trained with.
    """
    place = _place(environment, driver)
    try:
        who = make_driver(driver, place, noise=noise, seed=seed, behavior=behavior)
        if take_over:
            who = with_take_over(who)
        recorder = Recorder(TubWriter(record, metadata=_about_the_car(place))) if record else None
        who = _with_hot_keys(who, place, recorder, paused)
        if driver in BY_HAND and rate is None and not is_single(environment):
            rate = float(place.metadata.get("render_fps", 20))
        with _watching(environment, by_hand=driver in BY_HAND) as on_frame:
            return run_drive(
                place,
                who,
                recorder=recorder,
                rate_hz=rate,
                laps=laps,
                seconds=seconds,
                seed=seed,
                start=start,
                on_frame=on_frame,
            )
    finally:
        place.close()


@contextmanager
def _watching(environment: str, *, by_hand: bool) -> Iterator[Callable[[Tick], None]]:
    """Give what shows each tick: the camera's picture to somebody who drives by hand, else a counter."""
    if by_hand:
        with preview(_dashboard) as take:
            yield take
        return
    with progress("frames") as bars:
        frames = bars.add_task(f"driving {environment}", total=None)

        def count(tick: Tick) -> None:
            lap = tick.outcome.get("lap")
            bars.update(frames, advance=1, description=f"driving {environment}" + (f", lap {lap}" if lap else ""))

        yield count


def _with_hot_keys(who: Driver, place: Any, recorder: Recorder | None, paused: bool) -> Driver:
    keys = ability(place, "hot_keys")
    if keys is None:
        if paused:
            raise CopycarError("this environment hears no keys", fix="leave --paused out; Ctrl-C ends a drive")
        return who
    if recorder:
        recorder.is_paused = paused
    return HotKeyDriver(who, keys(), recorder, lambda is_paused: log.print("paused" if is_paused else "recording"))


def _dashboard(tick: Tick) -> str:
    action, info = tick.decision.action, tick.outcome
    speed = f"{info['speed_mps']:.1f} m/s  " if "speed_mps" in info else ""
    lap = f"lap {info['lap']}  " if "lap" in info else ""
    keys = "arrows or wasd, space stops, q ends"
    return f"steering {action.steering:+.2f}  throttle {action.throttle:+.2f}  {speed}{lap}{keys}"


def _place(environment: str, driver: str) -> Any:
    if not driver.lower().endswith(POLICY_SUFFIXES):
        return make_environment(environment)
    from copycar.evaluation.place import load_policy, make_place  # noqa: PLC0415 - onnxruntime: only who needs it waits

    return make_place(environment, {}, load_policy(driver))


def _about_the_car(place: Any) -> dict[str, Any]:
    vehicle = getattr(place.unwrapped, "vehicle", None)
    return {VEHICLE_KEY: vehicle.as_json()} if vehicle else {}


def _conclude(report: DriveReport | None, record: Path | None, json: bool) -> None:
    tub = {"tub": str(record) if record else None}
    if json:
        print_json((report.as_json() if report else {"frames": 0, "rate_hz": None, "laps": None}) | tub)
    elif report:
        _show(report, record)


def _show(report: DriveReport, record: Path | None) -> None:
    laps = "" if report.laps is None else f", {report.laps} laps"
    show.print(f"{report.frames} frames in {report.seconds:.1f} s{laps}; ended by: {report.stopped_by}")
    if report.rate_hz:
        jitter = report.jitter_ms.get("p95")
        steadiness = f", jitter p95 {jitter:.1f} ms" if jitter is not None else ""
        show.print(f"{report.rate_hz:.1f} frames/s{steadiness}, decision p95 {report.latency_ms['p95']:.2f} ms")
    if report.watchdog_stops:
        tell(show, f"the watchdog stopped the car {report.watchdog_stops} times: the loop hung", "red")
    if record:
        if report.dropped:
            tell(show, f"{report.dropped} frames were lost: the disk is too slow", "red")
        tell(show, f"recorded {report.recorded} frames into {record}")
        tub = quoted(record)
        tell(log, f"next: copycar tub info {tub}   then: copycar train {tub}")
