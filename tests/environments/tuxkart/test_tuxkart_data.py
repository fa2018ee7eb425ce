import pytest

from copycar.core.errors import CopycarError
from copycar.environments.tuxkart import data


def test_only_tracks_with_a_road_are_race_tracks(game_data):
    assert data.race_tracks(data.find_data()) == ["circle"]


def test_a_machine_without_the_games_data_is_told_what_to_install(no_game):
    with pytest.raises(CopycarError, match="apt-get install supertuxkart-data"):
        data.find_data()


def test_what_the_module_has_fetched_itself_comes_first(game_data, no_game):
    fetched = no_game / "cache" / "PySuperTuxKart2" / "1.5"
    (fetched / "data").mkdir(parents=True)
    assert data.find_data() == game_data
    (fetched / "__downloaded__.txt").write_text("done")
    assert data.find_data() == fetched / "data"


def test_the_module_finds_every_part_of_the_data_under_its_own_names(game_data, tmp_path):
    data.lay_out(game_data, tmp_path / "home")
    laid_out = tmp_path / "home" / "PySuperTuxKart2" / "1.5"
    assert (laid_out / "__downloaded__.txt").is_file()
    assert (laid_out / "data" / "supertuxkart.1.5").is_file()
    assert (laid_out / "data" / "tracks" / "circle" / "quads.xml").is_file()
    assert (laid_out / "data" / "skins" / "peach" / "stkskin.xml").is_file()
    assert (laid_out / "data" / "skins" / "classic" / "stkskin.xml").is_file()
