import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs.formats.convert import convert
from copycar.tubs.jpeg import encode_jpeg
from copycar.tubs.tub import Tub
from copycar.tubs.work.prepare_tensorkart import prepare_for_tensorkart


@pytest.fixture
def tub(tmp_path):
    return Tub.open(make_tub(tmp_path / "tub", n_frames=12, image_size=(48, 64)))


def test_any_tub_becomes_what_tensorkarts_trainer_reads(tub, tmp_path):
    prepared = prepare_for_tensorkart([tub], tmp_path / "out")
    pictures, labels = np.load(tmp_path / "out/X.npy"), np.load(tmp_path / "out/y.npy")
    assert prepared.shape == pictures.shape == (12, 66, 200, 3)
    assert (pictures.dtype, labels.dtype, labels.shape) == (np.uint8, np.float64, (12, 5))
    assert pictures.max() > 150
    assert labels[:, 0] == pytest.approx([record.action.steering for record in tub.records])
    assert labels[:, 2].tolist() == [float(record.action.throttle > 0) for record in tub.records]


def test_black_pictures_are_refused(tub, tmp_path):
    for record in tub.records:
        record.image_path.write_bytes(encode_jpeg(np.zeros((48, 64, 3), np.uint8)))
    with pytest.raises(CopycarError, match="black"):
        prepare_for_tensorkart([tub], tmp_path / "out")


@pytest.mark.slow
def test_its_own_samples_come_back_with_the_whole_pad(shared_data, tmp_path):
    samples = shared_data / "tensorkart-mk64"
    convert(samples, tmp_path / "luigi")
    prepare_for_tensorkart([Tub.open(tmp_path / "luigi")], tmp_path / "out")
    rows = [line.split(",")[1:] for line in (samples / "data.csv").read_text().splitlines()]
    np.testing.assert_array_equal(np.load(tmp_path / "out/y.npy"), np.array(rows, np.float64))
    assert np.load(tmp_path / "out/X.npy").mean() > 60
