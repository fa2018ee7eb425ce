"""The pictures of the annotation page: undistorted views, and the floor that they show together. Changes nothing."""

from collections.abc import Callable
from functools import lru_cache

import simplejpeg
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.ground.annotating.annotations import Annotations
from copycar.ground.annotating.desk import PLAN_PX
from copycar.ground.annotating.edits import Place
from copycar.ground.frames import FrameReader, size_within
from copycar.ground.plan import Plan
from copycar.ground.stitch import Stitcher

QUALITY = 90
KEPT = 64
"""Pictures in memory: going back and forth between frames is quick."""

FLOOR_WIDTH_PX = 640
"""Views are scaled to this before they are laid on the floor: the plan has no more pixels than that."""

LOOKED_UP_AGAIN_S = 3600

Draw = Callable[[Place, int], Image]


def view_address(place: Place, view: int) -> str:
    """Return where the picture of a view is, `view` from 0."""
    return f"/ground/views/{place.split}/{place.frame}/{view}"


def floor_address(place: Place) -> str:
    """Return where the floor of a frame is."""
    return f"/ground/floors/{place.split}/{place.frame}/0"


def routes(annotations: Annotations) -> list[BaseRoute]:
    """Return the pictures of a project."""
    pattern = "/{split}/{frame:int}/{view:int}"
    return [
        Route(f"/ground/views{pattern}", _endpoint(_views_of(annotations))),
        Route(f"/ground/floors{pattern}", _endpoint(_floors_of(annotations))),
    ]


def _endpoint(draw: Draw) -> Callable[[Request], object]:
    @lru_cache(maxsize=KEPT)
    def encoded(place: Place, view: int) -> bytes:
        data: bytes = simplejpeg.encode_jpeg(draw(place, view), quality=QUALITY, colorsubsampling="444")
        return data

    async def answer(request: Request) -> Response:
        values = request.path_params
        place = Place(values["split"], values["frame"])
        try:
            data = await run_in_threadpool(encoded, place, values["view"])
        except CopycarError as error:
            return Response(str(error), 404)
        headers = {"Cache-Control": f"private, max-age={LOOKED_UP_AGAIN_S}"}
        return Response(data, media_type="image/jpeg", headers=headers)

    return answer


def _views_of(annotations: Annotations) -> Draw:
    cameras = annotations.scene.cameras
    readers = [FrameReader([one], (one.camera.height_px, one.camera.width_px)) for one in cameras]

    def draw(place: Place, view: int) -> Image:
        if not 0 <= view < len(cameras):
            raise CopycarError(f"there is no camera {view + 1}")
        return readers[view].view(0, annotations.moment(place).pictures[view])

    return draw


def _floors_of(annotations: Annotations) -> Draw:
    scene = annotations.scene
    size = size_within(scene.cameras, FLOOR_WIDTH_PX)
    plan, reader = Plan.fitting(scene.area, PLAN_PX), FrameReader(scene.cameras, size)
    stitcher = Stitcher([calibration.scaled(*size) for calibration in scene.cameras], plan)

    def draw(place: Place, _: int) -> Image:
        moment = annotations.moment(place)
        return stitcher.floor(reader.read(moment)) if moment.is_complete else plan.blank()

    return draw
