"""A slider that follows the hand at once. Knows nothing of what it sets."""

from nicegui import ui


class QuickSlider(ui.slider):
    """NiceGUI's slider, whose knob moves in the browser itself.

    NiceGUI's own waits for the server's echo of every step: over a slow link fast keys are lost.
    """

    LOOPBACK = False
