import numpy as np
import pytest
from tiny_policy import THROTTLE, write_policy

from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.offline import VALIDATION_SHARE, evaluate_offline
from copycar.learning.dataset import load_driving_data
from copycar.learning.settings import TrainSettings
from copycar.testing.tub import make_tub

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
    with pytest.raises(CopycarError, match="48x40"):
        evaluate_offline(write_policy(tmp_path / "other.onnx", (40, 48)), tub)
