"""What the tubs page shows of policies that take more than one picture: sensors, behaviours, earlier frames."""

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.explain.occlusion import occlusion_map
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training
from copycar.studio.arena.bench import Bench
from copycar.studio.tubs.desk import Desk
from copycar.studio.tubs.opinions import saliency
from copycar.studio.workplace import Workplace
from copycar.testing.tub import donkey_extras, make_tub
from copycar.tubs.jpeg import decode_jpeg
from copycar.tubs.tub import Tub

pytestmark = pytest.mark.slow

SIZE = (120, 160)
NETWORKS = ("imu", "behavior", "rnn", "memory")
SETTINGS = {"epochs": 1, "device": "cpu", "precision": "fp32", "batch_size": 32, "threads": 1}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    root = tmp_path_factory.mktemp("opinions")
    make_tub(root / "full", n_frames=60, n_episodes=2, image_size=SIZE, extras=donkey_extras)
    make_tub(root / "plain", n_frames=20, image_size=SIZE)
    for network in NETWORKS:
        Training([root / "full"], TrainSettings(type=network, **SETTINGS), out=root / network).train()
    return Desk(Workplace(root))


@pytest.mark.parametrize("network", NETWORKS)
def test_what_it_looks_at_is_shown_whatever_it_reads(desk, network):
    shown = decode_jpeg(saliency(desk, "full", f"{network}/policy.onnx", 40), SIZE)
    plain = decode_jpeg(desk.picture("full", 40), SIZE)
    assert np.abs(shown.astype(int) - plain).max() > 30  # something is marked


def test_a_recording_without_the_sensor_says_which(desk):
    with pytest.raises(CopycarError, match="frame 3 has no imu/acl_x"):
        saliency(desk, "plain", "imu/policy.onnx", 3)


def test_the_frames_before_are_those_of_the_drive_without_a_gap(desk):
    numbers = Tub.open(desk.workplace.path("full")).records.numbers.tolist()
    assert desk.frames_before("full", numbers[20], 5) == numbers[15:20]
    assert desk.frames_before("full", numbers[32], 5) == numbers[30:32]  # the second drive begins at 30
    desk.edit("full", "delete", [(numbers[17], numbers[18])], "")
    assert desk.frames_before("full", numbers[20], 5) == numbers[18:20]
    desk.edit("full", "undo", [], "")


def test_a_policy_with_a_memory_is_asked_with_what_it_has_seen(desk):
    policy = Policy.load(desk.workplace.path("rnn/policy.onnx"))
    now, *before = ({"image": desk.image("full", number)} for number in (40, 0, 10, 20))
    remembering, fresh = occlusion_map(policy, now, before=before), occlusion_map(policy, now)
    assert np.abs(remembering - fresh).max() > 1e-6
    assert (occlusion_map(policy, now) == fresh).all()  # and forgets it for the next question


def test_the_arena_shows_where_all_of_them_look(desk):
    files = [desk.workplace.path(f"{network}/policy.onnx") for network in NETWORKS]
    bench = Bench(files, desk.workplace.path("full"), lambda done, total: None)
    assert len(set(bench.heat(40))) == len(NETWORKS)
