"""Films one trial as an mp4 that every browser plays. Knows nothing of pages."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import simplejpeg

from copycar.core.errors import CopycarError, require
from copycar.core.frame import Image
from copycar.driving.loop import Tick, drive
from copycar.evaluation.film_picture import HEIGHT, OUTSIDE_HEIGHT, OUTSIDE_WIDTH, WIDTH, Readings, film_picture
from copycar.evaluation.place import is_built_in_track, load_policy, make_driver_for, make_place
from copycar.evaluation.referee import Referee
from copycar.evaluation.trial import Trial

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
                start=trial.reset_options(),
                on_frame=lambda tick: add(_picture(tick, environment.render(), referee)),
            )
            if report.interrupted:
                raise KeyboardInterrupt
    finally:
        environment.close()
    return path


@contextmanager
def film(path: Path, rate_hz: int = RATE_HZ) -> Iterator[Any]:
    """Give a function that adds one picture, uint8 (360, 800, 3), and write the mp4 on leaving.

    H.264, yuv420p, a key frame a second (quick seeking) and the index in front (plays while it loads). When an error
    passes through, no file is left.

    Raises:
        CopycarError: the extra [sim] is missing, or `path` cannot be written.
    """
    av = require("av", "sim")
    partial = path.with_name(f".{path.stem}.partial.mp4")
    try:
        with av.open(str(partial), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=rate_hz)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.options = {"crf": str(_QUALITY), "preset": "fast", "g": str(rate_hz)}

            def add(picture: Image) -> None:
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))

            yield add
            container.mux(stream.encode())
        partial.replace(path)
    except OSError as error:
        raise CopycarError(f"cannot write the film {path}", str(error), "name another path") from error
    finally:
        partial.unlink(missing_ok=True)


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
