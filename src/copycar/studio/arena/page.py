"""The arena page: the same frames above, the same track below. Knows how they stand together and nothing else."""

from nicegui import ui

from copycar.studio.arena.frames import draw_frames
from copycar.studio.arena.race import draw_race
from copycar.studio.shell import script, style
from copycar.studio.workplace import Workplace


def build(workplace: Workplace) -> None:
    """Draw the page."""
    style("arena/arena.css")
    script("arena/ghosts.js")
    with ui.element("section").classes("arena-part").props('aria-labelledby="same-frames"'):
        ui.label("The same frames").props('id="same-frames" role="heading" aria-level="2"').classes("arena-title")
        ui.label("Everybody answers every frame of one recording.").classes("arena-quiet")
        draw_frames(workplace)
    with ui.element("section").classes("arena-part").props('aria-labelledby="same-track"'):
        ui.label("The same track").props('id="same-track" role="heading" aria-level="2"').classes("arena-title")
        ui.label(
            "Everybody drives the same starts; then their first drives are played back together, as ghosts."
        ).classes("arena-quiet")
        draw_race(workplace)
