"""Moments of all cameras as they come: out of footage, frame by frame, or live. Finds nothing in them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.ground.calibration import Calibration
from copycar.ground.footage import FILMS, camera_folders, pictures_in, rate_of
from copycar.ground.frames import FrameReader
from copycar.ground.scene import Scene, natural
from copycar.ground.sources import LiveCamera
from copycar.ground.synchronise import read_offsets

OPENING_S = 1.0
"""Films begin so long after they were opened: together, when the last one is ready, too."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What all cameras see at a moment.

    Attributes:
        number: of the moment.
        time_s: since the first one.
        taken_s: when its oldest picture was taken, on the monotonic clock; NaN of footage.
        pictures: uint8 (V, H, W, 3) RGB, undistorted, at the reader's size.
    """

    number: int
    time_s: float
    taken_s: float
    pictures: Image


@dataclass(frozen=True, slots=True)
class Sources:
    """Where pictures come from that are no frames of a project.

    Attributes:
        footage: a folder with cam1, cam2 …, each with films.
        live: one source per camera, or a folder with a film of each.
        seconds: how long live ones are watched; None: until a film is over, or for ever.
    """

    footage: Path | None = None
    live: tuple[str, ...] = ()
    seconds: float | None = None

    def __post_init__(self) -> None:
        """Refuse both at once."""
        if self.footage and self.live:
            raise CopycarError("pictures come from --footage or from --live", fix="leave one of them out")

    @property
    def is_any(self) -> bool:
        """Whether one of them is named."""
        return bool(self.footage or self.live)


def sights_of(scene: Scene, size: tuple[int, int], sources: Sources) -> Iterator[Sight]:
    """Return the moments of footage, or of live cameras, scaled to `size`.

    Raises:
        CopycarError: see `footage_sights` and `live_sights`.
    """
    if sources.footage is not None:
        folders = camera_folders(sources.footage)
        return footage_sights(scene.cameras, folders, read_offsets(scene.folder, list(folders)) or {}, size)
    return live_sights(scene.cameras, live_sources(sources.live, scene.cameras), size, sources.seconds)


def footage_sights(
    cameras: Sequence[Calibration], folders: Mapping[str, Path], offsets: Mapping[str, int], size: tuple[int, int]
) -> Iterator[Sight]:
    """Yield all moments that every camera's footage shows.

    Args:
        cameras: of the project.
        folders: of footage, by camera.
        offsets: the frame of each at the common start.
        size: (height, width) px to scale to.

    Raises:
        CopycarError: a camera has no footage, or pictures of another size than calibrated.
    """
    if missing := [calibration.name for calibration in cameras if calibration.name not in folders]:
        raise CopycarError(
            f"there is no footage of {', '.join(missing)}",
            "the project has its calibration",
            "add its films, or take its calibration away",
        )
    reader = FrameReader(cameras, size)
    streams = [
        islice(pictures_in(folders[calibration.name]), offsets.get(calibration.name, 0), None)
        for calibration in cameras
    ]
    rate_hz = rate_of(folders[cameras[0].name])
    for number, pictures in enumerate(zip(*streams, strict=False)):  # the shortest one ends it
        yield Sight(number, number / rate_hz, float("nan"), _prepared(reader, cameras, pictures))


def live_sights(
    cameras: Sequence[Calibration], sources: Sequence[str], size: tuple[int, int], seconds: float | None = None
) -> Iterator[Sight]:
    """Yield the newest pictures of all cameras together, again and again, as fast as they are taken away.

    Args:
        cameras: of the project.
        sources: one for each, in their order: a device's number, a stream's address, or a film, which is played.
        size: (height, width) px to scale to.
        seconds: when to stop; None: when a film ends, or never.

    Raises:
        DeviceError: a source cannot be opened, or is silent.
        CopycarError: pictures of another size than calibrated.
    """
    reader = FrameReader(cameras, size)
    start_s = time.monotonic() + OPENING_S
    with ExitStack() as stack:
        named = zip(cameras, sources, strict=True)
        opened = [LiveCamera(calibration.name, source, start_s) for calibration, source in named]
        live = [stack.enter_context(camera) for camera in opened]
        seen, first_s, number = [-1] * len(live), None, 0
        while True:
            shots = [camera.newer(than) for camera, than in zip(live, seen, strict=True)]
            fresh = [shot for shot in shots if shot is not None]
            if len(fresh) < len(live):
                return  # a film is over
            seen = [shot.number for shot in fresh]
            now_s = float(np.mean([shot.time_s for shot in fresh]))
            first_s = now_s if first_s is None else first_s
            if seconds is not None and now_s - first_s > seconds:
                return
            pictures = _prepared(reader, cameras, [shot.picture for shot in fresh])
            yield Sight(number, now_s - first_s, min(shot.time_s for shot in fresh), pictures)
            number += 1


def live_sources(given: Sequence[str], cameras: Sequence[Calibration]) -> list[str]:
    """Return one source per camera: those that were named, or the films of a folder.

    Raises:
        CopycarError: another number of sources than cameras, or a folder without a camera's film.
    """
    if len(given) == 1 and Path(given[0]).is_dir():
        return [str(_film_of(Path(given[0]), calibration.name)) for calibration in cameras]
    if len(given) != len(cameras):
        names = ", ".join(calibration.name for calibration in cameras)
        raise CopycarError(
            f"{len(given)} live sources for {len(cameras)} cameras",
            f"the project has {names}",
            "name one for each in that order: --live 0 2 rtsp://10.0.0.7/stream film.mp4",
        )
    return list(given)


def _film_of(folder: Path, camera: str) -> Path:
    """Return the film `cam1.mp4`, or the first one of the folder `cam1`."""
    inside = sorted((folder / camera).glob("*"), key=lambda path: natural(path.name))
    found = next((path for path in (*folder.glob(f"{camera}.*"), *inside) if path.suffix.lower() in FILMS), None)
    if found is None:
        raise CopycarError(f"{folder} has no film of {camera}", fix=f"name it {camera}.mp4, or {camera}/film.mp4")
    return found


def _prepared(reader: FrameReader, cameras: Sequence[Calibration], pictures: Sequence[Image]) -> Image:
    views = zip(cameras, pictures, strict=True)
    return np.stack(
        [reader.prepared(view, picture, f"a picture of {c.name}") for view, (c, picture) in enumerate(views)]
    )
