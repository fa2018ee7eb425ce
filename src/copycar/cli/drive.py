"""`copycar drive`: one drive in an environment, recorded or not."""

from pathlib import Path
from typing import Any

from copycar.cli.output import log, print_json, progress, show
from copycar.core.vehicle import VEHICLE_KEY
from copycar.driving.loop import Tick
from copycar.driving.loop import drive as run_drive
from copycar.driving.make import make_driver
from copycar.driving.recorder import Recorder
from copycar.driving.report import DriveReport
from copycar.environments.make import make_environment
from copycar.tubs.write import TubWriter

BY_HAND = {"keyboard", "human"}
"""Drivers that are people: they need real time."""


def drive(
    environment: str,
    *,
    driver: str = "keyboard",
    record: Path | None = None,
    laps: int | None = None,
    seconds: float | None = None,
    noise: float = 0.0,
    start: float = 0.0,
    reverse: bool = False,
    rate: float | None = None,
    seed: int = 0,
    json: bool = False,
) -> None:
    """Drive an environment. Example: copycar drive oval --driver expert --laps 3 --record data.

    Args:
        environment: where; see `copycar environments`.
        driver: who: expert, keyboard, constant, or a policy file (*.onnx).
        record: tub to record into; new, or appended to.
        laps: stop after so many laps.
        seconds: stop after so many seconds of the environment's time.
        noise: push the car off its line now and then, 0 … 1, so that recoveries get recorded; labels stay clean.
        start: where on the lap to start, 0 … 1.
        reverse: drive the track the other way round.
        rate: ticks per second; default: real time for a keyboard, else as fast as the environment allows.
        seed: of the environment and the noise.
        json: print the result as one JSON object.
    """
    options = {"progress": start, "direction": -1 if reverse else 1} if start or reverse else {}
    report = drive_once(
        environment, driver, record=record, laps=laps, seconds=seconds, noise=noise, start=options, rate=rate, seed=seed
    )
    if json:
        print_json(report.as_json() | {"tub": str(record) if record else None})
    else:
        _show(report, record)
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
) -> DriveReport:
    """Drive with a progress bar and return the report; see `drive`."""
    place = make_environment(environment)
    try:
        who = make_driver(driver, place, noise=noise, seed=seed)
        recorder = Recorder(TubWriter(record, metadata=_about_the_car(place))) if record else None
        if driver in BY_HAND and rate is None:
            rate = float(place.metadata.get("render_fps", 20))
        with progress("frames") as bars:
            frames = bars.add_task(f"driving {environment}", total=None)

            def on_frame(tick: Tick) -> None:
                lap = tick.outcome.get("lap")
                bars.update(frames, advance=1, description=f"driving {environment}" + (f", lap {lap}" if lap else ""))

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


def _about_the_car(place: Any) -> dict[str, Any]:
    vehicle = getattr(place.unwrapped, "vehicle", None)
    return {VEHICLE_KEY: vehicle.as_json()} if vehicle else {}


def _show(report: DriveReport, record: Path | None) -> None:
    laps = "" if report.laps is None else f", {report.laps} laps"
    show.print(f"{report.frames} frames in {report.seconds:.1f} s{laps}; ended by: {report.stopped_by}")
    if report.rate_hz:
        jitter = report.jitter_ms.get("p95")
        steadiness = f", jitter p95 {jitter:.1f} ms" if jitter is not None else ""
        show.print(f"{report.rate_hz:.1f} frames/s{steadiness}, decision p95 {report.latency_ms['p95']:.2f} ms")
    if report.watchdog_stops:
        show.print(f"[red]the watchdog stopped the car {report.watchdog_stops} times: the loop hung[/]")
    if record:
        lost = f", [red]{report.dropped} lost (the disk is too slow)[/]" if report.dropped else ""
        show.print(f"recorded {report.recorded} frames into {record}{lost}")
        log.print(f"next: copycar tub info {record}   then: copycar train {record}")
