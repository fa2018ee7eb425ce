import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.offline import VALIDATION_SHARE, compare_offline, evaluate_offline
from copycar.learning.dataset import load_driving_data
from copycar.learning.settings import TrainSettings
from copycar.testing.policy import THROTTLE, write_policy
from copycar.testing.tub import make_frame, make_tub
from copycar.tubs.write import TubWriter

SIZE = (24, 32)


@pytest.fixture(scope="module")
def tub(tmp_path_factory):
    return make_tub(tmp_path_factory.mktemp("tub"), n_frames=200, n_episodes=2, image_size=SIZE)


@pytest.fixture
def policy(tmp_path):
    return write_policy(tmp_path / "policy.onnx", SIZE, gain=12.0)


def test_the_offline_card_has_its_binding_shape(policy, tub):
    card = evaluate_offline(policy, tub)
    assert card["n_frames"] == 200
    for axis in ("steering", "throttle"):
        assert card[axis].keys() >= {"mae", "rmse", "r2", "baseline_mean_mae", "baseline_last_mae"}


def test_errors_agree_with_asking_the_policy_frame_by_frame(policy, tub):
    data = load_driving_data([tub], seed=0, validation_share=VALIDATION_SHARE)
    loaded = Policy.load(policy)
    said = np.array([loaded.act({"image": frame}) for frame in data.images[np.arange(200)]])
    card = evaluate_offline(policy, [tub])
    assert card["steering"]["mae"] == pytest.approx(np.abs(said[:, 0] - data.labels[:, 0]).mean())
    assert card["throttle"]["mae"] == pytest.approx(np.abs(THROTTLE - data.labels[:, 1]).mean(), abs=1e-6)


def test_the_last_frame_baseline_never_crosses_an_episode(policy, tub):
    data = load_driving_data([tub], seed=0, validation_share=VALIDATION_SHARE)
    steps = np.abs(np.diff(data.labels[:, 0]))
    within = np.delete(steps, 99)  # two episodes of a hundred frames
    assert evaluate_offline(policy, tub)["steering"]["baseline_last_mae"] == pytest.approx(within.mean(), abs=1e-6)


def test_a_policy_that_looks_at_the_picture_beats_the_mean(policy, tub):
    steering = evaluate_offline(policy, tub)["steering"]
    assert steering["mae"] < steering["baseline_mean_mae"]


def test_the_splits_share_no_frame(policy, tub):
    train, validation = (evaluate_offline(policy, tub, split=split)["n_frames"] for split in ("train", "validation"))
    assert 0 < validation < train
    assert train + validation <= 200


def test_the_default_share_is_the_one_that_training_holds_out():
    assert TrainSettings.model_fields["validation_share"].default == VALIDATION_SHARE


def test_the_card_says_whether_the_policy_was_trained_on_these_frames(tmp_path, policy, tub):
    fingerprint = load_driving_data([tub], seed=0, validation_share=VALIDATION_SHARE).fingerprint
    trained_here = write_policy(tmp_path / "here.onnx", SIZE, data_fingerprint=fingerprint)
    assert evaluate_offline(trained_here, tub)["is_training_data"]
    assert not evaluate_offline(policy, tub)["is_training_data"]


def test_faults_are_named(tmp_path, policy, tub):
    with pytest.raises(CopycarError, match="validation"):
        evaluate_offline(policy, tub, split="validate")
    with pytest.raises(CopycarError, match=r"takes 48x40 pictures, and these are 32x24"):
        evaluate_offline(write_policy(tmp_path / "other.onnx", (40, 48)), tub)
    with pytest.raises(CopycarError, match=r"answers \[nan"):
        evaluate_offline(write_policy(tmp_path / "broken.onnx", SIZE, gain=float("nan")), tub)


def test_an_onnx_file_that_is_no_policy_is_refused(policy, tub):
    onnx = pytest.importorskip("onnx")
    model = onnx.load(policy)
    del model.metadata_props[:]
    onnx.save(model, policy)
    with pytest.raises(CopycarError, match="not a copycar policy"):
        evaluate_offline(policy, tub)


def test_a_recording_too_short_to_hold_anything_out_is_refused(policy, tmp_path):
    short = make_tub(tmp_path / "short", n_frames=5, image_size=SIZE)
    with pytest.raises(CopycarError, match="5 frames cannot be divided"):
        evaluate_offline(policy, short, split="validation")


def test_where_the_driver_never_moved_the_stick_r2_is_none(policy, tmp_path):
    with TubWriter(tmp_path / "constant") as writer:
        for step in range(20):
            writer.append(make_frame(Action(0.25, 0.5), t_ns=step * 50_000_000, image_size=SIZE))
    card = evaluate_offline(policy, tmp_path / "constant")
    assert card["steering"]["r2"] is None
    assert [part["n"] for part in card["per_bin"]] == [0, 0, 0, 0, 0, 20, 0, 0, 0]
    assert card["per_bin"][0]["mae"] is None


def test_a_run_folder_stands_for_its_policy(policy, tub):
    assert evaluate_offline(policy.parent, tub)["steering"] == evaluate_offline(policy, tub)["steering"]
    with pytest.raises(CopycarError, match=r"without policy\.onnx"):
        evaluate_offline(tub, tub)


def test_bins_and_episodes_together_hold_every_frame_and_give_the_whole_error(policy, tub):
    card = evaluate_offline(policy, tub)
    for parts, n, mae in (
        (card["per_bin"], lambda part: part["n"], lambda part: part["mae"]),
        (card["per_episode"], lambda part: part["n_frames"], lambda part: part["steering"]["mae"]),
    ):
        assert sum(n(part) for part in parts) == 200
        total = sum(n(part) * mae(part) for part in parts if n(part))
        assert total / 200 == pytest.approx(card["steering"]["mae"], abs=1e-6)
    assert len(card["per_episode"]) == 2


def test_the_worst_frame_is_the_one_with_the_largest_steering_error(policy, tub):
    found = compare_offline([policy], [tub])
    error = np.abs(found.answers[0].predicted[:, 0] - found.frames.labels[:, 0])
    worst = found.as_json()["worst"][0]
    assert worst["frame"] == found.frames.records[error.argmax()].index
    assert abs(worst["error"]) == pytest.approx(error.max())


def test_several_policies_answer_to_the_same_frames(tmp_path, policy, tub):
    weak = write_policy(tmp_path / "weak.onnx", SIZE, gain=1.0)
    done = []
    result = compare_offline([policy, weak], [tub], on_progress=lambda n, of: done.append((n, of))).as_json()
    assert [one["name"] for one in result["policies"]] == [tmp_path.name, "weak"]
    for one in result["policies"]:
        alone = evaluate_offline(one["policy"], tub)
        assert one["steering"] == alone["steering"]
        assert one["per_bin"] == alone["per_bin"]
    assert done[-1] == (400, 400)


def test_policies_that_hold_out_different_frames_share_all_frames_only(tmp_path, policy, tub):
    other = write_policy(tmp_path / "other.onnx", SIZE, data_choice={"seed": 7, "validation_share": 0.2, "every": 2})
    with pytest.raises(CopycarError, match="different every, seed"):
        compare_offline([policy, other], [tub], split="validation")
    assert compare_offline([policy, other], [tub]).as_json()["n_frames"] == 200


class Naming(Policy):
    """A real policy that also names what it sees: always the first of two things."""

    def infer(self, observation):
        return {**super().infer(observation), "sign": np.array([0.9, 0.1], dtype=np.float32)}


def test_what_a_policy_names_is_reported_beside_the_directions(tmp_path):
    tub = make_tub(
        tmp_path / "tub",
        n_frames=40,
        image_size=SIZE,
        extras=lambda step, action: {"sign": "stop" if step < 30 else "none"},
    )
    described = {"sign": {"keys": ["sign"], "names": ["stop", "none"]}}
    card = evaluate_offline(Naming.load(write_policy(tmp_path / "naming.onnx", SIZE, answers=described)), tub)
    assert card["sign"]["confusion"] == [[30, 0], [10, 0]]
    assert card["sign"]["accuracy"] == card["sign"]["baseline_majority_accuracy"] == 0.75
    assert card["directions"]["n"] == 40
