"""What a training learns from, as one short text: pictures, labels and calibrations by content. Knows no networks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path

from copycar.ground.scene import SPLITS, Moment, Scene
from copycar.tubs.parallel import usable_cores

BYTES = 16


def fingerprint(scene: Scene) -> str:
    """Return a text that is another one as soon as a picture, a label, a calibration or the area is another one."""
    digest = blake2b(repr((scene.thing, scene.known_area)).encode(), digest_size=BYTES)
    for calibration in scene.cameras:
        camera, region = calibration.camera, calibration.region_px
        digest.update(repr((calibration.name, camera.width_px, camera.height_px)).encode())
        for array in (camera.intrinsics, camera.rotation, camera.position_m, calibration.distortion, region):
            digest.update(b"" if array is None else array.tobytes())
    with ThreadPoolExecutor(usable_cores()) as pool:
        for part in pool.map(_of_moment, _moments(scene)):
            digest.update(part)
    return digest.hexdigest()


def _moments(scene: Scene) -> Iterator[Moment]:
    for split in SPLITS:
        yield from scene.moments[split]


def _of_moment(moment: Moment) -> bytes:
    digest = blake2b(str(moment.number).encode(), digest_size=BYTES)
    for path in moment.pictures:
        digest.update(b"-" if path is None else _content(path))
    if moment.truth is not None:
        digest.update(moment.truth.points_m.tobytes() + moment.truth.ids.tobytes())
    return digest.digest()


def _content(path: Path) -> bytes:
    return blake2b(path.read_bytes(), digest_size=BYTES).digest() if path.is_file() else b"gone"
