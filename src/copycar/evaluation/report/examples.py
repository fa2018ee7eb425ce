"""Held-out frames with what the driver did and what the policy says, as pictures in the page."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Action
from copycar.tubs.jpeg import encode_jpeg

FULL_TURN_RAD = 0.8
"""How far a steering of 1 leans the line: more than any car's wheels turn (0.4 to 0.5), so that it can be seen."""


@dataclass(frozen=True, slots=True)
class Example:
    """A frame that the policy has not learned from.

    Attributes:
        image: uint8 (H, W, 3) RGB.
        label: what the driver did.
        said: what the policy says.
    """

    image: NDArray[np.uint8]
    label: Action
    said: Action


def examples_section(examples: Sequence[Example]) -> str:
    """Return the frames with two lines each: where the driver steered and where the policy steers."""
    figures = "".join(map(_figure, examples))
    return (
        "<p>Frames that it has not learned from. The lines lean to where the wheels point: "
        '<span class="key e1">the driver</span> <span class="key e4">the policy</span></p>'
        f'<div class="examples">{figures}</div>'
    )


def _figure(example: Example) -> str:
    height, width = example.image.shape[:2]
    data = base64.b64encode(encode_jpeg(example.image)).decode("ascii")
    lines = "".join(
        f'<path class="{name}" d="M{width / 2} {height}L{_tip(action.steering, width, height)}"/>'
        for name, action in (("e1", example.label), ("e4", example.said))
    )
    return (
        f'<figure><svg viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'href="data:image/jpeg;base64,{data}"/>{lines}</svg><figcaption>steering {example.label.steering:+.2f}, '
        f"it says {example.said.steering:+.2f}; throttle {example.label.throttle:+.2f}, "
        f"{example.said.throttle:+.2f}</figcaption></figure>"
    )


def _tip(steering: float, width: int, height: int) -> str:
    angle, length = steering * FULL_TURN_RAD, 0.6 * height
    return f"{width / 2 + length * np.sin(angle):.1f} {height - length * np.cos(angle):.1f}"
