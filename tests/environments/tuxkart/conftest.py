from pathlib import Path

import pytest

from copycar.environments.tuxkart import data


def make_data(folder: Path) -> Path:
    """Lay out a folder like the game's data: one race track, one arena, one kart."""
    for track, about, has_road in (("circle", 'arena="N"', True), ("pit", 'arena="Y"', True), ("ending", "", False)):
        place = folder / "tracks" / track
        place.mkdir(parents=True)
        (place / "track.xml").write_text(f"<track name='{track}' {about}/>")
        if has_road:
            (place / "quads.xml").write_text("<quads/>")
    for kart in ("tux", "gnu"):
        (folder / "karts" / kart).mkdir(parents=True)
        (folder / "karts" / kart / "kart.xml").write_text("<kart/>")
    (folder / "skins" / "peach").mkdir(parents=True)
    (folder / "skins" / "peach" / "stkskin.xml").write_text("<skin/>")
    return folder


@pytest.fixture
def no_game(tmp_path, monkeypatch):
    """A machine without the game's data."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(data, "SYSTEM_DATA", (tmp_path / "share",))
    return tmp_path


@pytest.fixture
def game_data(no_game):
    """A machine with the game's data where Debian puts it."""
    return make_data(no_game / "share")


@pytest.fixture
def fake_game(game_data, monkeypatch):
    """A machine with a stand-in for the game itself too."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "fake_game"), prepend=":")
    return game_data
