"""Where a camera stands, from known points: alone, or all cameras together. Knows lenses; knows no files."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import cv2
import numpy as np
from scipy.optimize import least_squares

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.ground.calibrating.floor_points import Seen
from copycar.ground.calibration import Calibration, camera_from
from copycar.tubs.doctor.verdict import Status, Verdict

LEAST_POINTS = 4
SURVEY_M = 0.005
"""Standard deviation of a surveyed place: a tape measure's."""

CLICK_PX = 1.0
GOOD_CM, BAD_CM = 1.0, 5.0
"""Mean error on the floor. A detector takes 0.5 degrees and 2 cm with little harm and fails at 2 degrees and 5 cm
(`benchmarks/ground_robustness.py`)."""

GOOD_PX, BAD_PX = 1.0, 5.0


@dataclass(frozen=True, slots=True)
class PoseError:
    """How far known points are from where a calibration shows them.

    Attributes:
        rms_px, worst_px: in the raw picture.
        mean_cm, worst_cm: on the floor, of the points that lie on it; NaN where none does.
        n_points: known.
    """

    rms_px: float
    worst_px: float
    mean_cm: float
    worst_cm: float
    n_points: int


def pose_alone(calibration: Calibration, seen: Seen) -> Calibration:
    """Return the calibration with the pose that explains its known points best; its lens stays.

    Points on a plane allow two poses; the one above the floor with the smaller error is taken.

    Raises:
        CopycarError: too few points, or all on a line.
    """
    if len(seen.pixels) < LEAST_POINTS:
        raise CopycarError(
            f"{calibration.name} shows {len(seen.pixels)} known points",
            f"{LEAST_POINTS} are needed, 8 spread over the whole area are good",
            "survey more points, or lay more tags",
        )
    candidates = _candidates(calibration, seen)
    above = [one for one in candidates if np.isfinite(one.camera.position_m).all() and one.camera.position_m[2] > 0]
    if not above:
        raise CopycarError(
            f"{calibration.name}: no place above the floor explains its known points",
            "they are exchanged, on one line, or the world's Z axis points down",
            "look at the pixels and metres of each point",
        )
    return min(above, key=lambda one: pose_error(one, seen).rms_px)


def pose_together(calibrations: Mapping[str, Calibration], seen: Mapping[str, Seen]) -> dict[str, Calibration]:
    """Return all calibrations refined at once: poses, and surveyed places within their tolerance.

    Robust against single wrong points (Huber). A point that two cameras show ties them together, also where the survey
    is a little wrong.
    """
    cameras = [name for name in calibrations if name in seen]
    places = {
        point: place for name in cameras for point, place in zip(seen[name].names, seen[name].points_m, strict=True)
    }
    order = {name: number for number, name in enumerate(places)}
    surveyed = np.array(list(places.values()))
    rows = {name: [order[one] for one in seen[name].names] for name in cameras}

    def residuals(state: Array) -> Array:
        poses, points = state[: 6 * len(cameras)].reshape(-1, 6), state[6 * len(cameras) :].reshape(-1, 3)
        parts = [
            (_shown(calibrations[name], pose, points[rows[name]]) - seen[name].pixels).ravel() / CLICK_PX
            for name, pose in zip(cameras, poses, strict=True)
        ]
        return np.concatenate([*parts, ((points - surveyed) / SURVEY_M).ravel()])

    start = np.concatenate([*(_pose_of(calibrations[name]) for name in cameras), surveyed.ravel()])
    state = least_squares(residuals, start, loss="huber", x_scale="jac").x
    poses = state[: 6 * len(cameras)].reshape(-1, 6)
    refined = {name: _posed(calibrations[name], pose) for name, pose in zip(cameras, poses, strict=True)}
    return dict(calibrations) | refined


def pose_error(calibration: Calibration, seen: Seen) -> PoseError:
    """Return how far known points are from where they are shown, in pixels and on the floor."""
    apart = np.hypot(*(calibration.project_raw(seen.points_m) - seen.pixels).T)
    apart = np.where(np.isnan(apart), np.inf, apart)
    on_floor = seen.points_m[:, 2] == 0
    floor_cm = np.full(1, np.nan)
    if on_floor.any():
        matrix = calibration.camera.intrinsics
        pixels = cv2.undistortPoints(seen.pixels[on_floor].reshape(-1, 1, 2), matrix, calibration.distortion, P=matrix)
        found = calibration.camera.ground_points(np.asarray(pixels, dtype=np.float64).reshape(-1, 2))
        floor_cm = 100 * np.hypot(*(found - seen.points_m[on_floor, :2]).T)
        floor_cm = np.where(np.isnan(floor_cm), np.inf, floor_cm)
    rms = float(np.sqrt(np.mean(apart**2)))
    return PoseError(rms, float(apart.max()), float(floor_cm.mean()), float(floor_cm.max()), len(apart))


def judge_pose(calibration: Calibration, seen: Seen) -> Verdict:
    """Return whether a pose can be trusted."""
    error = pose_error(calibration, seen)
    is_bad = error.rms_px > BAD_PX or error.mean_cm > BAD_CM
    is_good = error.rms_px <= GOOD_PX and not error.mean_cm > GOOD_CM
    status: Status = "broken" if is_bad else "ok" if is_good else "look"
    words = (
        f"{error.n_points} known points are {error.rms_px:.2f} px off (worst {error.worst_px:.2f}), on the floor "
        f"{error.mean_cm:.1f} cm (worst {error.worst_cm:.1f}); it stands {calibration.camera.position_m[2]:.2f} m high"
    )
    fix = "" if is_good else "find the wrong point, or the camera was moved: survey it again"
    figures = {name: _finite(value) for name, value in asdict(error).items()}
    return Verdict(f"{calibration.name} pose", status, words, fix=fix, figures=figures)


def _candidates(calibration: Calibration, seen: Seen) -> list[Calibration]:
    """Return every pose that OpenCV finds, each refined."""
    is_flat = np.allclose(seen.points_m[:, 2], seen.points_m[0, 2])
    flags = cv2.SOLVEPNP_IPPE if is_flat else cv2.SOLVEPNP_SQPNP
    known = (seen.points_m, seen.pixels, calibration.camera.intrinsics, calibration.distortion)
    try:
        _, turns, shifts, _ = cv2.solvePnPGeneric(*known, flags=flags)
        poses = [cv2.solvePnPRefineLM(*known, turn, shift) for turn, shift in zip(turns, shifts, strict=True)]
    except cv2.error:  # all points on one line
        return []
    return [_posed(calibration, np.concatenate([turn.ravel(), shift.ravel()])) for turn, shift in poses]


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _posed(calibration: Calibration, pose: Array) -> Calibration:
    """Return the calibration at a pose (6,): OpenCV's rotation vector and translation."""
    camera = calibration.camera
    rotation = np.asarray(cv2.Rodrigues(pose[:3])[0], dtype=np.float64)
    placed = camera_from((camera.height_px, camera.width_px), camera.intrinsics, rotation, pose[3:])
    return replace(calibration, camera=placed)


def _pose_of(calibration: Calibration) -> Array:
    turn = np.asarray(cv2.Rodrigues(calibration.camera.rotation)[0], dtype=np.float64).ravel()
    return np.concatenate([turn, calibration.translation_m])


def _shown(calibration: Calibration, pose: Array, points_m: Array) -> Array:
    pixels, _ = cv2.projectPoints(points_m, pose[:3], pose[3:], calibration.camera.intrinsics, calibration.distortion)
    return np.asarray(pixels, dtype=np.float64).reshape(-1, 2)
