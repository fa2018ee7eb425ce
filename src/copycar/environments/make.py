"""Makes an environment by name. Knows the names; knows nothing of what is behind them."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from copycar.core.errors import CopycarError, require
from copycar.environments.kinds import ENVIRONMENTS, KINDS, kind_of, make_of_kind
from copycar.environments.track.shapes import SUMMARIES, track_names, versioned

if TYPE_CHECKING:
    import gymnasium

TRACK_ID = "copycar/Track-v0"


def make_environment(name: str, **options: Any) -> "gymnasium.Env[Any, Any]":
    """Make the environment called `name`.

    Args:
        name: `track:oval`, `track:oval-v1`, `track:random:7`; the same without `track:`; `copycar/Track-v0`;
            `prefix:rest` of another kind or an installed plug-in; or the id of a gymnasium environment that keeps
            copycar's contract.
        options: what that environment takes; for the built-in track see `TrackOptions`.

    Raises:
        CopycarError: unknown name or option, with the nearest known one, or a missing extra.
        DeviceError: the renderer cannot start on this machine.
    """
    require("gymnasium", "sim")
    prefix, _, rest = name.partition(":")
    if rest and prefix in ENVIRONMENTS:
        return make_of_kind(prefix, rest, options)
    if name == TRACK_ID:
        return make_of_kind("track", options.pop("track", "oval"), options)
    if _is_track(name):
        return make_of_kind("track", name, options)
    return _made_by_gymnasium(name, options)


def environments() -> list[dict[str, str]]:
    """Return `{"name", "summary"}` of every built-in track, every other kind and every plug-in."""
    tracks = [{"name": f"track:{name}", "summary": summary} for name, summary in SUMMARIES.items()]
    kinds = [{"name": kind.example, "summary": kind.summary} for prefix, kind in KINDS.items() if prefix != "track"]
    plugins = [{"name": f"{prefix}:", "summary": "plug-in"} for prefix in ENVIRONMENTS if prefix not in KINDS]
    return tracks + kinds + plugins


def takes_camera_size(name: str) -> bool:
    """Return whether the options `width` and `height` choose the size of the pictures of the environment `name`."""
    kind = kind_of(name)
    return kind.takes_size if kind else is_built_in_track(name)


def is_single(name: str) -> bool:
    """Return whether there is one such world at a time: one window, one simulator."""
    kind = kind_of(name)
    return bool(kind and kind.is_single)


def is_built_in_track(name: str) -> bool:
    """Return whether `name` is a name of the built-in track."""
    return name == TRACK_ID or name.startswith("track:") or _is_track(name)


def _is_track(name: str) -> bool:
    try:
        versioned(name)
    except CopycarError:
        return False
    return True


def _made_by_gymnasium(name: str, options: dict[str, Any]) -> "gymnasium.Env[Any, Any]":
    gymnasium = require("gymnasium", "sim")
    try:
        made = gymnasium.make(name, **options)
    except (gymnasium.error.UnregisteredEnv, ModuleNotFoundError) as error:
        raise CopycarError(f"unknown environment {name!r}", fix=_nearest(name, gymnasium.registry)) from error
    return _drivable(made, name)


def _nearest(name: str, registered: Iterable[str]) -> str:
    """Return advice for a mistyped name; gymnasium's own dozens of ids are not listed."""
    ours = [*(f"track:{track}" for track in [*track_names(), "random:7"]), TRACK_ID]
    asked = name if ":" in name or "/" in name else f"track:{name}"
    close = [*get_close_matches(name, registered, n=1, cutoff=0.8), *get_close_matches(asked, ours, n=1)]
    question = f"did you mean {close[0]}? " if close else ""
    return f"{question}`copycar environments` lists them"


def _drivable(environment: "gymnasium.Env[Any, Any]", name: str) -> "gymnasium.Env[Any, Any]":
    """Return the environment where it shows a picture and takes steering and throttle.

    Raises:
        CopycarError: it does not.
    """
    seen, done = environment.observation_space, environment.action_space
    if "image" in getattr(seen, "spaces", {}) and done.shape == (2,):
        return environment
    environment.close()
    raise CopycarError(
        f"{name} cannot be driven",
        f"it shows {seen} and takes {done}",
        'wrap it: the observation is a Dict with "image", uint8 (H, W, 3); the action is Box(-1, 1, (2,))',
    )
