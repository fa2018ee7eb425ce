"""The car page: connect, then health, calibration, recordings and policies. Knows how they stand together."""

from nicegui import ui

from copycar.core.state_folder import state_folder
from copycar.studio.car.calibrate import draw_calibration
from copycar.studio.car.connect import Connected, draw_connect
from copycar.studio.car.health import draw_health
from copycar.studio.car.known import KnownCars
from copycar.studio.car.transfer import draw_policies, draw_tubs
from copycar.studio.shell import script, style
from copycar.studio.workplace import Workplace


def build(workplace: Workplace) -> None:
    """Draw the page."""
    style("car/car.css")
    script("car/hold.js")

    def show(car: Connected) -> None:
        shown.clear()
        with shown:
            draw_health(car.link, car.health)
            draw_calibration(car.link, car.calibration)
            draw_tubs(workplace, car.link)
            draw_policies(workplace, car.link)

    draw_connect(KnownCars(state_folder()), show)
    shown = ui.element("div").props('id="car"')
