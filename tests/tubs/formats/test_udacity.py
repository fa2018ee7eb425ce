import pytest

from copycar.core.errors import CopycarError
from copycar.tubs.formats.convert import convert
from copycar.tubs.tub import Tub


def test_the_centre_camera_is_copied_byte_for_byte_with_the_times_of_its_names(sources, tmp_path):
    source = sources.udacity()
    convert(source, tmp_path / "out")
    records = Tub.open(tmp_path / "out").records
    centre = sorted((source / "IMG").glob("center*"))
    assert [record.image_path.read_bytes() for record in records] == [path.read_bytes() for path in centre]
    assert records[0].timestamp_ms == 1_542_316_620_669
    assert records[1].t_ns - records[0].t_ns == 1_000_000_000
    assert records[3].action == (0.0, -0.25)
    assert records[3].values["udacity/brake"] == 0.25


@pytest.mark.parametrize(("given", "correction"), [("0.2", 0.2), ("5deg", 0.2)])
def test_side_cameras_are_episodes_of_their_own_that_steer_back(given, correction, sources, tmp_path):
    result = convert(sources.udacity(), tmp_path / "out", options={"side_cameras": given})
    tub = Tub.open(tmp_path / "out")
    assert (result.frames, result.episodes, len(tub.episodes)) == (24, 3, 3)
    centre, left, right = ([tub.records[i] for i in range(e.start, e.stop)] for e in tub.episodes)
    assert left[2].action.steering == pytest.approx(centre[2].action.steering + correction)
    assert right[2].action.steering == pytest.approx(centre[2].action.steering - correction)
    assert left[2].values["udacity/steering_correction"] == pytest.approx(correction)


@pytest.mark.parametrize("given", ["left", "2", "-0.1", "60deg", "nan"])
def test_an_impossible_correction_is_refused(given, sources, tmp_path):
    with pytest.raises(CopycarError, match="--side-cameras"):
        convert(sources.udacity(), tmp_path / "out", options={"side_cameras": given})


def test_a_header_quotes_and_unix_paths_are_understood(sources, tmp_path):
    source = sources.udacity()
    table = source / "driving_log.csv"
    rows = table.read_text().replace("C:\\Users\\Doe, J\\IMG\\", "IMG/").splitlines()
    rows[1] = ",".join(f'"{field}"' for field in rows[1].split(","))
    table.write_text("center,left,right,steering,throttle,brake,speed\n" + "\n".join(rows))
    result = convert(source, tmp_path / "out")
    assert (result.frames, result.dropped) == (8, 0)


def test_torn_rows_and_missing_pictures_are_named(sources, tmp_path):
    source = sources.udacity()
    rows = (source / "driving_log.csv").read_text().splitlines()
    rows[1] = rows[1][:60]
    rows[2] = rows[2].replace("0.5,0,", "nan,0,")
    rows[4] = rows[4].replace("center_2018", "center_1918")
    (source / "driving_log.csv").write_text("\n".join(rows))
    result = convert(source, tmp_path / "out")
    assert (result.frames, result.dropped) == (5, 3)
    notes = "\n".join(result.notes)
    assert "driving_log.csv line 2" in notes
    assert "driving_log.csv line 5, centre, center_1918" in notes
