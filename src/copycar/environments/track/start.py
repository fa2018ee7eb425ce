"""Where and how an episode starts: the options of `reset`."""

from typing import Literal

from pydantic import Field

from copycar.core.config import Settings


class Start(Settings):
    """Options of `reset(options={...})`."""

    progress: float = Field(default=0.0, ge=0, le=1)
    """Share of the lap that lies behind, in the direction of driving."""

    offset_m: float = Field(default=0.0, ge=-2, le=2)
    """Distance from the centre line, positive to the right in the direction of driving."""

    heading_offset_rad: float = Field(default=0.0, ge=-3.1416, le=3.1416)
    """Angle from the direction of the road, positive to the left."""

    direction: Literal[1, -1] = 1
    """1: counter-clockwise, as the track is drawn; -1: the other way round."""

    speed_mps: float = Field(default=0.0, ge=-1.5, le=3.5)
    """Speed at the start."""
