import csv

import pytest
from pyarrow import parquet

from copycar.tubs.formats.convert import convert
from copycar.tubs.tub import Tub


@pytest.mark.parametrize("name", ["records.csv", "records.parquet"])
def test_every_live_record_is_a_row_with_all_it_knows(name, sources, tmp_path):
    source = sources.tub()
    result = convert(source, tmp_path / name)
    rows = read(tmp_path / name)
    records = Tub.open(source).records
    assert result.frames == len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        assert (float(row["steering"]), float(row["throttle"])) == record.action
        assert int(row["index"]) == record.index
        assert int(row["t_ns"]) == record.t_ns
        assert row["image"] == f"images/{record.image_path.name}"
        assert float(row["speed"]) == record.values["speed"]
        assert row["user/mode"] == record.values["user/mode"]
    assert {int(row["episode"]) for row in rows} == {0, 1}
    assert {row["pilot/angle"] in {"", None} for row in rows} == {True, False}


def read(path):
    if path.suffix == ".parquet":
        return parquet.read_table(path).to_pylist()
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
