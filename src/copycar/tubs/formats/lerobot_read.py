"""Read LeRobot datasets v3: pictures from the table or from the videos. Knows nothing of writing them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError, did_you_mean, require
from copycar.core.frame import Action, Frame, Image
from copycar.tubs.formats.donkeycar_v2 import decision_of
from copycar.tubs.formats.lerobot_info import DEFAULT_FEATURES, EXTRA, T_NS, TIMESTAMP_MS, read_info
from copycar.tubs.formats.lerobot_video import episode_pictures
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.rows import finite
from copycar.tubs.formats.shot import NO_IMAGE, Shot

ACTION, TASK = "action", "lerobot/task"
STEERING = ("steering", "steer", "angle")
THROTTLE = ("throttle", "gas", "accel", "speed")
BATCH = 64  # rows in memory at once


@dataclass(frozen=True, slots=True)
class Reading:
    """Options of reading.

    Attributes:
        camera: which picture feature; "" takes the first.
        steering: name or number of the action's dimension that steers, + = right; "" finds it by its name.
        throttle: the same for throttle.
    """

    camera: str = ""
    steering: str = ""
    throttle: str = ""


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is where in a row.

    Attributes:
        camera: the picture feature.
        is_video: whether its pictures lie in videos.
        steering, throttle: places in the action.
        scalars: feature -> record key.
        vectors: feature -> a record key per dimension.
    """

    camera: str
    is_video: bool
    steering: int
    throttle: int
    scalars: dict[str, str]
    vectors: dict[str, list[str]]


def read(folder: Path, options: Reading, notes: Notes) -> Iterator[Shot]:
    """Yield all frames; every number and text of a row is kept as a record key.

    Raises:
        CopycarError: damaged or of another version, without pictures, or its action cannot be understood.
    """
    parquet: Any = require("pyarrow.parquet", "formats")
    info = read_info(folder)
    layout = _layout(info["features"], options, notes)
    notes.expected = int(finite(info.get("total_frames")) or 0)
    notes.metadata.update({key: info[key] for key in ("fps", "robot_type") if info.get(key) is not None})
    tasks = _tasks(folder, parquet)
    notes.metadata.update({"tasks": list(tasks.values())} if tasks else {})
    fps = finite(info.get("fps")) or 20.0
    start_s = (folder / "meta" / "info.json").stat().st_mtime
    videos = episode_pictures(folder, layout.camera, notes) if layout.is_video else None
    for place, row in _rows(folder, layout, parquet, notes):
        picture = next(videos.of(row), None) if videos else _picture(row.get(layout.camera))
        if picture is None:
            notes.drop("without a picture", place)
            continue
        if len(tasks) > 1:
            row |= {TASK: tasks.get(row.get("task_index"))}
        yield _shot(row, layout, picture, place, fps, start_s)


def _shot(
    row: Mapping[str, Any], layout: _Layout, picture: bytes | Image, place: str, fps: float, start_s: float
) -> Shot:
    action = row.get(ACTION)
    numbers = [finite(value) for value in action] if isinstance(action, list) else []
    pair = [numbers[i] if i < len(numbers) else None for i in (layout.steering, layout.throttle)]
    values = {key: row[feature] for feature, key in layout.scalars.items() if row.get(feature) is not None}
    for feature, keys in layout.vectors.items():
        values |= dict(zip(keys, row.get(feature) or [], strict=False))
    values |= {TASK: row[TASK]} if row.get(TASK) is not None else {}
    index = int(finite(row.get("index")) or 0)
    t_ns, wall_ms = finite(values.pop(T_NS, None)), finite(values.pop(TIMESTAMP_MS, None))
    decision, extras = decision_of(Action(*(float("nan") if n is None else n for n in pair)), values)
    frame = Frame(NO_IMAGE, decision, round(index / fps * 1e9) if t_ns is None else int(t_ns), extras)
    episode = int(finite(row.get("episode_index")) or 0)
    return Shot(frame, picture, place, episode, start_s + index / fps if wall_ms is None else wall_ms / 1000)


def _rows(folder: Path, layout: _Layout, parquet: Any, notes: Notes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (place, row) of all data files in order; a torn file costs its own frames only."""
    files = sorted((folder / "data").glob("*/*.parquet"))
    if not files:
        raise CopycarError(f"{folder} has no data", f"there is no Parquet file under {folder / 'data'}")
    wanted = {ACTION, layout.camera, *DEFAULT_FEATURES, *layout.scalars, *layout.vectors}
    for path in files:
        name = path.relative_to(folder)
        try:
            file = parquet.ParquetFile(path)
            columns = [column for column in file.schema_arrow.names if column in wanted]
            number = 0
            for batch in file.iter_batches(BATCH, columns=columns):
                for row in batch.to_pylist():
                    yield f"{name} row {number}", row
                    number += 1
        except (ValueError, OSError) as error:  # pyarrow's errors are either
            notes.say(f"{name} is torn and its frames are lost (was the recording finalised?): {error}")


def _picture(value: Any) -> bytes | None:
    data = value.get("bytes") if isinstance(value, dict) else value
    return data if isinstance(data, bytes) else None


def _layout(features: dict[str, Any], options: Reading, notes: Notes) -> _Layout:
    cameras = [name for name, feature in features.items() if feature["dtype"] in {"image", "video"}]
    if not cameras:
        raise CopycarError("the dataset has no pictures", f"its features are {', '.join(features)}")
    camera = options.camera or cameras[0]
    if camera not in cameras:
        raise CopycarError(f"no camera {camera}", fix=did_you_mean(camera, cameras))
    for other in cameras:
        if other != camera:
            notes.say(f"the camera {other} is left out (--camera {other} takes it instead)")
    if ACTION not in features:
        raise CopycarError("the dataset has no action", f"its features are {', '.join(features)}")
    names = _names(features[ACTION])
    steering = _dimension(names, options.steering, STEERING, "steering", 0)
    throttle = _dimension(names, options.throttle, THROTTLE, "throttle", 1)
    others = {name: f for name, f in features.items() if name not in {*cameras, *DEFAULT_FEATURES}}
    scalars = {name: _key(name, f) for name, f in others.items() if _size(f) == 1 and name != ACTION}
    vectors = {name: [f"{name}/{part}" for part in _names(f)] for name, f in others.items() if _size(f) > 1}
    if len(names) == 2:
        vectors.pop(ACTION, None)
    return _Layout(camera, features[camera]["dtype"] == "video", steering, throttle, scalars, vectors)


def _dimension(names: list[str], chosen: str, usual: tuple[str, ...], word: str, default: int) -> int:
    """Return which dimension of the action steers, or accelerates."""
    if chosen in names:
        return names.index(chosen)
    if chosen.isdecimal() and int(chosen) < len(names):
        return int(chosen)
    found = [place for place, name in enumerate(names) if any(part in name.lower() for part in usual)]
    if not chosen and found:
        return found[0]
    if not chosen and names == ["0", "1"]:
        return default
    raise CopycarError(
        f"which part of the action is {chosen or word}?",
        f"its parts are {', '.join(names)}",
        f"say it: --{word} {names[0] if names else 'NAME'}",
    )


def _names(feature: Mapping[str, Any]) -> list[str]:
    """Return a name per dimension: LeRobot's, which may be a list or a dict of lists, else its number."""
    names = feature.get("names")
    if isinstance(names, dict):
        names = [name for part in names.values() for name in (part if isinstance(part, list) else [part])]
    size = _size(feature)
    return (
        [str(name) for name in names] if isinstance(names, list) and len(names) == size else list(map(str, range(size)))
    )


def _size(feature: Mapping[str, Any]) -> int:
    shape = feature.get("shape")
    return shape[0] if isinstance(shape, list) and len(shape) == 1 and isinstance(shape[0], int) else 0


def _key(name: str, feature: Mapping[str, Any]) -> str:
    return _names(feature)[0] if name.startswith(EXTRA) else name


def _tasks(folder: Path, parquet: Any) -> dict[Any, str]:
    """Return number -> text; empty where the table is missing or torn."""
    try:
        table = parquet.read_table(folder / "meta" / "tasks.parquet")
        text = next(name for name in table.column_names if name != "task_index")
        return dict(zip(table["task_index"].to_pylist(), map(str, table[text].to_pylist()), strict=True))
    except (ValueError, OSError, StopIteration, KeyError):
        return {}
