"""Write a tub as a LeRobot dataset v3 with the pictures in its Parquet files. Knows nothing of reading one.

Every uninterrupted stretch of driving is an episode there, because LeRobot takes neighbouring rows for neighbouring
frames. Pictures are PNG (`dtype: image`, `video_path: null`): no video codec touches them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from copycar.core.errors import CopycarError, require
from copycar.tubs.episodes import step_seconds
from copycar.tubs.formats.export import as_png
from copycar.tubs.formats.format import Export
from copycar.tubs.formats.lerobot_columns import ACTION, arrow_schema, features, find_columns
from copycar.tubs.formats.lerobot_files import DatasetFiles
from copycar.tubs.formats.lerobot_stats import sample_step
from copycar.tubs.formats.png import decode_png
from copycar.tubs.tub import Tub

DEFAULT_FPS = 20  # donkeycar's, where the recording tells no time


@dataclass(frozen=True, slots=True)
class Writing:
    """Options of writing.

    Attributes:
        task: what the robot does, in words.
        fps: whole frames per second; 0 measures it in the tub.
    """

    task: str = "Drive along the track."
    fps: int = 0

    def __post_init__(self) -> None:
        if self.fps < 0 or not self.task:
            raise CopycarError("a dataset needs a task in words and a frame rate above 0", fix="--task TEXT --fps 20")


def write(tub: Tub, export: Export, advance: Callable[[], None]) -> int:
    """Write the dataset. Actions become float32, LeRobot's precision.

    Raises:
        CopycarError: a package is not installed.
    """
    arrow = require("pyarrow", "formats")
    fps, columns = export.options.fps or _measured_fps(tub), find_columns(tub)
    kept = {column.key for column in columns}
    for key in sorted({key for record in tub.records for key in record.values} - kept):
        export.notes.say(f"{key} is left out: copycar writes numbers and texts, and one camera")
    export.notes.say(
        f"LeRobot knows no measured time: {fps} frames per second are written, the measured times as extras"
    )
    schema = arrow_schema(arrow, columns)
    files = DatasetFiles(export.destination, features(columns, tub.image_size), schema, fps, export.options.task)
    starts = {segment.start: sample_step(len(segment)) for segment in tub.segments}
    places = {record.index: place for place, record in enumerate(tub.records)}
    expected, step = -1, 1
    for record, png in as_png(tub.records, export.notes, advance):
        place = places[record.index]
        if place in starts or place != expected:
            step = starts.get(place, step)
            files.begin_episode()
        values = {ACTION: list(record.action)} | {column.feature: column.value(record) for column in columns}
        files.add(values, png, decode_png(png) if place != expected or place % step == 0 else None)
        expected = place + 1
    return files.finish()


def _measured_fps(tub: Tub) -> int:
    steps_s = step_seconds(tub.records)
    steps_s = steps_s[np.isfinite(steps_s) & (steps_s > 0)]
    return max(1, round(1 / float(np.median(steps_s)))) if len(steps_s) else DEFAULT_FPS
