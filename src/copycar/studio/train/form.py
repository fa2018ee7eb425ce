"""What is asked for: tubs, network, size, augmentation, how long and where. Starts it, and knows no more of it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui

from copycar.learning.settings import AUGMENTATIONS, USUAL_AUGMENTATION
from copycar.studio.failures import tell
from copycar.studio.train.augmentation import AugmentationChoice
from copycar.studio.train.started import THIS_MACHINE, Wish, network_names, places, start
from copycar.studio.workplace import Workplace

USUAL_NETWORK = "copycar"


def draw_form(workplace: Workplace, on_start: Callable[[str], None], on_sent: Callable[[], None]) -> None:
    """Draw the form.

    Args:
        workplace: where tubs and runs are.
        on_start: called with the name of a run once it was started here.
        on_sent: called once a training was sent elsewhere.
    """
    with ui.element("section").classes("train-new").props('aria-labelledby="new-training"'):
        ui.label("New training").props('id="new-training" role="heading" aria-level="2"').classes("train-title")
        with ui.element("div").classes("train-form"):
            fields = _fields(workplace)
            choice = AugmentationChoice(workplace, fields["tubs"], fields["augmentation"])

            async def begin() -> None:
                button.disable()
                try:
                    wish = _wish(fields, choice)
                    name = await asyncio.to_thread(start, workplace, wish)
                    on_start(name) if wish.on == THIS_MACHINE else on_sent()
                    ui.notify(f"{name} is started" + ("" if wish.on == THIS_MACHINE else f" on {wish.on}"))
                except Exception as error:  # noqa: BLE001 - the edge: the visitor is told
                    tell(error)
                finally:
                    button.enable()

            button = (
                ui.button("Start", icon="play_arrow", on_click=begin, color=None)
                .props("id=start unelevated no-caps")
                .classes("shell-action")
            )
        choice.draw()


def _fields(workplace: Workplace) -> dict[str, Any]:
    tubs = workplace.tubs()
    fields: dict[str, Any] = {
        "tubs": ui.select(tubs, multiple=True, value=tubs[:1], label="Tubs").props('use-chips data-field="tubs"'),
        "type": ui.select([USUAL_NETWORK], value=USUAL_NETWORK, label="Network").props('data-field="type"'),
        "resize": ui.input("Picture size for the network", placeholder="as recorded, or 80x60"),
        "augmentation": ui.select([*AUGMENTATIONS], value=USUAL_AUGMENTATION, label="Augmentation"),
        "epochs": ui.number("Epochs (empty: enough)", min=1, precision=0).props('data-field="epochs"'),
        "seed": ui.number("Seed", value=0, min=0, precision=0),
        "name": ui.input("Name of the run", placeholder="date, time and network").props('data-field="name"'),
    }
    fields |= _place_fields()
    if not tubs:
        ui.label("There is no recording in this folder yet: drive first.").props('role="status"')

    async def fill() -> None:
        fields["type"].set_options(await asyncio.to_thread(network_names), value=fields["type"].value)

    ui.timer(0.1, fill, once=True)  # the list of networks needs torch, which takes two seconds to load
    return fields


def _place_fields() -> dict[str, Any]:
    on = ui.select(places(), value=THIS_MACHINE, label="Where").props('data-field="on"')
    bucket = ui.input("Bucket", placeholder="s3://…, gs://…, az://… or a folder").props('data-field="bucket"')
    bucket.bind_visibility_from(on, "value", lambda place: place != THIS_MACHINE)
    return {"on": on, "bucket": bucket}


def _wish(fields: Mapping[str, Any], choice: AugmentationChoice) -> Wish:
    settings: dict[str, Any] = {"type": fields["type"].value, "augmentation": fields["augmentation"].value}
    for name in ("epochs", "seed"):
        if fields[name].value is not None:
            settings[name] = int(fields[name].value)
    if text := (fields["resize"].value or "").strip():
        settings["resize"] = text
    if changed := choice.changed():
        settings["augment"] = changed
    return Wish(
        tubs=tuple(fields["tubs"].value),
        settings=settings,
        name=(fields["name"].value or "").strip(),
        on=fields["on"].value,
        bucket=(fields["bucket"].value or "").strip(),
    )
