import json
from pathlib import Path

import gymnasium
import pytest

from copycar.cli.main import run
from copycar.testing.environment import CircleTrack
from copycar.testing.policy import write_policy
from copycar.tubs.tub import Tub

pytest.importorskip("panda3d")


@pytest.fixture
def circle(monkeypatch):
    """A place to drive that needs no renderer."""
    monkeypatch.setitem(
        gymnasium.registry, "Circle-v0", gymnasium.envs.registration.EnvSpec("Circle-v0", entry_point=CircleTrack)
    )
    return "Circle-v0"


def test_json_is_one_object_with_the_binding_keys(result_of, circle):
    result = result_of("drive", circle, "--driver", "expert", "--laps", "1", "--record", "my tub")
    assert result.keys() >= {"frames", "rate_hz", "tub", "laps"}
    assert (result["laps"], result["tub"]) == (1, "my tub")
    assert len(Tub.open("my tub")) == result["frames"] > 100


def test_without_a_recording_there_is_no_tub(result_of, circle, in_empty_folder):
    assert result_of("drive", circle, "--driver", "constant", "--seconds", "1")["tub"] is None
    assert list(in_empty_folder.iterdir()) == []


def test_a_second_drive_is_appended_as_an_episode_of_its_own(result_of, circle):
    for _ in range(2):
        result_of("drive", circle, "--driver", "expert", "--seconds", "2", "--record", "tub")
    assert [len(episode) for episode in Tub.open("tub").episodes] == [40, 40]


def test_people_get_the_next_commands_in_one_line_each(circle, capsys):
    assert run(["drive", circle, "--driver", "expert", "--seconds", "1", "--record", "my tub"]) == 0
    out, err = capsys.readouterr()
    assert "20 frames" in out
    assert "next: copycar tub info 'my tub'   then: copycar train 'my tub'" in err


def test_noise_moves_the_car_and_not_the_label(result_of, circle):
    result_of("drive", circle, "--driver", "expert", "--seconds", "20", "--noise", "1", "--record", "tub")
    decisions = [frame.decision for frame in Tub.open("tub").frames()]
    assert any(abs(decision.action.steering - decision.label.steering) > 0.1 for decision in decisions)


def test_the_track_gets_the_camera_that_the_policy_was_trained_with(result_of, tmp_path):
    policy = write_policy(tmp_path / "policy.onnx", (40, 56))
    result_of("drive", "oval", "--driver", policy, "--seconds", "0.5", "--record", "tub")
    assert Tub.open("tub").image_size == (40, 56)


def test_a_recording_of_the_track_says_how_its_camera_is_mounted(result_of):
    result_of(
        "drive", "oval", "--driver", "expert", "--seconds", "0.5", "--record", "tub", "--reverse", "--start", "0.5"
    )
    assert Tub.open("tub").metadata["vehicle"].keys() >= {"wheelbase_m", "camera_height_m"}


def test_a_policy_for_another_place_is_refused_before_the_car_moves(refused, circle, tmp_path):
    policy = write_policy(tmp_path / "policy.onnx", (40, 56))
    assert "56x40" in refused("drive", circle, "--driver", policy, "--record", "tub")
    assert not Path("tub").exists()


def test_a_policy_that_says_no_number_stops_the_car_and_keeps_the_recording(refused, circle, tmp_path):
    policy = write_policy(tmp_path / "policy.onnx", (24, 32), gain=float("nan"))
    assert "not a number" in refused("drive", circle, "--driver", policy, "--seconds", "1")


def test_an_environment_without_an_expert_says_who_can_drive(refused, circle, monkeypatch):
    monkeypatch.delattr(CircleTrack, "expert")
    assert "--driver keyboard" in refused("drive", circle, "--driver", "expert")


def test_a_keyboard_without_a_terminal_is_refused(refused):
    assert "needs a terminal" in refused("drive", "oval", "--seconds", "1")


def test_a_recording_cannot_go_into_a_file(refused, circle):
    Path("notes").write_text("mine")
    assert "cannot record into notes" in refused("drive", circle, "--driver", "expert", "--record", "notes")
    assert Path("notes").read_text() == "mine"


def test_ctrl_c_ends_the_drive_as_planned_and_json_still_says_so(circle, monkeypatch, capsys):
    step = CircleTrack.step

    def interrupted(self, action):
        if len(self.actions) == 9:
            raise KeyboardInterrupt
        return step(self, action)

    monkeypatch.setattr(CircleTrack, "step", interrupted)
    assert run(["drive", circle, "--driver", "expert", "--record", "tub", "--json"]) == 130
    assert json.loads(capsys.readouterr().out)["interrupted"]
    assert len(Tub.open("tub")) == 9
