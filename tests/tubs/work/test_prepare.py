import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs.jpeg import decode_jpeg, encode_jpeg
from copycar.tubs.tub import Tub
from copycar.tubs.work.prepare import prepare


@pytest.fixture
def tub(tmp_path):
    return Tub.open(make_tub(tmp_path / "tub", n_frames=40, image_size=(24, 32)))


def test_rows_are_the_pictures_and_actions_bit_for_bit(tub, tmp_path):
    tub.delete([3])
    prepare([tub], tmp_path / "out")
    pictures, labels = np.load(tmp_path / "out/X.npy", mmap_mode="r"), np.load(tmp_path / "out/y.npy")
    assert isinstance(pictures, np.memmap)
    assert (pictures.shape, pictures.dtype, labels.dtype) == ((39, 24, 32, 3), np.uint8, np.float32)
    for row, record in enumerate(tub.records):
        np.testing.assert_array_equal(pictures[row], decode_jpeg(record.image_path.read_bytes(), (24, 32)))
        np.testing.assert_array_equal(labels[row], np.float32(record.action))


def test_pictures_are_never_black(tub, tmp_path):
    """A well-known workshop casts pictures of 0 … 1 to whole numbers, and so trains on zeros."""
    prepare([tub], tmp_path / "out")
    pictures = np.load(tmp_path / "out/X.npy")
    assert pictures.max() > 150
    assert (pictures.std(axis=(1, 2, 3)) > 20).all()


def test_black_recordings_are_refused_in_words(tub, tmp_path):
    for record in tub.records:
        record.image_path.write_bytes(encode_jpeg(np.zeros((24, 32, 3), np.uint8)))
    with pytest.raises(CopycarError, match="black"):
        prepare([tub], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_unreadable_picture_shifts_no_label(tub, tmp_path):
    tub.records[5].image_path.write_bytes(b"torn")
    prepared = prepare([tub], tmp_path / "out")
    pictures, labels = np.load(tmp_path / "out/X.npy"), np.load(tmp_path / "out/y.npy")
    good = [record for record in tub.records if record.index != 5]
    assert len(pictures) == len(labels) == len(good) == prepared.shape[0]
    np.testing.assert_array_equal(pictures[5], decode_jpeg(good[5].image_path.read_bytes(), (24, 32)))
    np.testing.assert_array_equal(labels, np.array([record.action for record in good], np.float32))
    assert (tmp_path / "out/frames.csv").read_text().splitlines()[6].split(",")[1] == "6"
    assert "5_cam_image_array_.jpg" in prepared.notes[0]


def test_several_tubs_follow_each_other(tub, tmp_path):
    prepare([tub, tub], tmp_path / "out")
    assert len(np.load(tmp_path / "out/X.npy", mmap_mode="r")) == 80
