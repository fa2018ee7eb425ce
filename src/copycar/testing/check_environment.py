"""Checks that an environment keeps copycar's contract: keys, types, signs, reset and rescue. For anybody's environment.

Knows nothing of how the environment works inside; drives it for some seconds and looks at what comes out.
`gymnasium.utils.env_checker.check_env` checks the rest of what a gymnasium environment promises.
"""

import math
from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np

from copycar.core.errors import GateError
from copycar.core.frame import Action
from copycar.environments.starts import can_start_anywhere

INFO_KEYS: dict[str, tuple[type, ...]] = {
    "lap": (int,),
    "progress": (float,),
    "distance_m": (float,),
    "cross_track_error_m": (float,),
    "heading_error_rad": (float,),
    "speed_mps": (float,),
    "is_off_track": (bool,),
    "is_collision": (bool,),
    "collision_with": (str,),
    "is_wrong_way": (bool,),
    "lap_time_s": (float, type(None)),
    "position_m": (tuple,),
    "heading_rad": (float,),
}
"""What `info` holds after every reset and step where the environment knows its road, and its types.

A game behind a window, say, may tell nothing of this; but what is told under these names has these types, and whoever
tells `cross_track_error_m` tells all but `MAY_BE_UNKNOWN`. `sim_time_s` (float) too, unless the world is live.

lap: laps finished; progress: share of the present lap, 0 ... 1; distance_m: along the centre line since reset;
cross_track_error_m: positive right of the line; heading_error_rad: positive pointing left of it; speed_mps: along the
car's heading, negative backwards; is_off_track: the car's centre is beyond the road's edge; collision_with: "",
"scenery" or "car"; lap_time_s: of the last finished lap; position_m: (x, y); heading_rad: counter-clockwise from +X.
"""

MAY_BE_UNKNOWN = ("is_collision", "collision_with", "heading_error_rad", "position_m", "heading_rad")
"""What a place that knows its road may still not know: what a car touches, or where its road lies in the world."""

_STRAIGHT, _RIGHT, _LEFT = Action(0.0, 0.5), Action(1.0, 0.5), Action(-1.0, 0.5)


def check_environment(environment: gymnasium.Env[Any, Any]) -> None:
    """Drive `environment` for some seconds and compare it with the contract.

    What an environment does not know is not asked of it: without a road in `info` there are no signs to check, without
    `rescue()` no rescue, and the starts are checked where it says that it `starts_anywhere`.

    Raises:
        GateError: naming every broken rule; first of the spaces, then of `info`, then of how it drives.
    """
    faults = _faults_of_spaces(environment)
    faults = faults or _faults_of_info(environment)  # with other actions it cannot be driven
    if not faults and _knows_its_road(environment.reset(seed=0)[1]):
        faults = [
            *(_faults_of_starts(environment) if can_start_anywhere(environment) else []),
            *_faults_of_signs(environment),
            *(_faults_of_rescue(environment) if environment.has_wrapper_attr("rescue") else []),
        ]
    if faults:
        raise GateError(f"{environment} breaks {len(faults)} rule(s) of an environment", "; ".join(faults))


def _faults_of_spaces(environment: gymnasium.Env[Any, Any]) -> list[str]:
    faults = []
    picture = getattr(environment.observation_space, "spaces", {}).get("image")
    if picture is None or picture.dtype != np.uint8 or len(picture.shape) != 3 or picture.shape[2] != 3:
        faults.append('observation_space must be a Dict with "image", uint8 (H, W, 3)')
    action = environment.action_space
    if not isinstance(action, gymnasium.spaces.Box) or action.shape != (2,) or action.dtype != np.float32:
        faults.append("action_space must be Box(-1, 1, (2,), float32): steering, throttle")
    if not environment.has_wrapper_attr("stop"):
        faults.append("there is no stop()")
    return faults


def _faults_of_info(environment: gymnasium.Env[Any, Any]) -> list[str]:
    first, at_reset = environment.reset(seed=0)
    second, *_, info = environment.step(_STRAIGHT.as_array())
    is_shared = np.shares_memory(first["image"], second["image"])
    shared = ["every picture must be a new array: recordings keep them"] if is_shared else []
    return [*shared, *_faults_of_keys(at_reset, "reset"), *_faults_of_keys(info, "step")]


def _faults_of_keys(info: Mapping[str, Any], when: str) -> list[str]:
    faults = []
    for key, types in INFO_KEYS.items():
        if key not in info:
            if _knows_its_road(info) and key not in MAY_BE_UNKNOWN:
                faults.append(f"info of {when} has no {key!r}")
        elif type(info[key]) not in types:
            names = " or ".join(kind.__name__ for kind in types)
            faults.append(f"info[{key!r}] of {when} is {type(info[key]).__name__}, not {names}")
        elif isinstance(info[key], float) and not math.isfinite(info[key]):
            faults.append(f"info[{key!r}] of {when} is {info[key]}")
    return faults


def _faults_of_starts(environment: gymnasium.Env[Any, Any]) -> list[str]:
    wanted = {"progress": 0.25, "offset_m": 0.1, "heading_offset_rad": 0.2}
    faults = []
    for direction in (1, -1):
        _, info = environment.reset(seed=0, options={**wanted, "direction": direction})
        got = (info["progress"], info["cross_track_error_m"], info["heading_error_rad"])
        if not np.allclose(got, list(wanted.values()), atol=0.03):
            faults.append(f"reset to {wanted} in direction {direction} gave {np.round(got, 3).tolist()}")
        if info["lap"] != 0 or abs(info["distance_m"]) > 1e-6:
            faults.append("a reset must begin with lap 0 and distance_m 0")
    return faults


def _faults_of_signs(environment: gymnasium.Env[Any, Any]) -> list[str]:
    straight, right, left = (_driven(environment, action) for action in (_STRAIGHT, _RIGHT, _LEFT))
    faults = []
    if not straight["distance_m"] > 0.05 or not straight["speed_mps"] > 0:
        faults.append("throttle > 0 must drive forward: distance_m and speed_mps grow")
    if not left["cross_track_error_m"] < right["cross_track_error_m"]:
        faults.append("steering > 0 must turn right: cross_track_error_m grows to the right")
    if "heading_error_rad" in left and not right["heading_error_rad"] < left["heading_error_rad"]:
        faults.append("steering > 0 must turn right: heading_error_rad is positive to the left")
    return faults


def _driven(environment: gymnasium.Env[Any, Any], action: Action, n_steps: int = 12) -> Mapping[str, Any]:
    _, info = environment.reset(seed=0)
    for _ in range(n_steps):
        _, _, terminated, truncated, info = environment.step(action.as_array())
        if terminated or truncated:
            break
    return info


def _faults_of_rescue(environment: gymnasium.Env[Any, Any]) -> list[str]:
    before = _driven(environment, _RIGHT, 20)
    observation, info = environment.get_wrapper_attr("rescue")()
    faults = []
    if not environment.observation_space.contains(dict(observation)):
        faults.append("rescue must return an observation of the observation space")
    placed = (info["cross_track_error_m"], info.get("heading_error_rad", 0.0) / 2, info["speed_mps"])
    if any(abs(off) > 0.05 for off in placed):
        faults.append("rescue must put the car on the centre line, along it, standing")
    if abs(info["distance_m"] - before["distance_m"]) > 1.0:
        faults.append("rescue must put the car back at its nearest point, and distance_m goes on")
    return faults


def _knows_its_road(info: Mapping[str, Any]) -> bool:
    return "cross_track_error_m" in info
