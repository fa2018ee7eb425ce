"""Every frame of a tub, the deleted ones too."""

import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub
from copycar.tubs.whole import every_record


def test_deleted_frames_are_among_them_and_unusable_ones_are_not(tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=10, image_size=(4, 4))
    tub = Tub.open(folder)
    tub.delete([3, 4])
    tub.records[0].image_path.unlink()
    assert every_record(folder).numbers.tolist() == list(range(1, 10))
    assert len(Tub.open(folder)) == 7


def test_what_is_no_tub_is_named(tmp_path):
    with pytest.raises(CopycarError):
        every_record(tmp_path)
