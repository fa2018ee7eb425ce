"""Opens a folder of calibrated pictures, whoever laid it out. Knows the layouts; knows nothing of what they hold."""

from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.ground.layouts import multiviewx, project, wildtrack
from copycar.ground.scene import Scene

LAYOUTS = {project.is_here: project.read, wildtrack.is_here: wildtrack.read, multiviewx.is_here: multiviewx.read}


def open_scene(folder: Path) -> Scene:
    """Return what lies in `folder`.

    Raises:
        CopycarError: it is no known layout, or a file of it is damaged.
    """
    folder = folder.expanduser()
    for is_here, read in LAYOUTS.items():
        if is_here(folder):
            return read(folder)
    raise CopycarError(
        f"{folder} holds no calibrated cameras" if folder.is_dir() else f"there is no folder {folder}",
        "a project has 0-calibration/calibs/cam1.json …; WILDTRACK and MultiviewX have calibrations/extrinsic",
        "see docs/ground.md for the layouts",
    )
