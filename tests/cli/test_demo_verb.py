import functools
import json
import shlex
from pathlib import Path

import pytest

from copycar.cli import demo as demo_module
from copycar.cli.main import app, run
from copycar.learning.settings import TrainSettings


def test_a_folder_that_no_demo_made_is_left_alone(refused):
    Path("demo").mkdir()
    Path("demo/thesis.txt").write_text("mine")
    assert "no demo made it" in refused("demo")
    assert [path.name for path in Path("demo").iterdir()] == ["thesis.txt"]


def test_a_file_in_the_place_of_its_folder_is_left_alone(refused):
    Path("demo").write_text("mine")
    assert "no demo made it" in refused("demo")


def test_ctrl_c_says_how_to_start_again(monkeypatch, capsys):
    def struck(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo_module, "drive_once", struck)
    assert run(["demo", "--out", "my demo", "--seed", "3"]) == 130
    assert "copycar demo --out 'my demo' --seed 3" in capsys.readouterr().err


@pytest.fixture
def small(monkeypatch):
    """The same demo with one track, one lap, little training and one short proof."""
    monkeypatch.setattr(demo_module, "N_TRACKS", 1)
    monkeypatch.setattr(demo_module, "LAPS_EACH", 1)
    monkeypatch.setattr(demo_module, "TrainSettings", functools.partial(TrainSettings, epochs=2))
    monkeypatch.setattr(demo_module, "prove", functools.partial(demo_module.prove, laps=1, workers=1, film=False))


@pytest.mark.slow
def test_the_demo_goes_round_the_loop_and_each_command_that_it_shows_is_a_real_one(small, capsys):
    pytest.importorskip("panda3d")
    assert run(["demo", "--out", "my demo", "--trials", "1", "--json"]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert result.keys() >= {"score_card", "policy", "report", "tub"}
    assert result["score_card"]["n_trials"] == 1
    for name in ("policy", "report", "tub"):
        assert Path(result[name]).exists()
    shown = [line.removeprefix("$ ") for line in err.splitlines() if line.startswith("$ ")]
    assert [shlex.split(command)[1] for command in shown] == ["drive", "train", "evaluate"]
    for command in shown:
        app.parse_args(shlex.split(command)[1:], exit_on_error=False, print_error=False)

    assert run(["demo", "--out", "my demo", "--trials", "1"]) == 0  # again: its own folder may be replaced
    assert "What to try next" in capsys.readouterr().out
