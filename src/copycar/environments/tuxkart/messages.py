"""What the environment and the process with the game in it tell each other. Knows nothing of the game's own library.

Distances are the game's metres: a kart is 1.4 of them long, a road about 10 wide. Places are (x, y, z) in the game's
world: y up, and x to the right of z. Headings are those of copycar on the ground (x, z): radians, counter-clockwise
from +x.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copycar.core.frame import Image

Array = NDArray[np.float64]
Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class RaceWish:
    """What race to open.

    Attributes:
        track: the game's name of the track.
        width, height: size of the pictures, px; 0 by 0 draws none.
        step_s: seconds of the game per step.
        kart: the game's name of the kart model.
        opponents: karts driven by the game itself.
        difficulty: of those, 0 … 2.
        seed: the game's own.
    """

    track: str
    width: int
    height: int
    step_s: float
    kart: str
    opponents: int
    difficulty: int
    seed: int


@dataclass(frozen=True, slots=True)
class TrackShape:
    """The track's main way round, one quadrilateral after the other from the start line on.

    Attributes:
        middles: (N, 3) where each begins, in the middle of the road.
        widths_m: (N,) of the road there.
    """

    middles: Array
    widths_m: Array


class Put(NamedTuple):
    """Put the kart here, standing."""

    place: Place
    heading_rad: float


class Press(NamedTuple):
    """Hold these controls for one step.

    Attributes:
        steering: -1 … 1, positive right.
        acceleration: 0 … 1.
        brake, drift, nitro, rescue: pressed or not; braking goes on into reverse.
    """

    steering: float
    acceleration: float
    brake: bool
    drift: bool
    nitro: bool
    rescue: bool


class Seen(NamedTuple):
    """The world after a `Put` or a `Press`.

    Attributes:
        image: (H, W, 3); None where none is drawn.
        place: of the kart.
        heading_rad: of the kart.
        speed_mps: along the kart's heading, negative backwards.
        is_on_road: what the game says of the ground below.
        max_steering_rad: angle of the front wheels at steering 1; the faster, the less.
        wheelbase_m: of this kart.
        rank: 1 is the first in the race.
        energy: collected nitro.
    """

    image: Image | None
    place: Place
    heading_rad: float
    speed_mps: float
    is_on_road: bool
    max_steering_rad: float
    wheelbase_m: float
    rank: int
    energy: float
