"""Which features a tub becomes in a LeRobot dataset, and their types in Parquet. Writes nothing."""

from dataclasses import dataclass
from typing import Any

from copycar.tubs.formats.lerobot_info import DEFAULT_FEATURES, EXTRA, T_NS, TIMESTAMP_MS
from copycar.tubs.more_pictures import more_picture_keys
from copycar.tubs.record import Record
from copycar.tubs.tub import Tub

CAMERA, ACTION = "observation.images.front", "action"
ACTION_NAMES = ["steering", "throttle"]


@dataclass(frozen=True, slots=True)
class Column:
    """A record key as a feature.

    Attributes:
        feature: its name in the dataset, where names hold no slash.
        key: its name in the tub.
        dtype: LeRobot's type.
    """

    feature: str
    key: str
    dtype: str

    def value(self, record: Record) -> Any:
        """Return the record's value; where it has none, NaN or an empty text."""
        if self.key in {T_NS, TIMESTAMP_MS}:
            return record.t_ns if self.key == T_NS else record.timestamp_ms
        value = record.values.get(self.key)
        if self.dtype == "string":
            return "" if value is None else str(value)
        return float("nan") if value is None else value


def find_columns(tub: Tub) -> list[Column]:
    """Return a column for every record key that holds numbers or texts, and for the measured times."""
    keys = sorted({key for record in tub.records for key in record.values} - set(more_picture_keys(tub.inputs)))
    typed = [(key, _dtype(tub, key)) for key in keys]
    for key, attribute in ((TIMESTAMP_MS, "timestamp_ms"), (T_NS, "t_ns")):
        if all(getattr(record, attribute) is not None for record in tub.records):
            typed.append((key, "int64"))
    return [Column(EXTRA + key.lstrip("_").replace("/", "."), key, dtype) for key, dtype in typed if dtype]


def features(columns: list[Column], image_size: tuple[int, int]) -> dict[str, dict[str, Any]]:
    """Return `features` of `meta/info.json`, in the order of the table's columns."""
    shape = [*image_size, 3]
    found: dict[str, dict[str, Any]] = {
        CAMERA: {"dtype": "image", "shape": shape, "names": ["height", "width", "channels"]},
        ACTION: {"dtype": "float32", "shape": [2], "names": ACTION_NAMES},
    }
    found |= {column.feature: {"dtype": column.dtype, "shape": [1], "names": [column.key]} for column in columns}
    return found | {name: {"dtype": dtype, "shape": [1], "names": None} for name, dtype in DEFAULT_FEATURES.items()}


def arrow_schema(arrow: Any, columns: list[Column]) -> Any:
    """Return the table's schema."""
    types = {"float32": arrow.float32(), "float64": arrow.float64(), "int64": arrow.int64()}
    types |= {"bool": arrow.bool_(), "string": arrow.string()}
    fields = [
        (CAMERA, arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())])),
        (ACTION, arrow.list_(arrow.float32(), len(ACTION_NAMES))),
        *((column.feature, types[column.dtype]) for column in columns),
        *((name, types[dtype]) for name, dtype in DEFAULT_FEATURES.items()),
    ]
    return arrow.schema(fields)


def _dtype(tub: Tub, key: str) -> str:
    """Return LeRobot's type for all values of a key; "" where it has none for them."""
    values = [record.values.get(key) for record in tub.records]
    kinds = {type(value) for value in values if value is not None}
    is_everywhere = None not in values
    if kinds == {bool} and is_everywhere:
        return "bool"
    if kinds == {int} and is_everywhere:
        return "int64"
    if kinds and kinds <= {int, float, bool}:
        return "float64"
    return "string" if kinds == {str} else ""
