import json
from pathlib import Path

import pytest

from copycar.cli import train_follow
from copycar.cli.main import run
from copycar.driving.runtime.policy import Policy
from copycar.learning.rounds import Rounds, round_settings
from copycar.learning.settings import TrainSettings
from copycar.testing.tub import make_tub

SIZE = (48, 64)


@pytest.mark.slow
def test_new_frames_start_a_round_from_the_weights_of_the_last_one_until_ctrl_c(in_empty_folder, monkeypatch, capsys):
    make_tub("data", n_frames=250, image_size=SIZE)
    waits = []

    def wait(seconds):
        waits.append(seconds)
        published = Policy.load("live/policy.onnx").metadata.run
        if len(waits) == 1:
            assert published == "round-001"
            make_tub("data", n_frames=60, image_size=SIZE)  # too few for a round
        elif len(waits) == 2:
            assert published == "round-001"
            make_tub("data", n_frames=60, image_size=SIZE)
        else:
            assert published == "round-002"
            raise KeyboardInterrupt

    monkeypatch.setattr(train_follow.train_follow, "__defaults__", (wait,))
    assert run(["train", "data", "--follow", "--epochs", "2", "--out", "live"]) == 130
    assert len(waits) == 3
    assert "The policy of the last finished round: live/policy.onnx" in capsys.readouterr().err
    first, second = (json.loads(Path(f"live/round-00{n}/run.json").read_text()) for n in (1, 2))
    assert (first["data"]["frames"], second["data"]["frames"]) == (250, 370)
    assert second["transfer"].endswith("live/round-001")
    assert second["settings"]["held_out"] == "growing"
    assert (first["settings"]["epochs"], second["settings"]["epochs"]) == (2, 1)
    assert Rounds(Path("live")).seen() == (second["data"]["fingerprint"], 370)


def test_later_rounds_are_shorter_and_gentler_and_hold_the_same_frames_out():
    asked = TrainSettings(type="copycar", epochs=30)
    first = round_settings(asked, 1000, is_first=True)
    assert first == asked.model_copy(update={"held_out": "growing"})
    later = round_settings(asked, 1000, is_first=False)
    assert (later.epochs, later.held_out) == (10, "growing")
    assert later.learning_rate == pytest.approx(0.3 * 3e-3)


def test_following_goes_into_a_folder_of_rounds_and_not_into_a_run(refused, tub, finished_run):
    assert "is the run of one training" in refused("train", tub, "--follow", "--out", finished_run)


def test_resume_seeds_and_follow_exclude_each_other(refused, tub):
    assert "exclude each other" in refused("train", tub, "--follow", "--seeds", "2")
