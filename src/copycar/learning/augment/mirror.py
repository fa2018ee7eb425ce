"""What a mirrored picture does to everything else that a network reads or answers: names change sides, numbers signs.

Pure functions of names; whoever holds the values applies them: `mirrored = values[..., permutation] * signs`. Knows
nothing of pictures, tubs or torch.
"""

import re
from collections.abc import Sequence

OTHER_SIDE = {"left": "right", "right": "left"}

SIGNS = {
    # how the car stands and steers, positive to one side
    **dict.fromkeys(("angle", "steering", "cte", "cross_track_error_m", "heading_error_rad"), -1.0),
    # how fast and how far
    **dict.fromkeys(("throttle", "brake", "speed", "speed_mps", "distance", "distance_m"), 1.0),
    # donkeycar's IMU mounted as the car's frame: x forward, y left, z up. A mirror turns round what is sideways, and of
    # the turning rates, which are pseudo-vectors, all but that about the sideways axis.
    "acl_x": 1.0,
    "acl_y": -1.0,
    "acl_z": 1.0,
    "gyr_x": -1.0,
    "gyr_y": 1.0,
    "gyr_z": -1.0,
}
"""Factor on a number under the mirror, by the last part of its record key (`user/angle`: `angle`)."""


def mirror_names(names: Sequence[str]) -> tuple[int, ...] | None:
    """Return where each name's mirror image stands in `names`, or None where one has none.

    Names without a side are their own. Sides are the words left and right, in any case, set off by `_`, `-` or a
    space; a partner may be written in another case.

    >>> mirror_names(["Left_Lane", "Right_Lane", "stop"])
    (1, 0, 2)
    >>> mirror_names(["left", "straight"]) is None
    True
    """
    places = {_key(name): place for place, name in enumerate(names)}
    partners = [places.get(_mirrored_key(name)) for name in names]
    return tuple(partner for partner in partners if partner is not None) if None not in partners else None


def mirror_signs(names: Sequence[str]) -> tuple[float, ...] | None:
    """Return the factor +1 or -1 on each number under the mirror, or None where one is not known.

    Numbers that name a side keep their sign and change places with their partner: `mirror_names` says with which.

    >>> mirror_signs(["user/angle", "user/throttle", "enc/left", "enc/right"])
    (-1.0, 1.0, 1.0, 1.0)
    >>> mirror_signs(["lidar/nearest_bearing"]) is None
    True
    """
    signs = [SIGNS.get(name.rpartition("/")[2].casefold(), 1.0 if _has_side(name) else 0.0) for name in names]
    return tuple(signs) if all(signs) else None


def _words(name: str) -> list[str]:
    return re.split(r"[-_\s/]", name.casefold())


def _key(name: str) -> tuple[str, ...]:
    return tuple(_words(name))


def _mirrored_key(name: str) -> tuple[str, ...]:
    return tuple(OTHER_SIDE.get(word, word) for word in _words(name))


def _has_side(name: str) -> bool:
    return any(word in OTHER_SIDE for word in _words(name))
