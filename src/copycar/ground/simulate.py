"""Calibrated cameras around the built-in track, with exact truths: a project to learn from without any camera.

Knows the track's environment and the project's layout. Knows nothing of networks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from copycar.core.camera import Array, Camera
from copycar.core.progress import OnProgress
from copycar.driving.drivers.expert import ExpertDriver
from copycar.driving.drivers.noisy import NoisyDriver
from copycar.environments.make import make_environment
from copycar.ground.calibration import Calibration
from copycar.ground.course import COURSE, Course, write_course
from copycar.ground.layouts.project import ANNOTATION
from copycar.ground.layouts.write_project import Kind, ProjectWriter
from copycar.ground.pictures import read_picture
from copycar.ground.scene import PERSON, SMALL_CAR, Area, Truth, around, natural
from copycar.tubs.film import film_writer
from copycar.tubs.new_folder import new_folder

if TYPE_CHECKING:
    from copycar.environments.track.environment import TrackEnvironment

RATE_HZ = 20.0
EPISODE_FRAMES = 25
"""Training frames of one start; then everything begins elsewhere, in the other direction and in another light."""

STEPS_BETWEEN = 8
"""0.4 s: a car has moved by its own length."""

NOISE = 0.8
"""Of the expert's steering, so that cars are also seen off the line."""

LIGHT_CHANGES = 0.5
"""Strength of the environment's own randomisation, for the training frames."""

AREA_MARGIN_M = 0.35
"""Beside the road: a car that leaves it is still seen."""

FOOTAGE = "footage"
"""Folder of the films, in the project."""

VAL_SEED = 7919
"""Added to the seed for the unseen sequence."""

FILM_QUALITY = 12
"""Nothing is lost that a person could see: films stand for cameras here."""

CAR, WALKER = Kind("car", SMALL_CAR), Kind("person", PERSON)


@dataclass(frozen=True, slots=True)
class Staging:
    """What to simulate.

    Attributes:
        track: of the built-in ones, `oval`.
        n_cameras: beside it.
        n_cars: on it.
        n_train: frames to learn from, 0.4 s apart, from many starts.
        n_val: frames of one uninterrupted unseen drive, 20 a second.
        footage: whether that drive is also filmed, one film per camera, in the project's `footage`.
        rig: seed of where the cameras stand; 0: evenly round the track.
        seed: of the drives.
        size: (height, width) px of the pictures.
        n_people: beside the road, and across it when no car is coming.
    """

    track: str = "oval"
    n_cameras: int = 6
    n_cars: int = 4
    n_train: int = 300
    n_val: int = 200
    rig: int = 0
    seed: int = 0
    size: tuple[int, int] = (180, 320)
    footage: bool = False
    n_people: int = 0


def simulate(folder: Path, staging: Staging, on_progress: OnProgress | None = None) -> None:
    """Write a project: calibrations, `train` and `val` frames, labels, and the track's course.

    Args:
        folder: new or empty.
        staging: what to simulate.
        on_progress: is told (frames done, frames in all).

    Raises:
        CopycarError: the folder is in use, a name is unknown, or the extra [sim] is missing.
    """
    train, val = _environment(staging, LIGHT_CHANGES), _environment(staging, 0.0)
    try:
        _, info = val.reset(seed=staging.seed)
        line, width = val.line.points, val.road_width_m
        area = area_of(line, width)
        cameras = calibrations([shot["camera"] for shot in info["cameras"]], area)
        with new_folder(folder) as partial:
            writer = ProjectWriter(partial, cameras, SMALL_CAR, RATE_HZ, area)
            write_course(partial / COURSE, Course(line, width))
            total = staging.n_train + staging.n_val
            shots = [("train", _many_starts(train, staging)), ("val", _one_drive(val, staging))]
            done = 0
            for split, infos in shots:
                for number, seen in enumerate(infos):
                    pictures = [shot["image"] for shot in seen["cameras"]]
                    writer.add(split, number, pictures, truth_of(seen), kinds_of(seen))
                    done += 1
                    if on_progress:
                        on_progress(done, total)
            if staging.footage:
                write_footage(partial / ANNOTATION / "val", partial / FOOTAGE, [camera.name for camera in cameras])
    finally:
        train.close()
        val.close()


def write_footage(frames: Path, footage: Path, cameras: Sequence[str]) -> None:
    """Film the frames of every camera: `footage/cam1/drive.mp4` of `frames/cam1/cam1_0.png` and so on."""
    for name in cameras:
        files = sorted((frames / name).glob("*.png"), key=lambda path: natural(path.name))
        (footage / name).mkdir(parents=True)
        if not files:
            continue
        size = read_picture(files[0]).shape
        film = footage / name / "drive.mp4"
        with film_writer(film, (size[0], size[1]), RATE_HZ, quality=FILM_QUALITY, preset="veryfast") as add:
            for path in files:
                add(read_picture(path))


def truth_of(info: dict[str, Any]) -> Truth:
    """Return who is where by the environment's `info`; the learner's car is 0, people come after the cars."""
    poses = np.array([*info["cars"], *info["people"]], dtype=np.float64)
    return Truth(poses[:, :2], np.arange(len(poses)))


def kinds_of(info: dict[str, Any]) -> list[Kind] | None:
    """Return what everything of `truth_of` is; None where all are cars, which is what a project is about."""
    if not info["people"]:
        return None
    return [CAR] * len(info["cars"]) + [WALKER] * len(info["people"])


def area_of(line_m: Array, width_m: float) -> Area:
    """Return the ground in use around a track."""
    return around(line_m, width_m / 2 + AREA_MARGIN_M)


def calibrations(cameras: Sequence[Camera], area: Area) -> list[Calibration]:
    """Return cam1, cam2 …, each limited to the part of its picture that shows the area."""
    return [
        Calibration(f"cam{number}", camera, region_px=visible_region(camera, area))
        for number, camera in enumerate(cameras, 1)
    ]


def visible_region(camera: Camera, area: Area) -> Array:
    """Return the polygon (M, 2) px in which a camera shows the area: the hull of its floor on a grid of 2 cm."""
    x, y = (
        np.linspace(low, high, round((high - low) / 0.02) + 1) for low, high in zip(area[:2], area[2:], strict=True)
    )
    floor = np.stack(np.meshgrid(x, y, [0.0]), axis=-1).reshape(-1, 3)
    pixels = camera.project(floor)
    shown = pixels[Calibration("", camera).shows(pixels)].astype(np.float32)
    return np.asarray(cv2.convexHull(shown), dtype=np.float64).reshape(-1, 2)


def _environment(staging: Staging, light_changes: float) -> "TrackEnvironment":
    height, width = staging.size
    made: Any = make_environment(
        staging.track,
        pictures=False,
        rate_hz=RATE_HZ,
        cars=staging.n_cars - 1,
        people=staging.n_people,
        cameras=staging.n_cameras,
        cameras_rig=staging.rig,
        cameras_width=width,
        cameras_height=height,
        randomise=light_changes,
    )
    return made  # type: ignore[no-any-return]


def _many_starts(environment: "TrackEnvironment", staging: Staging) -> Iterator[dict[str, Any]]:
    """Yield the info of frames that are far apart in time."""
    rng = np.random.default_rng(staging.seed)
    for first in range(0, staging.n_train, EPISODE_FRAMES):
        seed, direction = staging.seed * 1009 + first, 1 if first // EPISODE_FRAMES % 2 else -1
        _, info = environment.reset(seed=seed, options={"progress": rng.random(), "direction": direction})
        driver = NoisyDriver(ExpertDriver(environment.expert()), NOISE, seed=seed, rate_hz=RATE_HZ)
        for _ in range(min(EPISODE_FRAMES, staging.n_train - first)):
            for _ in range(STEPS_BETWEEN - 1):  # nobody looks: nothing is drawn
                environment.simulation.step(driver.act({}, info).action, 1 / RATE_HZ)
                info = environment.simulation.info()
            info = environment.step(driver.act({}, info).action)[-1]
            yield info


def _one_drive(environment: "TrackEnvironment", staging: Staging) -> Iterator[dict[str, Any]]:
    """Yield the info of every step of one drive."""
    seed = staging.seed + VAL_SEED
    _, info = environment.reset(seed=seed, options={"progress": 0.9})
    driver = NoisyDriver(ExpertDriver(environment.expert()), NOISE / 2, seed=seed, rate_hz=RATE_HZ)
    for _ in range(staging.n_val):
        info = environment.step(driver.act({}, info).action)[-1]
        yield info
