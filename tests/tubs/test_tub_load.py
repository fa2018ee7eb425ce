import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs.jpeg import PNG_MAGIC, encode_jpeg
from copycar.tubs.load import load_images
from copycar.tubs.memory import available_bytes
from copycar.tubs.store import DecodedImages, EncodedImages
from copycar.tubs.tub import Tub


def test_both_kinds_of_store_give_the_same_pictures(drive):
    records = Tub.open(drive).records
    decoded, encoded = load_images(records), load_images(records, memory_budget_bytes=0)
    assert (type(decoded), type(encoded)) == (DecodedImages, EncodedImages)
    assert decoded.image_size == encoded.image_size == (24, 32)
    for places in (slice(5, 9), [7, 3, 3, 299], np.arange(50), slice(None)):
        pictures = decoded[places]
        assert (pictures.dtype, pictures.shape[1:]) == (np.uint8, (24, 32, 3))
        np.testing.assert_array_equal(pictures, encoded[places])
    assert encoded.n_bytes < decoded.n_bytes


def test_store_rows_are_the_records_pictures(drive):
    tub = Tub.open(drive)
    store = load_images(tub.records, threads=2)
    for place, frame in enumerate(tub.frames()):
        np.testing.assert_array_equal(store[[place]][0], frame.image)


@pytest.mark.parametrize("budget", [None, 0])
def test_bad_pictures_cost_nothing_but_themselves(tub_folder, budget):
    tub = Tub.open(tub_folder)
    good = load_images(tub.records)[:]
    damage = {
        0: b"",
        3: tub.records[3].image_path.read_bytes()[:-300],
        4: encode_jpeg(np.zeros((30, 30, 3), np.uint8)),
        5: encode_jpeg(np.zeros((12, 16, 3), np.uint8)),
        11: PNG_MAGIC,
    }
    for place, data in damage.items():
        tub.records[place].image_path.write_bytes(data)
    store = load_images(tub.records, memory_budget_bytes=budget)
    left = [place for place in range(12) if place not in damage]
    assert [record.index for record in store.records] == left
    assert [image.record.index for image in store.bad] == list(damage)
    reasons = [image.reason for image in store.bad]
    expected = ["empty", "damaged", "30x30 pixels, the others have 32x24", "16x12 pixels", "PNG"]
    assert all(words in reason for words, reason in zip(expected, reasons, strict=True)), reasons
    np.testing.assert_array_equal(store[:], good[left])


def test_pictures_may_go_into_a_given_array(drive):
    records = Tub.open(drive).records
    array = np.zeros((len(records), 24, 32, 3), np.uint8)
    store = load_images(records, into=array, memory_budget_bytes=0)
    assert np.shares_memory(store.images, array)
    with pytest.raises(CopycarError, match="does not fit"):
        load_images(records, into=array[:5])


def test_progress_ends_at_all(drive):
    told = []
    load_images(Tub.open(drive).records, threads=2, on_progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (300, 300)


def test_nothing_usable_is_an_error(tub_folder):
    tub = Tub.open(tub_folder)
    for record in tub.records:
        record.image_path.write_bytes(PNG_MAGIC)
    with pytest.raises(CopycarError, match="not one of 12 pictures"):
        load_images(tub.records)
    with pytest.raises(CopycarError, match="no frames to load"):
        load_images([])


def test_several_tubs_load_at_once(drive, tmp_path):
    other = Tub.open(make_tub(tmp_path / "other", n_frames=5, image_size=(24, 32), seed=1))
    store = load_images([*Tub.open(drive).records, *other.records])
    assert len(store) == 305


def test_free_memory_is_told():
    assert available_bytes() > 1024**2
