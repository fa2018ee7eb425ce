"""`copycar ground run`: find and follow everything, in a project's frames, in footage, or live."""

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from copycar.cli.ground_train import opened
from copycar.cli.numbers import Positive
from copycar.cli.output import counting, log, print_json, quoted, show, tell
from copycar.core.errors import CopycarError
from copycar.ground.open_scene import open_scene
from copycar.ground.stream import Sources, sights_of
from copycar.ground.trajectories import TRAJECTORIES, write_trajectories

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.ground.follow import Watching

TOLD_EVERY_S = 1.0


def run(
    project: Path,
    *,
    detector: Path | None = None,
    split: str = "val",
    footage: Path | None = None,
    live: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    seconds: Positive | None = None,
    out: Path | None = None,
    json: bool = False,
) -> None:
    """Find and follow everything; write where it was (CSV). Ctrl-C ends it, and what was followed is written.

    Args:
        project: its cameras, and its frames unless footage or live cameras are named.
        detector: its file, or its run's folder; default: the project's own.
        split: which frames of the project: val or train. They should be of one uninterrupted drive.
        footage: a folder with cam1, cam2 …, each with films: follow through all of them instead.
        live: one source per camera instead, in the project's order: a device's number, a stream's address, a film that
            is played as if it happened now; or a folder with one film per camera.
        seconds: end a live run after so long; default: when a film is over, or with Ctrl-C.
        out: the CSV file; default: 4-tracking/trajectories.csv of the project.
        json: print one JSON object.
    """
    if split not in {"train", "val"}:
        raise CopycarError(f"no frames are called {split!r}", fix="--split val or --split train")
    sources = Sources(footage, tuple(live or ()), seconds)
    if sources.is_any:
        path = out or open_scene(project).folder / TRAJECTORIES
        told = follow_sources(project, detector, sources, path)
    else:
        told = _through_frames(project, detector, split, out)
    if json:
        print_json(told)
        return
    _tell(told)
    tell(show, f"next:   copycar ground laps {quoted(project)}" + (f" --tracks {quoted(out)}" if out else ""))


def _through_frames(project: Path, detector: Path | None, split: str, out: Path | None) -> dict[str, Any]:
    from copycar.ground.follow import follow  # noqa: PLC0415 - torch

    scene, found = opened(project, detector)
    path = out or scene.folder / TRAJECTORIES
    with counting("following") as on_progress:
        following = follow(scene, found, split, on_progress)
    write_trajectories(path, following.paths, [moment.number for moment in following.moments])
    score: dict[str, Any] = following.score.as_json() if following.score else {"mota": None, "idf1": None}
    return {"file": str(path), "frames": len(following.moments), "tracks": len(following.paths), **score}


def follow_sources(project: Path, detector: Path | None, sources: Sources, path: Path) -> dict[str, Any]:
    """Follow through footage or live cameras until they end or somebody presses Ctrl-C, and write trajectories.

    Args:
        project: the cameras.
        detector: as `run` takes it.
        sources: the pictures.
        path: the CSV file.

    Returns:
        What `run` prints as JSON.
    """
    from copycar.ground.follow import Watching, watch  # noqa: PLC0415 - torch

    scene, found = opened(project, detector)
    rig, watching = found.rig(scene), Watching.of(found)
    times = watching.tracker.times_s
    started, last = time.monotonic(), 0.0
    try:
        with suppress(KeyboardInterrupt):  # the way to end a live run
            for _ in watch(watching, rig, found, sights_of(scene, rig.size, sources)):
                if time.monotonic() - last > TOLD_EVERY_S:
                    last = time.monotonic()
                    _tell_now(watching)
    finally:  # also when a camera was unplugged
        paths = watching.tracker.paths()
        if times:
            write_trajectories(path, paths, range(len(times)))
    if not times:
        raise CopycarError("no moment was seen by all cameras", fix="check the footage, or the live sources")
    told = watching.as_json()
    if sources.footage:
        told["rate_hz"] = len(times) / (time.monotonic() - started)
    return {"file": str(path), "frames": len(times), "tracks": len(paths), "mota": None, "idf1": None, **told}


def _tell_now(watching: "Watching") -> None:
    where = "  ".join(f"{track.number}: {track.mean[0]:.2f} {track.mean[1]:.2f} m" for track in watching.tracker.now)
    rate = watching.rate_hz
    tell(log, f"{watching.tracker.times_s[-1]:6.1f} s  {'' if rate is None else f'{rate:4.1f} Hz'}  {where}")


def _tell(told: dict[str, Any]) -> None:
    tell(show, f"{told['tracks']} tracks in {told['frames']} frames: {told['file']}")
    if told.get("mota") is not None:
        figures = f"MOTA {100 * told['mota']:.1f} %, IDF1 {100 * told['idf1']:.1f} %"
        tell(
            show,
            f"against the labels: {figures}, {told['n_switches']} identity switches, {told['n_identities']} things",
        )
    if told.get("rate_hz"):
        latency = told["latency_ms"]
        late = (
            f", {latency['p50']:.0f} ms after the pictures were taken (95 %: {latency['p95']:.0f})" if latency else ""
        )
        tell(show, f"{told['rate_hz']:.1f} moments a second{late}")
