"""Every frame of a tub, the deleted ones too."""

import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub
from copycar.tubs.whole import read_whole


def test_deleted_frames_are_among_them_and_unusable_ones_are_not(tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=10, image_size=(4, 4))
    tub = Tub.open(folder)
    tub.delete([3, 4])
    tub.records[0].image_path.unlink()
    assert read_whole(folder).records.numbers.tolist() == list(range(1, 10))
    assert read_whole(folder).deleted == {3, 4}
    assert len(Tub.open(folder)) == 7


def test_what_is_no_tub_is_named(tmp_path):
    with pytest.raises(CopycarError):
        read_whole(tmp_path)


def test_what_was_read_before_is_read_again_only_where_it_changed(tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=10, image_size=(4, 4))
    before = read_whole(folder)
    Tub.open(folder).delete([7])
    after = read_whole(folder, before)
    assert after.records is before.records
    assert after.deleted == {7}
    make_tub(folder, n_frames=2, image_size=(4, 4))
    assert len(read_whole(folder, after).records) == 12
