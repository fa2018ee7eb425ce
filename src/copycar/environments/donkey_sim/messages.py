"""Reads numbers and pictures out of the protocol's messages, and names its scenes. Knows nothing of sockets.

Clients send numbers as texts ("0.3"), simulators as numbers. Unity's axes: x right, y up, z forward, yaw clockwise in
degrees; on the ground, x and z are our x and y.
"""

import base64
import binascii
import math
from collections.abc import Mapping
from typing import Any

import simplejpeg

from copycar.core.frame import Image

Message = dict[str, Any]

PORT = 9091
CTE_PER_M = 8.0
"""The simulator tells positions in metres of its model cars and the cross-track error in Unity's units, 8 of them."""

SCENES = {
    "generated_road": "random:7",
    "warehouse": "square",
    "sparkfun_avc": "kidney",
    "generated_track": "oval",
    "mountain_track": "hairpins",
    "roboracingleague_1": "s-bends",
    "waveshare": "figure",
    "mini_monaco": "long",
    "warren": "random:1",
    "thunderhill": "random:2",
    "circuit_launch": "random:3",
}
"""The simulator's scenes in its own order, and the built-in track that stands for each on our server."""


def number(message: Mapping[str, Any], key: str, otherwise: float = 0.0) -> float:
    """Return a finite number, sent as number or text; `otherwise` where it is missing or none.

    >>> number({"steering": "-0.25"}, "steering"), number({"steering": "left"}, "steering")
    (-0.25, 0.0)
    """
    try:
        value = float(message[key])
    except (KeyError, TypeError, ValueError):
        return otherwise
    return value if math.isfinite(value) else otherwise


def picture(message: Mapping[str, Any]) -> Image | None:
    """Return the camera's picture, uint8 (H, W, 3); None where there is none that can be read."""
    try:
        return simplejpeg.decode_jpeg(base64.b64decode(message["image"], validate=True))  # type: ignore[no-any-return]
    except (KeyError, TypeError, ValueError, binascii.Error):
        return None


def as_text(image: Image) -> str:
    """Return a picture as the protocol sends it: JPEG in base64."""
    return base64.b64encode(simplejpeg.encode_jpeg(image, quality=90)).decode("ascii")


def yaw_deg(heading_rad: float) -> float:
    """Return Unity's yaw of our heading, 0 … 360."""
    return (90.0 - math.degrees(heading_rad)) % 360.0


def heading_rad(yaw: float) -> float:
    """Return our heading, counter-clockwise from +X, of Unity's yaw in degrees."""
    return math.remainder(math.radians(90.0 - yaw), math.tau)


def quaternion(heading: float) -> dict[str, str]:
    """Return Unity's rotation about its upward axis, as texts, for `set_position`."""
    half = math.radians(yaw_deg(heading)) / 2
    return {"Qx": "0.0", "Qy": str(math.sin(half)), "Qz": "0.0", "Qw": str(math.cos(half))}


def heading_of_quaternion(message: Mapping[str, Any]) -> float:
    """Return our heading of Unity's rotation about its upward axis."""
    return heading_rad(math.degrees(2 * math.atan2(number(message, "Qy"), number(message, "Qw", 1.0))))
