"""`copycar ground convert`: WILDTRACK, MultiviewX or a project as a new project of MARMOT's layout."""

from pathlib import Path

from copycar.cli.output import counting, print_json, show, tell
from copycar.ground.convert import convert as write
from copycar.ground.open_scene import open_scene


def convert(source: Path, project: Path, *, json: bool = False) -> None:
    """Turn calibrated, labelled pictures of another layout into a project: calibrations, frames, labels.

    Args:
        source: WILDTRACK, MultiviewX, or a project.
        project: a new folder.
        json: print one JSON object.
    """
    scene = open_scene(source)
    with counting("writing", "moments") as on_progress:
        counts = write(scene, project, on_progress)
    if json:
        print_json({"project": str(project), "cameras": len(scene.cameras), **counts})
        return
    tell(show, f"{project}: {counts['train']} frames to learn from, {counts['val']} to judge on")
