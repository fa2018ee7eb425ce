import circle
import pytest
from tiny_policy import write_policy

from copycar.core.errors import CopycarError
from copycar.environments.make import is_built_in_track
from copycar.evaluation.place import load_policy, make_place
from copycar.evaluation.rollout import evaluate_rollout


@pytest.mark.parametrize("name", ["track:oval", "oval", "random:7", "track:oval-v1", "copycar/Track-v0"])
def test_built_in_tracks_are_known_by_every_name(name):
    assert is_built_in_track(name)


def test_other_environments_are_not_taken_for_a_track():
    assert not is_built_in_track(circle.NAME)
    assert not is_built_in_track("CarRacing-v3")


def test_the_track_gets_the_camera_size_of_the_policy(tmp_path):
    policy = load_policy(str(write_policy(tmp_path / "policy.onnx", (48, 64))))
    environment = make_place("track:oval", {"scenery": False}, policy)
    try:
        assert environment.observation_space["image"].shape == (48, 64, 3)
    finally:
        environment.close()


def test_another_camera_size_is_an_error_and_not_a_bad_drive(tmp_path):
    policy = write_policy(tmp_path / "policy.onnx", (48, 64))
    with pytest.raises(CopycarError, match="64x48"):
        evaluate_rollout(policy, [circle.NAME], trials=1, workers=1)


def test_a_policy_file_drives(tmp_path):
    policy = write_policy(tmp_path / "policy.onnx", (24, 32))
    traces = evaluate_rollout(policy, [circle.NAME], trials=1, laps=1, workers=1)
    assert traces[0].interventions  # it knows nothing of circles
    assert (traces[0].latency_ms > 0).all()
