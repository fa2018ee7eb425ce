"""Finds the game's tracks and pictures on this machine, and lays them out as its Python module wants them.

The module, pystk2 0.7.4, looks for the data of SuperTuxKart 1.5 in the user's cache. Debian and Ubuntu ship those of
1.4 as `supertuxkart-data`: they do as well, with two files and one menu skin under the names of 1.5. They are linked,
never copied. Knows nothing of the game itself.
"""

import os
from pathlib import Path
from xml.etree import ElementTree

from copycar.core.errors import CopycarError, did_you_mean

SYSTEM_DATA = (
    Path("/usr/share/games/supertuxkart/data"),  # Debian, Ubuntu
    Path("/usr/share/supertuxkart/data"),  # Fedora, Arch
)
MODULE_FOLDER = Path("PySuperTuxKart2")
_VERSION = "1.5"
_IS_COMPLETE = "__downloaded__.txt"
_NO_ROADS = ("arena", "soccer", "ctf", "internal", "cutscene")
"""Marks in `track.xml` of what is no race track."""


def find_data() -> Path:
    """Return the folder with the game's `tracks` and `karts`: what pystk2 has fetched itself, or the system's.

    Raises:
        CopycarError: there is none.
    """
    fetched = _users_cache() / MODULE_FOLDER / _VERSION
    if (fetched / _IS_COMPLETE).is_file():
        return fetched / "data"
    for folder in SYSTEM_DATA:
        if (folder / "tracks").is_dir():
            return folder
    raise CopycarError(
        "the tracks and karts of SuperTuxKart are not on this machine",
        f"neither {fetched} nor {SYSTEM_DATA[0]} is there",
        "apt-get install supertuxkart-data (630 MB), or let pystk2 fetch them: "
        'python -c "import pystk2; pystk2.init(pystk2.GraphicsConfig.none())"',
    )


def lay_out(data: Path, cache: Path) -> None:
    """Make `cache` a user's cache in which pystk2 finds `data`."""
    place = cache / MODULE_FOLDER / _VERSION
    skins = place / "data" / "skins"
    skins.mkdir(parents=True)
    for there, here in ((data, place / "data"), (data / "skins", skins)):
        for item in there.iterdir():
            if item != data / "skins":
                (here / item.name).symlink_to(item)
    if not (skins / "classic").exists():  # 1.5 draws its menus with this skin, which 1.4 does not have
        (skins / "classic").symlink_to(data / "skins" / "peach")
    for name in (f"supertuxkart.{_VERSION}", "supertuxkart.git"):
        (place / "data" / name).touch()
    (place / _IS_COMPLETE).write_text("done")


def race_tracks(data: Path) -> list[str]:
    """Return the names of the tracks that have a road to drive round."""
    return sorted(folder.name for folder in (data / "tracks").iterdir() if _has_a_road(folder))


def karts(data: Path) -> list[str]:
    """Return the names of the kart models."""
    return sorted(folder.name for folder in (data / "karts").iterdir() if (folder / "kart.xml").is_file())


def check_known(kind: str, name: str, known: list[str]) -> None:
    """Check that the game has what it is asked for.

    Args:
        kind: "race track" or "kart".
        name: which.
        known: those that there are.

    Raises:
        CopycarError: it has none of that name, with the nearest one.
    """
    if name not in known:
        raise CopycarError(f"SuperTuxKart has no {kind} {name!r}", fix=did_you_mean(name, known))


def _has_a_road(folder: Path) -> bool:
    if not (folder / "quads.xml").is_file():
        return False
    about = ElementTree.parse(folder / "track.xml").getroot()
    return not any(about.get(mark, "n").lower() in ("y", "true") for mark in _NO_ROADS)


def _users_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
