"""`copycar ground run`: find and follow everything, in a project's frames, in footage, or live."""

import shlex
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from copycar.cli.ground_train import opened
from copycar.cli.numbers import Positive
from copycar.cli.output import log, print_json, progress, show, tell
from copycar.core.errors import CopycarError
from copycar.ground.trajectories import TRAJECTORIES, write_trajectories

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.ground.detector import Detector
    from copycar.ground.follow import Watching
    from copycar.ground.scene import Scene
    from copycar.ground.stream import Sight

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
    if footage and live:
        raise CopycarError("pictures come from --footage or from --live", fix="leave one of them out")
    scene, found, _ = opened(project, detector, None)
    path = out or scene.folder / TRAJECTORIES
    told = (
        _through_sights(scene, found, footage, live, seconds, path)
        if footage or live
        else _through_frames(scene, found, split, path)
    )
    if json:
        print_json(told)
        return
    _tell(told)
    tell(
        show,
        f"next:   copycar ground laps {shlex.quote(str(project))}"
        + (f" --tracks {shlex.quote(str(out))}" if out else ""),
    )


def _through_frames(scene: "Scene", detector: "Detector", split: str, path: Path) -> dict[str, Any]:
    from copycar.ground.follow import follow  # noqa: PLC0415 - torch

    with progress("frames") as bars:
        bar = bars.add_task("following", total=None)
        following = follow(scene, detector, split, lambda done, total: bars.update(bar, completed=done, total=total))
    write_trajectories(path, following.paths, [moment.number for moment in following.moments])
    score: dict[str, Any] = following.score.as_json() if following.score else {"mota": None, "idf1": None}
    return {"file": str(path), "frames": len(following.moments), "tracks": len(following.paths), **score}


def _through_sights(
    scene: "Scene",
    detector: "Detector",
    footage: Path | None,
    live: list[str] | None,
    seconds: float | None,
    path: Path,
) -> dict[str, Any]:
    """Follow through footage or live cameras until they end or somebody presses Ctrl-C."""
    from copycar.ground.follow import Watching, watch  # noqa: PLC0415 - torch

    rig, watching = detector.rig(scene), Watching.of(detector)
    times = watching.tracker.times_s
    started, last = time.monotonic(), 0.0
    try:
        with suppress(KeyboardInterrupt):  # the way to end a live run
            for _ in watch(watching, rig, detector, sights_of(scene, rig.size, footage, live, seconds)):
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
    if footage:
        told["rate_hz"] = len(times) / (time.monotonic() - started)
    return {"file": str(path), "frames": len(times), "tracks": len(paths), "mota": None, "idf1": None, **told}


def sights_of(
    scene: "Scene", size: tuple[int, int], footage: Path | None, live: Sequence[str] | None, seconds: float | None
) -> "Iterator[Sight]":
    """Return the moments of footage, or of live cameras."""
    from copycar.ground.extract import camera_folders  # noqa: PLC0415 - opencv
    from copycar.ground.stream import footage_sights, live_sights, live_sources  # noqa: PLC0415
    from copycar.ground.synchronise import read_offsets  # noqa: PLC0415

    if footage is not None:
        folders = camera_folders(footage)
        return footage_sights(scene.cameras, folders, read_offsets(scene.folder, list(folders)) or {}, size)
    return live_sights(scene.cameras, live_sources(live or [], scene.cameras), size, seconds)


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
