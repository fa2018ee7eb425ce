"""Pictures beyond the memory budget: packed once, whatever happens to the recording."""

import os
import shutil

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import make_tub
from copycar.tubs import packing, user_cache
from copycar.tubs.jpeg import encode_jpeg
from copycar.tubs.load import load_images
from copycar.tubs.lock import FolderLock
from copycar.tubs.pack import PICTURES, read_index
from copycar.tubs.packing import pack_folder
from copycar.tubs.records import joined
from copycar.tubs.tub import Tub


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def read(monkeypatch):
    """How many picture files each packing read."""
    counts, read_chunk = [], packing.read_chunk
    monkeypatch.setattr(
        packing, "read_chunk", lambda records, places: counts.append(len(places)) or read_chunk(records, places)
    )
    return counts


def load(records, cache):
    return load_images(records, memory_budget_bytes=0, cache=cache)


def check(store, records):
    """The store's pictures are those of the records."""
    np.testing.assert_array_equal(store[:], load_images(records)[:])


def test_a_second_run_reads_no_picture(tub_folder, cache, read):
    first = load(Tub.open(tub_folder).records, cache)
    second = load(Tub.open(tub_folder).records, cache)
    assert sum(read) == 12
    np.testing.assert_array_equal(first[:], second[:])
    assert second.notes == []


def test_deleting_and_restoring_reads_no_picture_again(tub_folder, cache, read):
    tub = Tub.open(tub_folder)
    load(tub.records, cache)
    tub.delete([3, 4])
    store = load(tub.records, cache)
    assert [record.index for record in store.records] == [0, 1, 2, *range(5, 12)]
    check(store, tub.records)
    tub.undo()
    check(load(tub.records, cache), tub.records)
    assert sum(read) == 12


def test_only_what_was_recorded_since_is_added(tub_folder, cache, read):
    load(Tub.open(tub_folder).records, cache)
    make_tub(tub_folder, n_frames=3, image_size=(24, 32), seed=1)
    records = Tub.open(tub_folder).records
    check(load(records, cache), records)
    assert read == [12, 3]


def test_a_changed_picture_is_read_again(tub_folder, cache, read):
    records = Tub.open(tub_folder).records
    load(records, cache)
    path = records[5].image_path
    path.write_bytes(records[6].image_path.read_bytes())
    os.utime(path, ns=(0, 0))
    check(load(records, cache), records)
    assert read == [12, 1]


def test_another_recording_in_the_same_place_replaces_the_pack(tub_folder, cache):
    load(Tub.open(tub_folder).records, cache)
    shutil.rmtree(tub_folder)
    make_tub(tub_folder, n_frames=4, image_size=(24, 32), seed=7)
    records = Tub.open(tub_folder).records
    check(load(records, cache), records)
    pack = pack_folder(cache, tub_folder / "images")
    assert len(read_index(pack)) == 4
    assert (pack / PICTURES).stat().st_size == sum(record.image_path.stat().st_size for record in records)


def test_several_recordings_keep_a_pack_each(tub_folder, tmp_path, cache, read):
    other = Tub.open(make_tub(tmp_path / "other", n_frames=5, image_size=(24, 32), seed=1))
    together = joined([Tub.open(tub_folder).records, other.records])
    check(load(together, cache), together)
    check(load(other.records, cache), other.records)
    assert sum(read) == 17


def test_bad_pictures_are_named_every_time(tub_folder, cache):
    records = Tub.open(tub_folder).records
    records[2].image_path.write_bytes(b"no picture")
    records[7].image_path.write_bytes(encode_jpeg(np.zeros((30, 40, 3), np.uint8)))
    records[9].image_path.unlink()
    for _ in range(2):
        store = load(records, cache)
        assert [image.record.index for image in store.bad] == [2, 7, 9]
        assert store.bad[1].reason == "40x30 pixels, the others have 32x24"
        assert len(store) == 9


def test_a_full_disk_leaves_the_pictures_in_memory_and_says_so(tub_folder, cache, monkeypatch):
    monkeypatch.setattr(user_cache, "LEAST_FREE_BYTES", 10**18)
    records = Tub.open(tub_folder).records
    store = load(records, cache)
    check(store, records)
    assert len(store.notes) == 1
    assert "stay in memory: only" in store.notes[0]


def test_a_disk_that_fills_while_packing_leaves_them_in_memory(tub_folder, cache, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packing, "append", full)
    records = Tub.open(tub_folder).records
    store = load(records, cache)
    check(store, records)
    assert "No space left on device" in store.notes[0]


def test_two_trainings_at_once_do_not_disturb_each_other(tub_folder, cache):
    records = Tub.open(tub_folder).records
    load(records[:3], cache)
    with FolderLock(pack_folder(cache, tub_folder / "images")):
        store = load(records, cache)
        check(store, records)
        assert "is being written by process" in store.notes[0]
        assert load(records[:3], cache).notes == []


def test_progress_counts_what_was_packed_before(tub_folder, cache):
    records = Tub.open(tub_folder).records
    load(records[:4], cache)
    told = []
    load_images(records, memory_budget_bytes=0, cache=cache, on_progress=lambda done, n: told.append((done, n)))
    assert told == [(4, 12), (12, 12)]


def test_nothing_usable_is_an_error(tub_folder, cache):
    records = Tub.open(tub_folder).records
    for record in records:
        record.image_path.write_bytes(b"no picture")
    with pytest.raises(CopycarError, match="not one of 12 pictures"):
        load(records, cache)
