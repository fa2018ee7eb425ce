"""Any folder of calibrated pictures as a project of MARMOT's layout. Knows scenes, not who laid them out."""

from dataclasses import replace
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.core.progress import OnProgress
from copycar.ground.layouts.write_project import ProjectWriter
from copycar.ground.pictures import read_picture
from copycar.ground.scene import SPLITS, Moment, Scene
from copycar.tubs.new_folder import new_folder


def convert(scene: Scene, folder: Path, on_progress: OnProgress | None = None) -> dict[str, int]:
    """Write the labelled moments of a scene as a project, and return how many there are of each split.

    Cameras become cam1, cam2 … in the scene's order, frames are numbered from 0; pictures stay as they are, with the
    lens's distortion in the calibration.

    Args:
        scene: what was opened.
        folder: new or empty.
        on_progress: is told (moments done, moments in all).

    Raises:
        CopycarError: nothing is labelled, the folder is in use, or a picture is damaged.
    """
    chosen = [(split, moment) for split in SPLITS for moment in scene.moments[split] if _is_whole(moment)]
    if not chosen:
        raise CopycarError(f"{scene.folder} has no labelled frames", fix=f"copycar ground check {scene.folder}")
    cameras = [replace(calibration, name=f"cam{number}") for number, calibration in enumerate(scene.cameras, 1)]
    counts = dict.fromkeys(SPLITS, 0)
    with new_folder(folder) as partial:
        writer = ProjectWriter(partial, cameras, scene.thing, scene.rate_hz, scene.area)
        for done, (split, moment) in enumerate(chosen, 1):
            assert moment.truth is not None
            pictures = [read_picture(path) for path in moment.pictures if path is not None]
            writer.add(split, counts[split], pictures, moment.truth)
            counts[split] += 1
            if on_progress:
                on_progress(done, len(chosen))
    return counts


def _is_whole(moment: Moment) -> bool:
    return moment.is_complete and moment.truth is not None
