"""Whether every moment has its pictures, whole and of the calibrated size. Knows no labels."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path

from copycar.ground.scene import SPLITS, Moment, Scene
from copycar.tubs.doctor.verdict import Verdict, many
from copycar.tubs.formats.png import png_length, png_size
from copycar.tubs.jpeg import PNG_MAGIC, jpeg_size, what_is_wrong
from copycar.tubs.parallel import usable_cores

NAMED = 3
"""So many files are named."""


def check_pictures(scene: Scene) -> Iterator[Verdict]:
    """Yield the verdicts about frames, pictures and twins."""
    yield from (_complete(scene, split) for split in SPLITS)
    yield _readable(scene)
    yield _twins(scene)


def _complete(scene: Scene, split: str) -> Verdict:
    name, moments = f"frames {split}", scene.moments[split]
    if not moments:
        return Verdict(name, "broken" if split == "train" else "look", "there is none", fix="extract frames first")
    torn = [moment for moment in moments if not moment.is_complete]
    if not torn:
        return Verdict(name, "ok", f"{many(len(moments), 'moment')}, each seen by all {len(scene.cameras)} cameras")
    missing = {camera.name: sum(m.pictures[view] is None for m in torn) for view, camera in enumerate(scene.cameras)}
    words = ", ".join(f"{camera} lacks {count}" for camera, count in missing.items() if count)
    is_broken = len(torn) > len(moments) / 2
    return Verdict(
        name,
        "broken" if is_broken else "look",
        f"{len(torn)} of {many(len(moments), 'moment')} are not seen by all cameras and stay unused: {words}",
        [moment.number for moment in torn],
        "extract the missing pictures; every camera numbers its frames alike",
    )


def _readable(scene: Scene) -> Verdict:
    """Say which pictures are torn or of another size, by their headers and check sums; nothing is decoded."""
    jobs = [
        (moment, path, (calibration.camera.height_px, calibration.camera.width_px))
        for split in SPLITS
        for moment in scene.moments[split]
        for calibration, path in zip(scene.cameras, moment.pictures, strict=True)
        if path is not None
    ]
    with ThreadPoolExecutor(usable_cores()) as pool:
        faults = list(pool.map(lambda job: _fault(job[1], job[2]), jobs))
    bad = [(moment, path, fault) for (moment, path, _), fault in zip(jobs, faults, strict=True) if fault]
    if not bad:
        return Verdict("pictures", "ok", f"{many(len(jobs), 'picture')}, whole and of the calibrated size")
    named = "; ".join(f"{path}: {fault}" for _, path, fault in bad[:NAMED])
    return Verdict(
        "pictures",
        "broken",
        f"{many(len(bad), 'picture')} cannot be used: {named}" + ("; …" if len(bad) > NAMED else ""),
        [moment.number for moment, _, _ in bad],
        "extract or copy them again; a picture of another size needs a calibration of its size",
    )


def _fault(path: Path, size: tuple[int, int]) -> str:
    try:
        data = path.read_bytes()
        if data.startswith(PNG_MAGIC):
            png_length(data)
            found = png_size(data)
        else:
            found = jpeg_size(data)
    except (OSError, ValueError) as error:
        return str(error)
    if found != size:
        return f"{found[1]} x {found[0]} pixels, calibrated at {size[1]} x {size[0]}"
    return "" if data.startswith(PNG_MAGIC) else what_is_wrong(data)


def _twins(scene: Scene) -> Verdict:
    """Say which validation moments are training moments too: figures from them would be worth nothing."""
    train = {_content(moment) for moment in scene.moments["train"]}
    twins = [moment.number for moment in scene.moments["val"] if _content(moment) in train]
    if not twins:
        return Verdict("twins", "ok", "no validation frame is a training frame")
    return Verdict(
        "twins",
        "broken",
        f"{many(len(twins), 'validation frame')} are training frames too",
        twins,
        "validate on another stretch of the footage",
    )


def _content(moment: Moment) -> bytes:
    path = next((path for path in moment.pictures if path is not None), None)
    if path is None or not path.is_file():
        return repr(moment.number).encode()
    return blake2b(path.read_bytes(), digest_size=16).digest()
