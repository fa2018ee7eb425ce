"""Films and pictures of what a detector found: the ground from above, every camera with boxes, mean heat maps.

Reads the evaluation file, not the network: what is drawn is what was judged. File names begin as MARMOT's do.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from copycar.core.camera import Array
from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.core.progress import OnProgress
from copycar.ground.boxes import boxes_around
from copycar.ground.calibration import Calibration
from copycar.ground.evaluation_file import GROUND_MAP, VIEW_MAP, Evaluation, mean_maps, read_evaluation
from copycar.ground.frames import FrameReader, size_within
from copycar.ground.layouts.project import TRAINING
from copycar.ground.pictures import write_picture
from copycar.ground.plan import COLOURS, INK, SOFT, Colour, Plan, write_text
from copycar.ground.scene import Moment, Scene, Thing
from copycar.ground.stitch import Stitcher
from copycar.tubs.film import film_writer

PLAN_PX, VIEW_PX = 960, 480
"""Longer side of the plan, and width of one camera's picture in the film."""

QUALITY = 24
FOUND, TRUTH = COLOURS[1], COLOURS[0]


def visualize(
    scene: Scene, evaluation_file: Path, folder: Path | None = None, on_progress: OnProgress | None = None
) -> dict[str, Path]:
    """Draw everything and return the files by what they show.

    Args:
        scene: whose pictures were looked at.
        evaluation_file: what was found in them.
        folder: where files go; None: `2-training/visualization`.
        on_progress: is told (moments drawn, moments in all).

    Raises:
        CopycarError: the file is missing or of another scene, or a picture is damaged.
    """
    folder = folder or scene.folder / TRAINING / "visualization"
    folder.mkdir(parents=True, exist_ok=True)
    evaluation = read_evaluation(evaluation_file)
    moments = _moments_of(scene, evaluation, evaluation_file)
    files = {"ground": folder / "evaluation_visualization.mp4", "cameras": folder / "evaluation_cameras.mp4"}
    _film(scene, evaluation, moments, files, on_progress)
    return files | _mean_pictures(scene, evaluation, evaluation_file, folder)


def draw_views(pictures: Image, cameras: Sequence[Calibration], points_m: Array, thing: Thing, colour: Colour) -> Image:
    """Return all cameras' pictures (V, H, W, 3) beside each other, two a row, with a box around every thing."""
    boxes = boxes_around(points_m, thing, cameras)
    drawn = []
    for view, picture in enumerate(pictures):
        canvas = np.ascontiguousarray(picture)
        for box in boxes[:, view]:
            if not np.isnan(box).any():
                left, top, right, bottom = np.rint(box).astype(int).tolist()
                cv2.rectangle(canvas, (left, top), (right, bottom), colour, 1, cv2.LINE_AA)
        write_text(canvas, cameras[view].name, (6, 16))
        drawn.append(canvas)
    if len(drawn) % 2 and len(drawn) > 1:
        drawn.append(np.zeros_like(drawn[0]))
    rows = [np.hstack(drawn[start : start + 2]) for start in range(0, len(drawn), 2)]
    return np.vstack(rows)


def draw_found(plan: Plan, picture: Image, found_m: Array, truths_m: Array | None) -> None:
    """Draw detections as filled dots and truths as rings into a picture of the plan."""
    plan.draw_dots(picture, found_m, FOUND, 4)
    if truths_m is not None:
        for x, y in np.rint(plan.pixels(truths_m) * 8).astype(int).tolist():
            cv2.circle(picture, (x, y), 8 * 8, TRUTH, 1, cv2.LINE_AA, 3)


def heat_picture(plan: Plan, heat: Array) -> Image:
    """Return a heat map (rows, columns) over the area as a picture of the plan, dark to bright."""
    return _coloured(plan.spread(_of_its_most(heat.astype(np.float64))))


def _of_its_most(heat: Array) -> Array:
    return heat / (float(heat.max()) or 1.0)


def _coloured(shares: Array) -> Image:
    """Return shares, 0 … 1, as colours, dark to bright."""
    coloured = cv2.applyColorMap(np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8), cv2.COLORMAP_INFERNO)
    return np.ascontiguousarray(coloured[..., ::-1], dtype=np.uint8)  # OpenCV's order is BGR


def even(picture: Image) -> Image:
    """Return the picture with a last row and column repeated where their number is odd, as films want them."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _moments_of(scene: Scene, evaluation: Evaluation, path: Path) -> list[Moment]:
    known = {moment.number: moment for moment in scene.moments[str(evaluation.about.get("split", "val"))]}
    moments = [known.get(number) for number in evaluation.frames.tolist()]
    found = [moment for moment in moments if moment is not None and moment.is_complete]
    if len(found) < len(moments) or not found:
        raise CopycarError(
            f"{path} is of other frames than {scene.folder} holds",
            f"{len(moments) - len(found)} of {len(moments)} frames are missing",
            "validate again: copycar ground validate PROJECT",
        )
    return found


def _film(
    scene: Scene,
    evaluation: Evaluation,
    moments: Sequence[Moment],
    files: dict[str, Path],
    on_progress: OnProgress | None,
) -> None:
    size = size_within(scene.cameras, VIEW_PX)
    cameras = [calibration.scaled(*size) for calibration in scene.cameras]
    reader, plan = FrameReader(scene.cameras, size), Plan.fitting(scene.area, PLAN_PX)
    stitcher = Stitcher(cameras, plan)
    rows, columns = -(-len(cameras) // 2), min(2, len(cameras))
    views_size = tuple(side + side % 2 for side in (size[0] * rows, size[1] * columns))
    look: Any = {"rate_hz": scene.rate_hz, "quality": QUALITY, "preset": "veryfast"}
    with (
        film_writer(files["ground"], plan.size, **look) as add_ground,
        film_writer(files["cameras"], (views_size[0], views_size[1]), **look) as add_views,
    ):
        for number, (moment, found) in enumerate(zip(moments, evaluation.detections, strict=True), 1):
            pictures = reader.read(moment)
            floor = stitcher.floor(pictures)
            draw_found(plan, floor, found.points_m, moment.truth.points_m if moment.truth else None)
            write_text(floor, f"frame {moment.number}   dots: found   rings: labelled", (plan.margin, 18), SOFT)
            add_ground(floor)
            views = draw_views(pictures, cameras, found.points_m, scene.thing, FOUND)
            add_views(even(views))
            if on_progress:
                on_progress(number, len(moments))


def _mean_pictures(scene: Scene, evaluation: Evaluation, path: Path, folder: Path) -> dict[str, Path]:
    """Write the mean heat map of the ground and of every view."""
    means = mean_maps(path)
    plan, files = Plan.fitting(scene.area, PLAN_PX), {}
    ground = heat_picture(plan, means[GROUND_MAP])
    write_text(ground, f"mean over {len(evaluation.frames)} frames", (plan.margin, 18), INK)
    files["heat"] = folder / f"evaluation_visualization_{GROUND_MAP}.png"
    write_picture(files["heat"], ground)
    for view, calibration in enumerate(scene.cameras):
        name = VIEW_MAP.format(view)
        larger = cv2.resize(_coloured(_of_its_most(means[name])), None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)
        files[f"heat {calibration.name}"] = folder / f"evaluation_visualization_{name}.png"
        write_picture(files[f"heat {calibration.name}"], np.asarray(larger, dtype=np.uint8))
    return files
