"""Films one trial as an mp4 that every browser plays. Knows nothing of pages."""

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import simplejpeg

from copycar.core.errors import CopycarError, require
from copycar.core.frame import Image
from copycar.driving.loop import Tick, drive
from copycar.environments.make import is_built_in_track
from copycar.evaluation.film_picture import HEIGHT, OUTSIDE_HEIGHT, OUTSIDE_WIDTH, WIDTH, Readings, film_picture
from copycar.evaluation.place import load_policy, make_driver_for, make_place
from copycar.evaluation.referee import Referee
from copycar.evaluation.trial import Trial
from copycar.tubs.film import film_writer

RATE_HZ = 20
_QUALITY = 32
"""x264's constant rate factor: 23 is its default, 6 more halve the size. At 32, 30 s of a track are 2.5 MB."""

_HELP_SHOWN_S = 0.7


def film_trial(
    driver: str | Path, trial: Trial, path: Path, *, options: Mapping[str, Any] | None = None, max_s: float = 40.0
) -> Path:
    """Drive `trial` again, refereed as in the evaluation, and write what happens to `path` (`.mp4`).

    Args:
        driver: a policy file or the name of a registered driver.
        trial: usually one that was evaluated; the same seed drives the same trial.
        path: the file; its folder must exist.
        options: for `make_environment`.
        max_s: the film ends then, in the environment's time.

    Raises:
        CopycarError: as `evaluate_rollout`; or the extra [sim], which brings the encoder, is missing.
        KeyboardInterrupt: Ctrl-C; no film is left behind.
    """
    policy = load_policy(str(driver))
    environment = make_place(trial.environment, _with_camera(trial.environment, options or {}), policy)
    referee = Referee(environment, trial)
    try:
        with film(path) as add:
            report = drive(
                referee,
                make_driver_for(str(driver), environment, policy),
                seconds=max_s,
                seed=trial.seed,
                start=referee.start,
                on_frame=lambda tick: add(_picture(tick, environment.render(), referee)),
            )
            if report.interrupted:
                raise KeyboardInterrupt
    finally:
        environment.close()
    return path


def film(path: Path) -> AbstractContextManager[Callable[[Image], None]]:
    """Give a function that adds one picture, uint8 (360, 800, 3); see `copycar.tubs.film.film_writer`."""
    return film_writer(path, (HEIGHT, WIDTH), RATE_HZ, quality=_QUALITY, preset="fast")


def poster_jpeg(path: Path) -> bytes:
    """Return the picture a third into the film, as JPEG.

    Raises:
        CopycarError: the extra [sim] is missing, or this is no film.
    """
    av = require("av", "sim")
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            wanted = max(1, stream.frames // 3)
            frame = next(frame for place, frame in enumerate(container.decode(stream), 1) if place >= wanted)
    except (OSError, IndexError, StopIteration, ValueError) as error:
        raise CopycarError(f"{path} is not a film", str(error)) from error
    return bytes(simplejpeg.encode_jpeg(frame.to_ndarray(format="rgb24"), quality=80))


def _with_camera(environment: str, options: Mapping[str, Any]) -> dict[str, Any]:
    size = {"film_width": OUTSIDE_WIDTH, "film_height": OUTSIDE_HEIGHT} if is_built_in_track(environment) else {}
    return {**size, **options, "render_mode": "rgb_array"}


def _picture(tick: Tick, outside: Any, referee: Referee) -> Image:
    return film_picture(tick.observation["image"], outside, _readings(tick, referee))


def _readings(tick: Tick, referee: Referee) -> Readings:
    log = referee.log
    last_help_s = log.interventions[-1].t_s if log.interventions else -math.inf
    error_m = tick.info.get("cross_track_error_m")
    half_m = referee.road.width_m / 2 if referee.road else None
    return Readings(
        lap=1 if math.isnan(log.laps_driven) else max(1, math.floor(log.laps_driven) + 1),
        laps=referee.log.trial.laps,
        speed_mps=tick.info.get("speed_mps"),
        steering=tick.decision.action.steering,
        off_middle=error_m / half_m if half_m and error_m is not None else None,
        is_helped=log.time_s - last_help_s < _HELP_SHOWN_S,
    )
