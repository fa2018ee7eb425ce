import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.learning.augment.settings import OFF, Augmentation
from copycar.learning.augment.warps import draw_warps, no_warps
from copycar.learning.batches import Batches, parts
from copycar.learning.columns import Category, Numbers, Reads
from copycar.learning.dataset import load_driving_data
from copycar.learning.driving_task import DrivingTask
from copycar.learning.policies.network import NETWORKS, Given
from copycar.testing.tub import donkey_extras, make_tub
from copycar.tubs.tub import Tub

SIZE = (24, 32)
EVERYTHING = Reads(
    n_frames=3,
    n_actions=2,
    inputs={
        "imu": Numbers(("imu/gyr_z", "imu/acl_z"), mirror=(-1.0, 1.0)),
        "behavior": Category(("behavior/label",)),
    },
    labels={"location": Category(("localizer/location",), mirrors=False)},
)
ONLY_MIRROR = Augmentation.model_validate(OFF.model_dump() | {"mirror": True})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = make_tub(
        tmp_path_factory.mktemp("batches") / "tub", n_frames=300, n_episodes=6, image_size=SIZE, extras=donkey_extras
    )
    Tub.open(path).delete([20, 130])
    return path


@pytest.fixture(scope="module")
def data(folder):
    return load_driving_data([folder], seed=0, validation_share=0.2, reads=EVERYTHING)


def test_no_sample_reaches_over_a_gap_or_into_the_other_side(data):
    records = data.images.records
    for rows, other in ((data.train, set(data.validation)), (data.validation, set(data.train))):
        for row in rows:
            window = records[row - 2 : row + 1]
            assert [record.index for record in window] == list(range(records[row].index - 2, records[row].index + 1))
            assert len({record.session for record in window}) == 1
            assert not other & {row - 2, row - 1}


def test_a_sample_holds_its_last_pictures_and_earlier_actions_oldest_first(data):
    rows = torch.from_numpy(data.train[[0, 40, 7]])
    batch = Batches(data, no_warps(SIZE)).of(rows)
    for i, row in enumerate(rows.tolist()):
        np.testing.assert_array_equal(batch.inputs["image"][i], data.images[[row - 2, row - 1, row]])
        np.testing.assert_array_equal(batch.inputs["memory"][i], data.labels[row - 2 : row].ravel())
        np.testing.assert_array_equal(batch.labels["action"][i], data.labels[row])


def test_columns_come_from_the_frame_itself(data):
    rows = torch.from_numpy(data.train[:50])
    batch = Batches(data, no_warps(SIZE)).of(rows)
    for i, row in enumerate(rows.tolist()):
        values = data.images.records[row].values
        assert batch.inputs["imu"][i].tolist() == pytest.approx([values["imu/gyr_z"], values["imu/acl_z"]])
        assert batch.inputs["behavior"][i].tolist() == [values["behavior/state"] == 0, values["behavior/state"] == 1]
        assert batch.labels["location"][i] == values["localizer/location"]


def test_a_mirrored_sample_is_mirrored_in_everything_that_has_a_side(data):
    rows = torch.from_numpy(data.train[:8])
    batches = Batches(data, draw_warps(ONLY_MIRROR, SIZE, None))
    plain, mirrored = batches.of(rows), batches.of(rows, torch.ones(8, dtype=torch.int64))
    assert torch.equal(mirrored.inputs["image"], plain.inputs["image"].flip(3))
    assert torch.equal(mirrored.inputs["behavior"], plain.inputs["behavior"].flip(1))
    assert torch.equal(mirrored.inputs["imu"], plain.inputs["imu"] * torch.tensor([-1.0, 1.0]))
    assert torch.equal(mirrored.inputs["memory"], plain.inputs["memory"] * torch.tensor([-1.0, 1.0, -1.0, 1.0]))
    assert torch.equal(mirrored.labels["action"], plain.labels["action"] * torch.tensor([-1.0, 1.0]))


def test_nothing_is_mirrored_where_nobody_knows_the_mirror_image(data):
    network = NETWORKS.get("copycar")(Given(SIZE))
    task = DrivingTask(data, network, ONLY_MIRROR, batch_size=32, seed=0)
    assert task.notes == ["frames are not mirrored: nobody knows the mirror image of 'location'"]
    shown = torch.cat([batch.labels["action"][:, 0] for batch in task.train_batches(0, torch.device("cpu"))])
    np.testing.assert_array_equal(np.sort(shown), np.sort(data.labels[data.train, 0]))


def test_all_pictures_of_a_sample_are_under_the_same_light(data):
    network = NETWORKS.get("copycar")(Given(SIZE))
    light = Augmentation.model_validate(OFF.model_dump() | {"brightness": 0.3})
    task = DrivingTask(data, network, light, batch_size=16, seed=0)
    plain = DrivingTask(data, network, OFF, batch_size=16, seed=0)
    lit, dark = (next(each.train_batches(0, torch.device("cpu"))) for each in (task, plain))
    if not torch.equal(lit.labels["action"], dark.labels["action"]):
        pytest.fail("both tasks should show the same frames")
    change = lit.inputs["image"] - dark.inputs["image"].float()
    inside = (lit.inputs["image"] > 0) & (lit.inputs["image"] < 255)
    for sample, mask in zip(change, inside, strict=True):
        assert sample[mask].std() < 1e-3


def test_a_sequence_longer_than_any_drive_is_refused(folder):
    with pytest.raises(CopycarError, match="no stretch of 101 uninterrupted frames"):
        load_driving_data([folder], seed=0, validation_share=0.2, reads=Reads(n_frames=101))


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 300), st.integers(2, 64))
def test_parts_hold_every_row_once_and_never_a_single_one(n_rows, size):
    found = list(parts(torch.arange(n_rows), size))
    assert torch.equal(torch.cat(found), torch.arange(n_rows))
    assert min(map(len, found)) > 1
    assert max(map(len, found)) <= size + 1
