"""Click known floor points in every camera's raw picture. Holds no logic of its own; every click is kept at once."""

from collections.abc import Callable
from functools import partial

import simplejpeg
from nicegui import ui
from nicegui.events import GenericEventArguments
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from copycar.core.errors import CopycarError
from copycar.ground.annotating.marks import Mark
from copycar.ground.calibrating.clicks import ClickedPoints, FloorPoint
from copycar.studio.annotate.overlay import overlay
from copycar.studio.pages import Page, Pages
from copycar.studio.shell import style

PAGES: Pages = {"/": Page("Floor points", "my_location", f"{__name__}:build", f"{__name__}:routes")}
QUALITY = 92
MARKS = {"ok": "✓", "look": "…", "broken": "✗"}


def routes(clicked: ClickedPoints) -> list[BaseRoute]:
    """Return the raw pictures."""

    async def picture(request: Request) -> Response:
        shown = clicked.pictures.get(request.path_params["camera"])
        if shown is None:
            return Response("no such camera", 404)
        return Response(simplejpeg.encode_jpeg(shown, quality=QUALITY, colorsubsampling="444"), media_type="image/jpeg")

    return [Route("/ground/raw/{camera}", picture)]


def build(clicked: ClickedPoints) -> None:
    """Put the page together for one visitor."""
    PointsPage(clicked).build()


class PointsPage:
    """The page of one visitor.

    Args:
        clicked: shared by all visitors.
    """

    def __init__(self, clicked: ClickedPoints) -> None:
        self._clicked = clicked
        self._points = clicked.points()
        self._point: FloorPoint | None = self._points[0] if self._points else None
        self._images: dict[str, ui.interactive_image] = {}

    def build(self) -> None:
        """Put the elements there."""
        style("annotate.css")
        with ui.element("div").classes("annotate"):
            with ui.element("div").classes("views"):
                for name in self._clicked.cameras:
                    self._add_view(name)
            with ui.element("div").classes("side"):
                ui.label("Measure points on the floor, name one here, and click where each camera shows it.")
                with ui.element("div").classes("bar"):
                    self._x, self._y = (ui.number(f"{axis} in metres", format="%.3f") for axis in "xy")
                    ui.button("this point", on_click=lambda: self._do(self._name_point)).props("dense no-caps")
                self._chips = ui.element("div").classes("bar")
                self._said = ui.label().classes("said").props('role="status"')
                with ui.element("div").classes("bar"):
                    for words, act in (
                        ("undo", self._undo),
                        ("not in any picture", self._remove),
                        ("calibrate", self._calibrate),
                    ):
                        ui.button(words, on_click=partial(self._do, act)).props("dense no-caps")
                self._table = ui.column().classes("verdicts")
        self._show()

    def _add_view(self, name: str) -> None:
        with ui.element("div").classes("view"):
            ui.label(name).classes("name")
            image = ui.interactive_image(f"/ground/raw/{name}", events=["click"], cross="#ffffff60", sanitize=False)
            image.props(f'data-view="{name}"')
        image.on("mouse", partial(self._on_click, name), ["image_x", "image_y"])
        self._images[name] = image

    def _on_click(self, name: str, event: GenericEventArguments) -> None:
        pixel = (event.args["image_x"] - 0.5, event.args["image_y"] - 0.5)  # the first pixel's centre is at 0.5 there
        self._do(lambda: self._put(name, pixel))

    def _put(self, name: str, pixel: tuple[float, float]) -> str:
        if self._point is None:
            raise CopycarError("no point is named", fix="type its x and y in metres first")
        self._clicked.put(name, self._point, pixel)
        return f"{_words(self._point)} in {name}"

    def _name_point(self) -> str:
        if self._x.value is None or self._y.value is None:
            raise CopycarError("a point has an x and a y", fix="type both, in metres")
        self._select((float(self._x.value), float(self._y.value), 0.0))
        return "now click where each camera shows it"

    def _select(self, point: FloorPoint) -> None:
        self._point = point
        if point not in self._points:
            self._points.append(point)

    def _undo(self) -> str:
        return "undone" if self._clicked.undo() else "nothing to undo"

    def _remove(self) -> str:
        if self._point is None:
            raise CopycarError("no point is named", fix="choose one")
        point = self._point
        for name, of_camera in self._clicked.pixels().items():
            if point in of_camera:
                self._clicked.put(name, point, None)
        self._points.remove(point)
        self._point = self._points[0] if self._points else None
        return f"{_words(point)} is in no picture any more"

    def _calibrate(self) -> str:
        return "wrote " + ", ".join(path.name for path in self._clicked.calibrate())

    def _do(self, act: Callable[[], str]) -> None:
        try:
            self._said.text = act()
            self._said.classes(remove="bad")
        except CopycarError as error:
            self._said.text = ". ".join(part for part in (error.what, error.why, error.fix) if part)
            self._said.classes(add="bad")
        self._show()

    def _show(self) -> None:
        known = self._clicked.pixels()
        self._points += [point for point in self._clicked.points() if point not in self._points]
        selected = self._points.index(self._point) if self._point in self._points else None
        for name, image in self._images.items():
            marks = [
                Mark(number, known[name][point], None)
                for number, point in enumerate(self._points)
                if point in known[name]
            ]
            image.content = overlay(marks, [], selected, self._clicked.cameras[name].camera.width_px)
        self._chips.clear()
        with self._chips:
            for number, point in enumerate(self._points):
                chip = ui.button(f"{number}: {_words(point)}", on_click=partial(self._choose, point)).props(
                    "dense no-caps size=sm"
                )
                chip.classes("chip selected" if point == self._point else "chip")
        self._table.clear()
        with self._table:
            for verdict in self._clicked.judge():
                ui.label(f"{MARKS[verdict.status]} {verdict.name}: {verdict.words}")

    def _choose(self, point: FloorPoint) -> None:
        self._select(point)
        self._show()


def _words(point: FloorPoint) -> str:
    return f"{point[0]:g}, {point[1]:g} m"
