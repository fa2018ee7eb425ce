"""Where cameras are: on board, beside the track, behind the car, above it. Knows nothing of rendering."""

import math

import numpy as np

from copycar.core.camera import Camera
from copycar.core.vehicle import Vehicle
from copycar.environments.track import car
from copycar.environments.track.conditions import Conditions
from copycar.environments.track.line import Line
from copycar.environments.track.options import TrackOptions

_BESIDE_FOV_RAD = math.radians(75)
_FILM_FOV_RAD = math.radians(68)


def vehicle(options: TrackOptions, conditions: Conditions) -> Vehicle:
    """Return the car's geometry and how its camera is mounted."""
    return Vehicle(
        wheelbase_m=car.WHEELBASE_M,
        max_steering_rad=car.MAX_WHEEL_ANGLE_RAD,
        camera_height_m=conditions.camera_height_m,
        camera_pitch_rad=math.radians(conditions.camera_pitch_deg),
        camera_fov_rad=math.radians(conditions.camera_fov_deg),
        camera_forward_m=options.camera_forward_m,
    )


def beside_track(line: Line, options: TrackOptions) -> list[Camera]:
    """Return the cameras on tall poles around the track, 2.4 m high, each looking across its middle.

    With a `cameras_rig` other than 0 they stand 0.35 m elsewhere (standard deviation; 0.2 m in height) and look 2
    degrees beside the middle, as if somebody else had put them up.
    """
    middle = (line.points.min(axis=0) + line.points.max(axis=0)) / 2
    reach = (line.points.max(axis=0) - line.points.min(axis=0)) / 2 + 1.6
    rng = np.random.default_rng(options.cameras_rig)
    other = float(options.cameras_rig > 0)
    cameras = []
    for index in range(options.cameras):
        angle = 2 * math.pi * index / options.cameras + math.pi / 4
        moved = other * rng.normal(0.0, (0.35, 0.35, 0.2))
        turned_rad, tilted_rad = (other * rng.normal(0.0, math.radians(2.0), 2)).tolist()
        x, y = (middle + reach * (math.cos(angle), math.sin(angle)) * 1.1 + moved[:2]).tolist()
        height_m = 2.4 + float(moved[2])
        to_x, to_y = (middle - (x, y)).tolist()
        # Aim a third of the way in: near road at the bottom of the picture, far road at the top.
        pitch = math.atan2(height_m, 0.6 * math.hypot(to_x, to_y)) + tilted_rad
        heading = math.atan2(to_y, to_x) + turned_rad
        size = options.cameras_width, options.cameras_height
        cameras.append(Camera.placed(*size, _BESIDE_FOV_RAD, (x, y, height_m), heading, pitch))
    return cameras


def behind(width_px: int, height_px: int) -> Camera:
    """Return the camera of a film, in the car's frame: behind and above it."""
    return Camera.placed(width_px, height_px, _FILM_FOV_RAD, (-0.85, 0.0, 0.5), pitch_rad=math.radians(18))


def above(line: Line, width_px: int, height_px: int) -> Camera:
    """Return a camera that sees the whole track from above, slightly from the south."""
    low, high = line.points.min(axis=0), line.points.max(axis=0)
    middle, (across, deep) = (low + high) / 2, (high - low + 2.4).tolist()
    focal = 0.5 / math.tan(_FILM_FOV_RAD / 2)  # in picture widths
    height_m = max(across * focal, deep * focal * width_px / height_px) * 1.02
    pitch = math.radians(80)
    south = height_m / math.tan(pitch)
    position = np.array([middle[0], middle[1] - south, height_m])
    return Camera.placed(width_px, height_px, _FILM_FOV_RAD, position, math.pi / 2, pitch)
