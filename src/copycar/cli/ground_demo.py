"""`copycar ground demo`: all of it in a few minutes, each step with the plain command that does it."""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from copycar.cli.demo_stage import fresh_folders, show_command, title
from copycar.cli.free_cores import threads_on_free_cores
from copycar.cli.ground_show import show_drives
from copycar.cli.ground_train import show_score, train_with_progress
from copycar.cli.numbers import Seed
from copycar.cli.output import counting, log, print_json, quoted, show, tell
from copycar.core.errors import GateError
from copycar.core.files import write_json
from copycar.ground.check import check_scene
from copycar.ground.course import COURSE, read_course
from copycar.ground.laps import drive_of
from copycar.ground.open_scene import open_scene
from copycar.ground.settings import GroundSettings
from copycar.ground.simulate import Staging, simulate
from copycar.ground.trajectories import TRAJECTORIES, write_trajectories

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.ground.detector import Detector

MARKER = "ground-demo.json"
PARTS = ("project", "unseen", "other-rig")
UNSEEN_FRAMES, OTHER_RIG_FRAMES = 540, 300
"""27 s, in which the fastest car drives two whole laps of the oval; 15 s, one lap of it."""


def demo(*, out: Path = Path("ground-demo"), seed: Seed = 0, json: bool = False) -> None:
    """See it all work, in a few minutes and without any camera.

    Cameras beside the built-in track are simulated, a detector learns from them, and is then judged on a drive it has
    never seen, and with cameras put up elsewhere. Laps are timed and compared with the true times.

    Args:
        out: folder for the projects, the detector and the films.
        seed: of the drives and the training.
        json: print the result as one JSON object.
    """
    started = time.monotonic()
    tables = log if json else show
    project, unseen, other = fresh_folders(out, MARKER, PARTS)
    _prepare(project, unseen, other, seed)
    detector_path, detector = _train(project, seed)
    result = _prove(unseen, other, detector, detector_path, tables)
    files = _show(unseen)
    laps = _time(unseen, detector, tables)
    result = {**result, **laps, "detector": str(detector_path), "project": str(project), "files": files}
    write_json(out / MARKER, result)
    if json:
        print_json(result)
        return
    tell(show, f"films and pictures: {Path(files['ground']).parent}")
    tell(show, f"all of it took {time.monotonic() - started:.0f} s")


def _prepare(project: Path, unseen: Path, other: Path, seed: int) -> None:
    title("1  Calibrated pictures with exact labels", "to learn from; an unseen drive; the same with other cameras")
    staging = Staging(seed=seed, n_val=100)
    judged = replace(staging, n_train=0, seed=seed + 1)
    _simulate(project, staging, f"--val 100 --seed {seed}")
    _simulate(unseen, replace(judged, n_val=UNSEEN_FRAMES), f"--train 0 --val {UNSEEN_FRAMES} --seed {seed + 1}")
    rig = seed + 1
    how = f"--train 0 --val {OTHER_RIG_FRAMES} --seed {seed + 1} --rig {rig}"
    _simulate(other, replace(judged, n_val=OTHER_RIG_FRAMES, rig=rig), how)
    show_command(f"copycar ground check {quoted(project)}")
    broken = [verdict for verdict in check_scene(open_scene(project)) if verdict.status == "broken"]
    if broken:
        raise GateError("the simulated pictures cannot be learned from", broken[0].words)


def _simulate(folder: Path, staging: Staging, how: str) -> None:
    show_command(f"copycar ground simulate {quoted(folder)} {how}")
    with counting("drawing") as on_progress:
        simulate(folder, staging, on_progress)


def _train(project: Path, seed: int) -> "tuple[Path, Detector]":
    from copycar.ground.detector import Detector  # noqa: PLC0415 - torch
    from copycar.ground.train import GroundTrainer  # noqa: PLC0415

    title("2  Let it learn", "where cars are on the ground, from all cameras together")
    command = f"copycar ground train {quoted(project)} --seed {seed}"
    show_command(command)
    settings = GroundSettings(seed=seed, threads=threads_on_free_cores(None, "auto"))
    trained = train_with_progress(GroundTrainer(project, settings, command=command))
    return trained.detector, Detector.load(trained.detector)


def _prove(unseen: Path, other: Path, detector: "Detector", path: Path, tables: Console) -> dict[str, Any]:
    title("3  Prove it", "on a drive it has never seen, then with cameras that stand elsewhere")
    first, second = (_validate(folder, detector, path, tables) for folder in (unseen, other))
    return {**first, "other_rig": second}


def _validate(folder: Path, detector: "Detector", detector_path: Path, tables: Console) -> dict[str, Any]:
    from copycar.ground.validate import evaluation_path, validate  # noqa: PLC0415 - torch

    show_command(f"copycar ground validate {quoted(folder)} --detector {quoted(detector_path)}")
    scene = open_scene(folder)
    path = evaluation_path(scene)
    with counting("looking") as on_progress:
        result = validate(scene, detector, path, on_progress=on_progress).as_json()
    show_score(result, tables)
    return result


def _show(unseen: Path) -> dict[str, str]:
    from copycar.ground.validate import evaluation_path  # noqa: PLC0415 - torch
    from copycar.ground.visualize import visualize  # noqa: PLC0415

    title("4  See it", "from above, in every camera, and on average")
    show_command(f"copycar ground visualize {quoted(unseen)}")
    scene = open_scene(unseen)
    with counting("drawing") as on_progress:
        files = visualize(scene, evaluation_path(scene), on_progress=on_progress)
    return {name: str(path) for name, path in files.items()}


def _time(unseen: Path, detector: "Detector", tables: Console) -> dict[str, Any]:
    from copycar.ground.follow import follow  # noqa: PLC0415 - torch
    from copycar.ground.lap_truth import lap_errors_s  # noqa: PLC0415

    title("5  Time it", "laps and sectors, beside the true times")
    show_command(f"copycar ground run {quoted(unseen)}")
    scene = open_scene(unseen)
    with counting("following") as on_progress:
        following = follow(scene, detector, "val", on_progress)
    numbers = [moment.number for moment in following.moments]
    write_trajectories(scene.folder / TRAJECTORIES, following.paths, numbers)
    show_command(f"copycar ground laps {quoted(unseen)}")
    course = read_course(scene.folder / COURSE)
    show_drives([drive_of(path, course) for path in following.paths], tables)
    errors = abs(lap_errors_s(following.paths, following.moments, course, scene.rate_hz))
    tracks = following.score.as_json() if following.score else {}
    worst = float(errors.max()) if len(errors) else None
    if worst is not None:
        tell(tables, f"{len(errors)} laps, at most {1000 * worst:.0f} ms off the true time")
    return {**tracks, "n_laps": len(errors), "lap_error_max_s": worst}
