"""The annotation page: every camera's view, the floor from above, and what is labelled. Holds no logic of its own.

What is looked at (frame and selection) stands in the page's address, so that a reload shows the same again.
"""

from collections.abc import Callable
from functools import partial

from nicegui import context, ui
from nicegui.events import GenericEventArguments, KeyEventArguments
from starlette.routing import BaseRoute

from copycar.core.errors import CopycarError
from copycar.ground.annotating.annotations import Annotations
from copycar.ground.annotating.desk import PLAN, Desk
from copycar.ground.annotating.edits import Place
from copycar.studio.annotate.keys import ACTION_OF, help_lines, key_name
from copycar.studio.annotate.overlay import colour_of, overlay
from copycar.studio.annotate.pictures import floor_address, view_address
from copycar.studio.annotate.pictures import routes as picture_routes
from copycar.studio.pages import Page, Pages
from copycar.studio.shell import script, style

LOOK_AGAIN_S = 1.0
"""Between two looks at whether another program changed the labels."""

MOUSE = ["mousedown", "mousemove", "mouseup", "mouseleave"]
ONLY_DRAGS = "(e) => { if (e.mouse_event_type !== 'mousemove' || e.buttons) emit(e); }"
"""A mouse that only passes by is not worth a message."""

BUTTONS = (("d", "next"), ("a", "before"), ("n", "new thing"), ("c", "take over"), ("i", "fill in"), ("e", "empty"))
MORE_BUTTONS = (("u", "undo"), ("r", "redo"), ("Delete", "remove"), ("g", "unlabelled"), ("s", "train / val"))

STYLE, SCRIPT = "annotate.css", "annotate.js"
PAGES: Pages = {"/": Page("Annotate", "edit_location", f"{__name__}:build", f"{__name__}:routes")}


def routes(annotations: Annotations) -> list[BaseRoute]:
    """Return the page's pictures."""
    return picture_routes(annotations)


def build(annotations: Annotations) -> None:
    """Put the page together for one visitor."""
    AnnotatePage(annotations).build()


class AnnotatePage:
    """The page of one visitor.

    Args:
        annotations: shared by all visitors.
    """

    def __init__(self, annotations: Annotations) -> None:
        self._client = context.client
        self._desk = _desk(annotations, dict(self._client.request.query_params))
        self._images: dict[int, ui.interactive_image] = {}
        self._cells: dict[int, ui.element] = {}
        self._seen: object = None

    def build(self) -> None:
        """Put the elements there and begin to listen."""
        style(STYLE)
        script(SCRIPT)
        cameras = self._desk.annotations.scene.cameras
        with ui.element("div").classes("annotate"):
            with ui.element("div").classes("views") as self._views:
                for view, calibration in enumerate(cameras):
                    self._add_view(view, f"{view + 1}  {calibration.name}")
            with ui.element("div").classes("side"):
                self._title = ui.label().classes("title")
                self._add_slider()
                self._add_view(PLAN, "from above")
                self._said = ui.label().classes("said").props('role="status"')
                self._add_buttons()
                self._list = ui.element("div").classes("bar")
        ui.keyboard(self._on_key, ignore=["input", "textarea"])
        ui.timer(LOOK_AGAIN_S, self._look_again)
        self._show()

    def _add_view(self, view: int, name: str) -> None:
        with ui.element("div").classes("view") as cell:
            ui.label(name).classes("name")
            image = ui.interactive_image(events=MOUSE, cross="#ffffff60", sanitize=False)
            image.props(f'data-view="{view}"')
        arguments = ["mouse_event_type", "image_x", "image_y", "buttons", "shiftKey"]
        image.on("mouse", partial(self._on_mouse, view), arguments, js_handler=ONLY_DRAGS)
        self._images[view], self._cells[view] = image, cell

    def _add_slider(self) -> None:
        with ui.element("div").classes("bar slide"):
            self._slider = ui.slider(min=0, max=1, on_change=lambda event: self._on_slide(event.value)).props("dense")
            self._count = ui.label()

    def _add_buttons(self) -> None:
        for buttons in (BUTTONS, MORE_BUTTONS):
            with ui.element("div").classes("bar"):
                for key, words in buttons:
                    button = ui.button(words, on_click=partial(self._act, key)).props("dense no-caps size=sm")
                    button.tooltip(f"{key}: {ACTION_OF[key].words}")
        with ui.element("div").classes("bar"):
            ui.button("other id", on_click=self._ask_name).props("dense no-caps size=sm").tooltip(
                "m: give it another id"
            )
            ui.button("keys", on_click=_show_help).props("dense no-caps size=sm outline").tooltip("?: all keys")

    def _on_mouse(self, view: int, event: GenericEventArguments) -> None:
        args = event.args
        pixel = (args["image_x"] - 0.5, args["image_y"] - 0.5)  # the first pixel's centre is at 0.5 there, at 0 here
        kind, desk = args["mouse_event_type"], self._desk
        if kind == "mousedown":
            self._do(lambda: desk.press(view, pixel, is_move=bool(args["shiftKey"])))
        elif kind == "mousemove":
            self._do(lambda: desk.drag(view, pixel))
        else:
            self._do(desk.release)

    def _on_key(self, event: KeyEventArguments) -> None:
        if not event.action.keydown:
            return
        name = str(event.key.name)
        ctrl, shift = event.modifiers.ctrl or event.modifiers.meta, event.modifiers.shift
        if name == "?":
            _show_help()
        elif name == "m":
            self._ask_name()
        elif (key := key_name(name, ctrl=bool(ctrl), shift=bool(shift))) in ACTION_OF:
            self._act(key)

    def _act(self, key: str) -> None:
        self._do(lambda: ACTION_OF[key].act(self._desk))

    def _on_slide(self, number: int) -> None:
        split = self._desk.place.split
        frame = self._desk.annotations.frames(split)[int(number)]
        if frame != self._desk.place.frame:
            self._do(lambda: self._desk.go(Place(split, frame)))

    def _ask_name(self) -> None:
        desk = self._desk
        with ui.dialog(value=True) as dialog, ui.card():
            ui.label(f"Another id for {desk.who}")
            name = ui.number("id", value=desk.who, format="%d", min=0, step=1).props("autofocus")
            every = ui.checkbox("in all frames, not only in this one", value=True)

            def rename() -> None:
                dialog.close()
                self._do(lambda: desk.rename(int(name.value), is_everywhere=bool(every.value)))

            name.on("keydown.enter", rename)
            ui.button("rename", on_click=rename)

    def _do(self, act: Callable[[], str | None]) -> None:
        """Do something, say what came of it, and show how things are now."""
        try:
            self._said.text = act() or ""
            self._said.classes(remove="bad")
        except CopycarError as error:
            self._said.text = ". ".join(part for part in (error.what, error.why, error.fix) if part)
            self._said.classes(add="bad")
        self._show()

    def _look_again(self) -> None:
        if self._state() != self._seen:
            self._show()

    def _state(self) -> object:
        return self._desk.place, self._desk.annotations.signature(self._desk.place)

    def _show(self) -> None:
        desk, place = self._desk, self._desk.place
        things, ghosts = desk.things(), desk.ghosts()
        for view, image in self._images.items():
            image.set_source(floor_address(place) if view == PLAN else view_address(place, view))
            width = desk.plan.size[1] if view == PLAN else desk.annotations.scene.cameras[view].camera.width_px
            image.content = overlay(desk.marks(view, things), desk.marks(view, ghosts), desk.who, width)
            self._cells[view].set_visibility(view == PLAN or desk.large in (None, view))
        self._views.classes(add="one" if desk.large is not None else "", remove="" if desk.large is not None else "one")
        self._show_place(is_something=bool(things))
        self._show_list([one.who for one in things])
        self._seen = self._state()
        query = f"split={place.split}&frame={place.frame}" + ("" if desk.who is None else f"&who={desk.who}")
        self._client.run_javascript(f"history.replaceState(null, '', location.pathname + '?{query}')")

    def _show_place(self, *, is_something: bool) -> None:
        annotations, place = self._desk.annotations, self._desk.place
        frames = annotations.frames(place.split)
        number = frames.index(place.frame)
        state = (
            ""
            if is_something
            else ", labelled: nothing is here"
            if annotations.is_labelled(place)
            else ", not labelled"
        )
        selected = "a new thing" if self._desk.who is None else str(self._desk.who)
        self._title.text = f"{place.split} frame {place.frame}{state} · click: {selected}"
        self._slider.props(f"max={len(frames) - 1}")
        self._slider.value = number
        self._count.text = f"{number + 1} of {len(frames)}"

    def _show_list(self, ids: list[int]) -> None:
        self._list.clear()
        with self._list:
            for who in sorted(ids):
                chip = ui.button(str(who), on_click=partial(self._select, who), color=None).props("dense size=sm")
                chip.classes("chip selected" if who == self._desk.who else "chip")
                chip.style(f"background: {colour_of(who)}")

    def _select(self, who: int) -> None:
        self._desk.who = who
        self._show()


def _desk(annotations: Annotations, query: dict[str, str]) -> Desk:
    """Return the desk that the page's address describes; the usual one where it describes none."""
    frame, who = query.get("frame", ""), query.get("who", "")
    place = Place(query.get("split", ""), int(frame)) if frame.isdecimal() else None
    try:
        return Desk(annotations, place, int(who) if who.isdecimal() else None)
    except CopycarError:  # an old address: that frame is gone
        return Desk(annotations)


def _show_help() -> None:
    with ui.dialog(value=True), ui.card():
        ui.label("Click a thing and drag it; click the floor to place one; Shift+click moves the selected one there.")
        with ui.grid(columns="auto 1fr").classes("annotate-keys"):
            for keys, words in (*help_lines(), ("m", "give it another id"), ("?", "these keys")):
                ui.label(keys)
                ui.label(words)
