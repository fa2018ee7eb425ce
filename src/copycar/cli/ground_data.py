"""`copycar ground simulate` and `check`: calibrated pictures to learn from, and whether they can be right."""

from pathlib import Path

from rich.table import Table

from copycar.cli.numbers import Count, Natural, Seed
from copycar.cli.output import counting, log, print_json, quoted, show, tell
from copycar.cli.tub_check import COLOURS
from copycar.core.errors import EXIT_DONE, EXIT_GATE_FAILED, CopycarError
from copycar.ground.check import check_scene
from copycar.ground.layouts.project import is_here as is_project
from copycar.ground.layouts.train_config import write_train_config
from copycar.ground.open_scene import open_scene
from copycar.ground.pictures import write_picture
from copycar.ground.plan_picture import coverage_picture
from copycar.ground.scene import Scene
from copycar.ground.simulate import Staging
from copycar.ground.simulate import simulate as write_simulation
from copycar.learning.size import parse_size
from copycar.tubs.doctor.verdict import Verdict


def simulate(
    project: Path,
    *,
    track: str = "oval",
    cameras: Count = 6,
    cars: Count = 4,
    train: Natural = 300,
    val: Natural = 200,
    rig: Seed = 0,
    seed: Seed = 0,
    size: str = "320x180",
    footage: bool = False,
    people: Natural = 0,
    json: bool = False,
) -> None:
    """Make a project from the built-in track: calibrated cameras beside it, pictures, and exact labels.

    Args:
        project: a new folder.
        track: see `copycar environments`.
        cameras: how many stand beside the track.
        cars: how many drive on it.
        train: frames to learn from, from many starts and in changing light.
        val: frames of one uninterrupted unseen drive, 20 a second.
        rig: 0: cameras evenly round the track; other numbers put them up elsewhere.
        seed: of the drives.
        size: of the pictures, WIDTHxHEIGHT.
        footage: also film the unseen drive: footage/cam1/drive.mp4 and so on, as real cameras would.
        people: how many walk beside the road and cross it; they are labelled, too, and stand in the way of the view.
        json: print one JSON object.
    """
    staging = Staging(track, cameras, cars, train, val, rig, seed, parse_size(size), footage, people)
    with counting("drawing") as on_progress:
        write_simulation(project, staging, on_progress)
    if json:
        print_json({"project": str(project), "cameras": cameras, "train": train, "val": val})
        return
    tell(show, f"{project}: {train} frames to learn from and {val} unseen ones")
    tell(show, f"in them: {cars} cars and {people} people, seen by {cameras} cameras")
    tell(show, f"next:   copycar ground check {quoted(project)}")


def check(project: Path, *, picture: Path | None = None, json: bool = False) -> int:
    """Say whether a training on this project can be right: cameras, area, pictures, labels.

    Exit code 1 where something is broken. Where nothing is, the settings of a training are written, unless they are
    there: 2-training/train_config.toml.

    Args:
        project: a project, WILDTRACK or MultiviewX.
        picture: draw a plan here (PNG): what every camera sees of the ground, and all labels.
        json: print one JSON object.
    """
    scene = open_scene(project)
    verdicts = check_scene(scene)
    if picture:
        _draw(scene, verdicts, picture)
    is_broken = any(verdict.status == "broken" for verdict in verdicts)
    config = None if is_broken or not is_project(project) else write_train_config(scene)
    if json:
        print_json({**_as_json(scene, verdicts, picture), "config": str(config) if config else None})
    else:
        show_verdicts(verdicts)
        tell(show, f"plan: {picture}") if picture else tell(log, "see what every camera sees: add --picture plan.png")
        if config:
            tell(show, f"settings: {config}")
            tell(show, f"next:   copycar ground train {quoted(project)} --config {quoted(config)}")
    return EXIT_GATE_FAILED if is_broken else EXIT_DONE


def show_verdicts(verdicts: list[Verdict]) -> None:
    """Print verdicts as a table, and below it what mends them."""
    table = Table("", "check", "what was found", "frames", "first")
    for verdict in verdicts:
        first = str(verdict.frames[0]) if verdict.frames else ""
        colour, words = COLOURS[verdict.status], verdict.words.replace("[", r"\[")
        table.add_row(f"[{colour}]{verdict.status}[/]", verdict.name, words, str(len(verdict.frames) or ""), first)
    show.print(table)
    for verdict in verdicts:
        if verdict.fix:
            tell(show, f"{verdict.name}: {verdict.fix}")


def _draw(scene: Scene, verdicts: list[Verdict], picture: Path) -> None:
    if any(verdict.name == "area" and verdict.status == "broken" for verdict in verdicts):
        tell(log, "no plan is drawn: nothing says where the area is", "yellow")
        return
    if picture.suffix != ".png":
        raise CopycarError(f"{picture} is no PNG", fix="--picture plan.png")
    write_picture(picture, coverage_picture(scene))


def _as_json(scene: Scene, verdicts: list[Verdict], picture: Path | None) -> dict[str, object]:
    cameras = [
        {
            "name": calibration.name,
            "size": [calibration.camera.width_px, calibration.camera.height_px],
            "position_m": calibration.camera.position_m.tolist(),
        }
        for calibration in scene.cameras
    ]
    frames = {split: len(moments) for split, moments in scene.moments.items()}
    return {
        "project": str(scene.folder),
        "verdicts": [verdict.as_json() for verdict in verdicts],
        "cameras": cameras,
        "frames": frames,
        "picture": str(picture) if picture and picture.is_file() else None,
    }
