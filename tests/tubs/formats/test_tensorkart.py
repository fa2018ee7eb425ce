from copycar.tubs.formats.convert import convert
from copycar.tubs.tub import Tub


def test_paths_are_re_rooted_and_all_columns_are_kept(sources, tmp_path):
    convert(sources.tensorkart(), tmp_path / "out")
    record = Tub.open(tmp_path / "out").records[1]
    assert record.action == (-0.5, 1.0)
    kept = {key: value for key, value in record.values.items() if key.startswith("tensorkart/")}
    assert kept == {"tensorkart/y": -0.0078125, "tensorkart/a": 1.0, "tensorkart/b": 0.0, "tensorkart/rb": 1.0}
    assert Tub.open(tmp_path / "out").gaps == []


def test_there_and_back_is_bit_equal(sources, tmp_path):
    source = sources.tensorkart()
    convert(source, tmp_path / "tub")
    convert(tmp_path / "tub", tmp_path / "2021-10-11", to="tensorkart")
    assert (tmp_path / "2021-10-11" / "data.csv").read_text() == (source / "data.csv").read_text()
    for number in range(8):
        name = f"img_{number}.png"
        assert (tmp_path / "2021-10-11" / name).read_bytes() == (source / name).read_bytes()


def test_a_tub_comes_back_bit_equal(sources, tmp_path):
    source = sources.tub()
    convert(source, tmp_path / "out", to="tensorkart")
    convert(tmp_path / "out", tmp_path / "back", options={"rate": 20.0})
    before, after = Tub.open(source).records, Tub.open(tmp_path / "back").records
    assert [r.image_path.read_bytes() for r in after] == [r.image_path.read_bytes() for r in before]
    assert [r.action.steering for r in after] == [r.action.steering for r in before]


def test_without_originals_the_tub_is_smaller(sources, tmp_path):
    source = sources.tensorkart()
    convert(source, tmp_path / "all")
    convert(source, tmp_path / "lean", options={"drop_originals": True, "quality": 80})
    assert size(tmp_path / "lean") < size(tmp_path / "all")


def test_braking_is_negative_throttle_and_changed_actions_set_the_buttons(sources, tmp_path):
    source = sources.tensorkart()
    rows = (source / "data.csv").read_text().splitlines()
    rows[0] = rows[0].replace(",1,0,0", ",0,1,0")
    (source / "data.csv").write_text("\n".join(rows))
    convert(source, tmp_path / "out")
    assert Tub.open(tmp_path / "out").records[0].action.throttle == -1.0
    convert(sources.tub(), tmp_path / "kart", to="tensorkart")
    assert {tuple(row.split(",")[3:]) for row in (tmp_path / "kart" / "data.csv").read_text().split()} == {
        ("1", "0", "0")
    }


def test_every_bad_row_is_named_and_costs_only_itself(sources, tmp_path):
    source = sources.tensorkart(n=16)
    rows = (source / "data.csv").read_bytes().splitlines()
    rows[0] = b"samples/x/img_0.png,nan,0,1,0,0"
    rows[1] = b"samples/x/img_1.png,0.5"
    rows[2] = b'"samples/x/img_2.png,0.5,0,1,0,0'
    rows[3] = b"/etc/passwd,0,0,1,0,0"
    rows[4] = b"..\\..\\..,0,0,1,0,0"
    rows[5] = b"img_5.png\0,0,0,1,0,0"
    rows[6] = b"img_\xff\xfe.png,0,0,1,0,0"
    rows[7] = b"img_7.png," + b"9" * 200_000
    rows[8] = b"img_8.png,1e999,0,1,0,0"
    rows[9] = b"img_9.png,left,0,1,0,0"
    (source / "img_10.png").write_bytes((source / "img_10.png").read_bytes()[:200])
    (source / "img_11.png").unlink()
    (source / "img_11.png").mkdir()
    (source / "data.csv").write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(rows))
    result = convert(source, tmp_path / "out")
    assert result.frames == 5  # 12 … 15, and 5, whose NUL is left out
    assert result.dropped == 11
    notes = "\n".join(result.notes)
    for place in ("line 1", "line 4, passwd", "line 8", "line 11"):
        assert f"data.csv {place}" in notes


def test_a_header_and_a_named_encoding_mark_are_no_frame(sources, tmp_path):
    source = sources.tensorkart()
    (source / "data.csv").write_text("﻿path,x,y,a,b,rb\n" + (source / "data.csv").read_text(), encoding="utf-8")
    result = convert(source, tmp_path / "out")
    assert (result.frames, result.dropped) == (8, 0)


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
