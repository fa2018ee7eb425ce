"""The kinds of places to drive, by prefix. Knows of each only what must be known before it loads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from copycar.core.errors import require
from copycar.core.registry import Registry

if TYPE_CHECKING:
    import gymnasium


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of environment.

    Attributes:
        summary: what it is, in a few words.
        example: a name to try; what follows the colon is up to the kind.
        needs: (module, extra) of each optional package.
        takes_size: whether the options `width` and `height` choose the size of its pictures.
        is_single: whether there is one such world at a time, as one window or one simulator: evaluations then drive
            their trials one after the other.
    """

    summary: str
    example: str
    needs: tuple[tuple[str, str], ...] = ()
    takes_size: bool = False
    is_single: bool = False


KINDS = {
    "track": Kind("the built-in track", "track:oval", (("gymnasium", "sim"), ("panda3d", "sim")), takes_size=True),
    "gym": Kind(
        "any gymnasium id, or a TOML file that says how to drive one",
        "gym:CarRacing-v3",
        (("gymnasium", "sim"),),
    ),
    "tuxkart": Kind(
        "SuperTuxKart: any of its race tracks, or a TOML file that describes a race",
        "tuxkart:lighthouse",
        (("gymnasium", "sim"), ("pystk2", "games")),
        takes_size=True,
    ),
    "n64": Kind(
        "a Nintendo 64 game of yours in an emulator: its ROM, or a TOML file that names it",
        "n64:game.z64",
        (("gymnasium", "sim"), ("mss", "games")),
        takes_size=True,
    ),
    "donkey-sim": Kind(
        "a running donkey simulator, by its scene; `copycar serve donkey-sim` is one",
        "donkey-sim:generated_track",
        (("gymnasium", "sim"),),
        takes_size=True,
        is_single=True,
    ),
    "screen": Kind(
        "a game in a window, by its title; or `drag`, or a TOML file that describes it",
        "screen:SuperTuxKart",
        (("gymnasium", "sim"), ("mss", "games")),
        takes_size=True,
        is_single=True,
    ),
}

_HERE = "copycar.environments"

ENVIRONMENTS: Registry[Any] = Registry(
    "environment",
    "copycar.environments",
    {
        "track": f"{_HERE}.track.environment:TrackEnvironment",
        "donkey-sim": f"{_HERE}.donkey_sim.environment:DonkeySimEnvironment",
        "gym": f"{_HERE}.gym_id.environment:GymEnvironment",
        "n64": f"{_HERE}.n64.environment:N64Environment",
        "screen": f"{_HERE}.screen.environment:ScreenEnvironment",
        "tuxkart": f"{_HERE}.tuxkart.environment:TuxkartEnvironment",
    },
)
"""Prefix to factory. `track:oval` calls the factory of `track` with "oval" and the options."""


def make_of_kind(prefix: str, rest: str, options: dict[str, Any]) -> "gymnasium.Env[Any, Any]":
    """Make an environment of the kind `prefix`.

    Raises:
        CopycarError: an extra is missing, or what the factory says.
    """
    for module, extra in KINDS[prefix].needs if prefix in KINDS else ():
        require(module, extra)
    return ENVIRONMENTS.get(prefix)(rest, **options)  # type: ignore[no-any-return]


def kind_of(name: str) -> Kind | None:
    """Return the kind that `name` begins with; None for other names and for the kinds of plug-ins."""
    prefix, _, rest = name.partition(":")
    return KINDS.get(prefix) if rest else None
