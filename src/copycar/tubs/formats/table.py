"""Tables of a tub's records: CSV for spreadsheets, Parquet for data tools. Pictures are named, not copied.

Columns: `index`, `episode`, `timestamp_ms`, `t_ns`, `image` (path inside the tub), `steering`, `throttle`, then every
further record key in alphabetical order. What a record does not have is empty. Knows nothing of reading them back.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from copycar.core.errors import require
from copycar.tubs.formats.format import Export, Format
from copycar.tubs.judge import IMAGES
from copycar.tubs.record import Record
from copycar.tubs.tub import Tub

ROWS_PER_GROUP = 10_000  # of Parquet: some megabytes in memory
BASE = ("index", "episode", "timestamp_ms", "t_ns", "image", "steering", "throttle")


def write_csv(tub: Tub, export: Export, advance: Callable[[], None]) -> int:
    """Write a CSV file with a header, UTF-8."""
    keys = _extra_keys(tub)
    with export.destination.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*BASE, *keys])
        for row in _rows(tub, keys):
            table.writerow("" if value is None else value for value in row)
            advance()
    return len(tub)


def write_parquet(tub: Tub, export: Export, advance: Callable[[], None]) -> int:
    """Write a Parquet file; a key whose values have several types becomes text.

    Raises:
        CopycarError: the package that writes Parquet is not installed.
    """
    arrow: Any = require("pyarrow", "formats")
    parquet: Any = require("pyarrow.parquet", "formats")
    keys = _extra_keys(tub)
    kinds = {key: _arrow_type(arrow, tub, key) for key in keys}
    base = [
        arrow.int64(),
        arrow.int32(),
        arrow.int64(),
        arrow.int64(),
        arrow.string(),
        arrow.float64(),
        arrow.float64(),
    ]
    schema = arrow.schema([*zip(BASE, base, strict=True), *kinds.items()])
    with parquet.ParquetWriter(export.destination, schema) as file:
        rows = []
        for row in _rows(tub, keys):
            values = [
                str(v) if kind == arrow.string() and v is not None else v
                for v, kind in zip(row, schema.types, strict=True)
            ]
            rows.append(dict(zip(schema.names, values, strict=True)))
            advance()
            if len(rows) == ROWS_PER_GROUP:
                file.write_table(arrow.Table.from_pylist(rows, schema))
                rows = []
        file.write_table(arrow.Table.from_pylist(rows, schema))
    return len(tub)


def _rows(tub: Tub, keys: list[str]) -> Iterator[list[Any]]:
    for number, episode in enumerate(tub.episodes):
        for record in tub.records[episode.start : episode.stop]:
            yield [*_base(record, number), *(record.values.get(key) for key in keys)]


def _base(record: Record, episode: int) -> list[Any]:
    steering, throttle = record.action
    return [
        record.index,
        episode,
        record.timestamp_ms,
        record.t_ns,
        f"{IMAGES}/{record.image_path.name}",
        steering,
        throttle,
    ]


def _extra_keys(tub: Tub) -> list[str]:
    return sorted({key for record in tub.records for key in record.values})


def _arrow_type(arrow: Any, tub: Tub, key: str) -> Any:
    kinds = {type(value) for record in tub.records if (value := record.values.get(key)) is not None}
    if kinds == {bool}:
        return arrow.bool_()
    if kinds == {int}:
        return arrow.int64()
    return arrow.float64() if kinds and kinds <= {int, float} else arrow.string()


def _is_none(path: Path) -> bool:
    return False


CSV = Format("a table of records", _is_none, write=write_csv, suffix=".csv")
PARQUET = Format("a table of records", _is_none, write=write_parquet, suffix=".parquet")
