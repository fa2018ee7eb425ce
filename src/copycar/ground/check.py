"""The doctor of calibrated pictures: could a training on this scene be right? Knows the checks, nothing of files."""

from copycar.ground.checks.area import check_area
from copycar.ground.checks.cameras import check_cameras
from copycar.ground.checks.labels import check_labels
from copycar.ground.checks.pictures import check_pictures
from copycar.ground.checks.synchrony import check_synchrony
from copycar.ground.scene import Scene
from copycar.tubs.doctor.verdict import Verdict


def check_scene(scene: Scene) -> list[Verdict]:
    """Return every verdict; `broken` ones are those with which a training could not be right."""
    checks = (check_cameras, check_area, check_pictures, check_synchrony, check_labels)
    return [verdict for check in checks for verdict in check(scene)]
