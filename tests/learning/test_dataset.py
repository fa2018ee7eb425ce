import dataclasses

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.learning.dataset import load_driving_data
from copycar.testing.tub import make_frame, make_tub
from copycar.tubs.split import gap_frames
from copycar.tubs.tub import Tub
from copycar.tubs.write import TubWriter

SIZE = (48, 64)


def test_every_frame_has_its_label_and_the_one_before(data, tub):
    records = Tub.open(tub).records
    assert data.labels.shape == (400, 2)
    np.testing.assert_allclose(data.labels, [record.action for record in records], atol=1e-6)
    np.testing.assert_array_equal(data.previous[1:200], data.labels[:199])


def test_the_label_before_never_comes_from_another_drive(data):
    unknown = np.flatnonzero(np.isnan(data.previous).any(axis=1))
    assert unknown.tolist() == [0, 200]


def test_the_label_before_never_crosses_a_deleted_frame(tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=60, image_size=SIZE)
    Tub.open(folder).delete([20, 21])
    data = load_driving_data([folder], seed=0, validation_share=0.2)
    assert np.flatnonzero(np.isnan(data.previous[:, 0])).tolist() == [0, 20]


@pytest.mark.parametrize("seed", range(5))
def test_no_frame_is_held_out_beside_one_that_is_trained_on(tub, seed):
    data = load_driving_data([tub], seed=seed, validation_share=0.2)
    gap = gap_frames(data.images.records)
    assert gap >= 8
    drive = np.repeat([0, 1], 200)  # ten seconds apart: neighbours in the list, not on the road
    near = np.abs(data.train[:, None] - data.validation[None, :]) <= gap
    assert not (near & (drive[data.train][:, None] == drive[data.validation][None, :])).any()
    assert len(data.validation) == pytest.approx(80, abs=20)


def test_a_copy_of_the_same_tub_is_not_counted_twice(tub):
    once = load_driving_data([tub], seed=0, validation_share=0.2)
    twice = load_driving_data([tub, tub / ".." / tub.name], seed=0, validation_share=0.2)
    assert len(twice.labels) == len(once.labels)


def test_the_car_is_known_only_where_all_tubs_name_the_same(tmp_path, vehicle):
    def recorded(name, metadata):
        with TubWriter(tmp_path / name, metadata=metadata) as writer:
            for step in range(20):
                writer.append(make_frame(t_ns=step * 50_000_000, image_size=SIZE))
        return tmp_path / name

    same = {"vehicle": vehicle.as_json()}
    other = {"vehicle": dataclasses.replace(vehicle, wheelbase_m=0.3).as_json()}
    one, two, three, four = (recorded(*tub) for tub in zip("abcd", (same, same, other, {}), strict=True))
    assert load_driving_data([one, two], seed=0, validation_share=0.3).vehicle == vehicle
    assert load_driving_data([one, three], seed=0, validation_share=0.3).vehicle is None
    assert load_driving_data([one, four], seed=0, validation_share=0.3).vehicle is None


def test_what_was_left_out_is_told(tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=40, image_size=SIZE)
    pictures = sorted((folder / "images").iterdir(), key=lambda path: int(path.name.partition("_")[0]))
    pictures[7].write_bytes(b"")
    pictures[8].unlink()
    data = load_driving_data([folder], seed=0, validation_share=0.2)
    assert len(data.labels) == 38
    assert np.isnan(data.previous[7]).all()
    assert any(pictures[7].name in note or "7" in note for note in data.notes)


def test_too_few_frames_are_refused(tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=5, image_size=SIZE)
    with pytest.raises(CopycarError, match="5 frames"):
        load_driving_data([folder], seed=0, validation_share=0.2)


def test_frames_can_be_chosen_thinned_and_shifted(tmp_path):
    tub = make_tub(tmp_path / "tub", n_frames=120, image_size=(24, 32))
    everything = load_driving_data([tub], seed=0, validation_share=0.2)
    right = load_driving_data([tub], seed=0, validation_share=0.2, where="steering > 0")
    assert len(right.labels) == (everything.labels[:, 0] > 0).sum()
    thinned = load_driving_data([tub], seed=0, validation_share=0.2, every=3)
    assert np.array_equal(thinned.labels, everything.labels[::3])
    assert np.isfinite(thinned.previous[1:]).all()
    later = load_driving_data([tub], seed=0, validation_share=0.2, shift=2)
    assert np.array_equal(later.labels, everything.labels[2:])
