import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.tubs.formats.convert import convert
from copycar.tubs.tub import Tub


def test_a_row_per_picture_becomes_a_drive(sources, tmp_path):
    convert(sources.film(), tmp_path / "out")
    tub = Tub.open(tmp_path / "out")
    assert tub.image_size == (48, 64)
    assert [record.action.steering for record in tub.records[:3]] == [-0.9, -0.5, -0.25]
    assert tub.records[0].values["lap"] == 1.0
    assert np.diff([record.t_ns for record in tub.records]) == pytest.approx(50_000_000, rel=0.02)


def test_rows_with_times_belong_to_the_pictures_after_them(sources, tmp_path):
    film = sources.film()
    film.with_suffix(".csv").write_text("time_s,user/angle,user/throttle\n0.26,0.7,0.4\n0.1,0.5,0.2\nnan,1,1\n")
    result = convert(film, tmp_path / "out")
    steering = [record.action.steering for record in Tub.open(tmp_path / "out").records]
    assert steering == [0.5] * 4 + [0.7] * 4
    assert result.dropped == 2  # before the first row
    assert any("drive.csv line 4" in note for note in result.notes)


def test_size_and_every(sources, tmp_path):
    result = convert(sources.film(), tmp_path / "out", options={"size": "32x24", "every": 2})
    tub = Tub.open(tmp_path / "out")
    assert (result.frames, tub.image_size) == (5, (24, 32))
    assert [record.action.steering for record in tub.records[:2]] == [-0.9, -0.25]


def test_tables_that_do_not_fit_are_told(sources, tmp_path):
    film = sources.film()
    table = film.with_suffix(".csv")
    rows = table.read_text().splitlines()
    table.write_text("\n".join([*rows, "0,0,1", "0,0,1"]))
    assert any("12 rows for 10 pictures" in note for note in convert(film, tmp_path / "long").notes)
    table.write_text("\n".join([*rows[:3], "left,0.5,1", *rows[4:9]]))
    result = convert(film, tmp_path / "short")
    assert (result.frames, result.dropped) == (7, 3)
    assert any("line 4" in note for note in result.notes)


def test_faults_say_what_to_do(sources, tmp_path):
    film = sources.film()
    table = film.with_suffix(".csv")
    table.rename(table.with_name("other.csv"))
    with pytest.raises(CopycarError, match="--controls"):
        convert(film, tmp_path / "out")
    assert convert(film, tmp_path / "out", options={"controls": table.with_name("other.csv")}).frames == 10
    table.write_text("steer,throttle\n0,0\n")
    with pytest.raises(CopycarError, match="did you mean steer"):
        convert(film, tmp_path / "out2")
    for size in ("big", "0x10", "10x"):
        with pytest.raises(CopycarError, match="--size"):
            convert(film, tmp_path / "out2", options={"size": size})


def test_a_torn_film_gives_what_it_has_and_noise_is_named(sources, tmp_path):
    film = sources.film("drive.avi", n=40)
    film.write_bytes(film.read_bytes()[:-2000])
    assert 20 < convert(film, tmp_path / "out").frames < 40
    film.write_bytes(b"noise" * 100)
    with pytest.raises(CopycarError, match=r"drive\.avi cannot be read"):
        convert(film, tmp_path / "out2")
