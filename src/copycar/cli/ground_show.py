"""`copycar ground visualize` and `laps`: what was found and timed."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from copycar.cli.output import counting, print_json, show, tell
from copycar.ground.course import COURSE, read_course
from copycar.ground.laps import Drive, drive_of
from copycar.ground.open_scene import open_scene
from copycar.ground.trajectories import TRAJECTORIES, read_trajectories


def visualize(project: Path, *, file: Path | None = None, out: Path | None = None, json: bool = False) -> None:
    """Draw what a validation found: the ground from above, every camera with boxes, mean heat maps.

    Args:
        project: that was validated.
        file: of the validation; default: 2-training/model_evaluation.hdf5 of the project.
        out: folder for films and pictures; default: 2-training/visualization of the project.
        json: print one JSON object.
    """
    from copycar.ground.validate import evaluation_path  # noqa: PLC0415 - torch
    from copycar.ground.visualize import visualize as draw  # noqa: PLC0415

    scene = open_scene(project)
    with counting("drawing") as on_progress:
        files = draw(scene, file or evaluation_path(scene), out, on_progress)
    if json:
        print_json({"files": {name: str(path) for name, path in files.items()}})
        return
    for name, path in files.items():
        tell(show, f"{name}: {path}")


def laps(
    project: Path,
    *,
    tracks: Path | None = None,
    course: Path | None = None,
    picture: Path | None = None,
    json: bool = False,
) -> None:
    """Give lap and sector times, off-track events and speeds of everything that was followed.

    Args:
        project: whose frames were followed (copycar ground run).
        tracks: the CSV file; default: 4-tracking/trajectories.csv of the project.
        course: the centre line; default: course.json of the project.
        picture: draw the speed along the course here (PNG).
        json: print one JSON object.
    """
    scene = open_scene(project)
    on = read_course(course or scene.folder / COURSE)
    paths = read_trajectories(tracks or scene.folder / TRAJECTORIES)
    drives = [drive_of(path, on) for path in paths]
    if picture:
        from copycar.ground.speed_picture import write_speed_picture  # noqa: PLC0415 - matplotlib

        write_speed_picture(picture, drives, on.length_m)
    if json:
        print_json({"cars": [drive.as_json() for drive in drives], "picture": str(picture) if picture else None})
        return
    show_drives(drives)
    if picture:
        tell(show, f"speeds: {picture}")


def show_drives(drives: list[Drive], console: Console = show) -> None:
    """Print laps and off-track events."""
    table = Table("car", "lap", "time", "sectors", "off track")
    for drive in drives:
        off = ", ".join(f"{event.duration_s:.1f} s at {event.start_s:.1f} s" for event in drive.excursions)
        table.add_row(str(drive.number), "", f"{drive.mean_speed_mps:.2f} m/s on average", "", off)
        for number, lap in enumerate(drive.laps, 1):
            sectors = "  ".join(f"{sector:.2f}" for sector in lap.sectors_s)
            table.add_row("", str(number), f"{lap.time_s:.3f} s", sectors, "")
    console.print(table)
    if not any(drive.laps for drive in drives):
        tell(console, "No whole lap: a lap counts from line to line.")
