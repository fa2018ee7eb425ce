"""Write the files of a LeRobot dataset v3, row by row and in bounded memory. Knows nothing of tubs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import require
from copycar.core.files import write_json
from copycar.core.frame import Image
from copycar.tubs.formats.lerobot_info import DEFAULT_FEATURES, INFO, VERSION
from copycar.tubs.formats.lerobot_stats import PictureStats, Stats, number_stats

FILES_PER_CHUNK, FILE_MB = 1000, 100  # LeRobot's defaults
FILE_PATTERN = "chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
DATA_PATH = f"data/{FILE_PATTERN}"
EPISODES_PATH = f"meta/episodes/{FILE_PATTERN}"
ROWS_PER_GROUP = 256

Numbers = dict[str, NDArray[np.float64]]


class DatasetFiles:
    """A dataset while it is written.

    Args:
        folder: to be made.
        features: `features` of `meta/info.json`; the first one is the camera.
        schema: of the table.
        fps: frames per second.
        task: what the robot does.
    """

    def __init__(self, folder: Path, features: Mapping[str, Any], schema: Any, fps: int, task: str) -> None:
        self._folder, self._features, self._schema = folder, features, schema
        self._fps, self._task = fps, task
        self._camera = next(iter(features))
        self._table: Any = None
        self._rows: list[dict[str, Any]] = []
        self._file, self._file_bytes, self._n_frames, self._start = -1, FILE_MB << 20, 0, 0
        self._numbers: dict[str, list[Any]] = {}
        self._all_numbers: list[Numbers] = []
        self._pictures, self._all_pictures = PictureStats(), PictureStats()
        self._episodes: list[dict[str, Any]] = []

    def begin_episode(self) -> None:
        """End the episode before; what is added now belongs to a new one."""
        self._end_episode()
        if self._file_bytes >= FILE_MB << 20:
            self._next_file()

    def add(self, values: Mapping[str, Any], png: bytes, sample: Image | None) -> None:
        """Add a frame.

        Args:
            values: of every feature but the camera and the five that all datasets have.
            png: the picture.
            sample: its pixels, uint8 (H, W, 3), where it is to count in the statistics.
        """
        number = self._n_frames - self._start
        counted = (number / self._fps, number, len(self._episodes), self._n_frames, 0)
        row = {**values, **dict(zip(DEFAULT_FEATURES, counted, strict=True))}
        for name, value in row.items():
            if self._features[name]["dtype"] != "string":
                self._numbers.setdefault(name, []).append(value)
        picture = {"bytes": png, "path": f"frame-{number:06d}.png"}
        self._rows.append({self._camera: picture, **row})
        self._file_bytes += len(png)
        self._n_frames += 1
        if sample is not None:
            self._pictures.add(sample)
        if len(self._rows) == ROWS_PER_GROUP:
            self._write_rows()

    def finish(self) -> int:
        """Write everything that describes the dataset; return the number of frames."""
        self._end_episode()
        if self._table:
            self._table.close()
        self._write_episodes()
        self._write_tasks()
        if self._all_numbers:
            numbers = {
                name: np.concatenate([part[name] for part in self._all_numbers]) for name in self._all_numbers[0]
            }
            write_json(self._folder / "meta/stats.json", self._stats(self._all_pictures, numbers))
        write_json(self._folder / INFO, self._info())
        return self._n_frames

    def _end_episode(self) -> None:
        self._write_rows()
        length = self._n_frames - self._start
        if not length:
            return
        numbers = {
            name: np.asarray(values, dtype=np.float64).reshape(length, -1) for name, values in self._numbers.items()
        }
        stats = self._stats(self._pictures, numbers)
        chunk, file = divmod(self._file, FILES_PER_CHUNK)
        self._episodes.append(
            {
                "episode_index": len(self._episodes),
                "tasks": [self._task],
                "length": length,
                "data/chunk_index": chunk,
                "data/file_index": file,
                "dataset_from_index": self._start,
                "dataset_to_index": self._n_frames,
                **{f"stats/{name}/{key}": value for name, found in stats.items() for key, value in found.items()},
                "meta/episodes/chunk_index": 0,
                "meta/episodes/file_index": 0,
            }
        )
        self._all_numbers.append(numbers)
        self._all_pictures.merge(self._pictures)
        self._numbers, self._pictures, self._start = {}, PictureStats(), self._n_frames

    def _stats(self, pictures: PictureStats, numbers: Numbers) -> dict[str, Stats]:
        return {self._camera: pictures.result()} | {name: number_stats(values) for name, values in numbers.items()}

    def _next_file(self) -> None:
        parquet: Any = require("pyarrow.parquet", "formats")
        if self._table:
            self._table.close()
        self._file, self._file_bytes = self._file + 1, 0
        chunk, file = divmod(self._file, FILES_PER_CHUNK)
        path = self._folder / DATA_PATH.format(chunk_index=chunk, file_index=file)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._table = parquet.ParquetWriter(path, self._schema, compression="snappy", use_dictionary=True)

    def _write_rows(self) -> None:
        arrow: Any = require("pyarrow", "formats")
        if self._rows:
            self._table.write_table(arrow.Table.from_pylist(self._rows, self._schema))
            self._rows = []

    def _write_episodes(self) -> None:
        arrow: Any = require("pyarrow", "formats")
        parquet: Any = require("pyarrow.parquet", "formats")
        path = self._folder / EPISODES_PATH.format(chunk_index=0, file_index=0)
        path.parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(arrow.Table.from_pylist(self._episodes), path, compression="snappy")

    def _write_tasks(self) -> None:
        """Write the tasks as pandas would: the text is the index of the frame, the number its only column."""
        arrow: Any = require("pyarrow", "formats")
        parquet: Any = require("pyarrow.parquet", "formats")
        table = arrow.table({"task_index": arrow.array([0], arrow.int64()), "task": arrow.array([self._task])})
        columns = [_pandas_column("task_index", "int64", "int64"), _pandas_column("task", "unicode", "object")]
        about = {
            "index_columns": ["task"],
            "column_indexes": [],
            "columns": columns,
            "creator": {},
            "pandas_version": "2",
        }
        table = table.replace_schema_metadata({"pandas": json.dumps(about)})
        parquet.write_table(table, self._folder / "meta/tasks.parquet", compression="snappy")

    def _info(self) -> dict[str, Any]:
        return {
            "codebase_version": VERSION,
            "robot_type": "car",
            "total_episodes": len(self._episodes),
            "total_frames": self._n_frames,
            "total_tasks": 1,
            "chunks_size": FILES_PER_CHUNK,
            "data_files_size_in_mb": FILE_MB,
            "video_files_size_in_mb": 200,  # LeRobot's default; there are none
            "fps": self._fps,
            "splits": {"train": f"0:{len(self._episodes)}"},
            "data_path": DATA_PATH,
            "video_path": None,
            "features": dict(self._features),
        }


def _pandas_column(name: str, pandas_type: str, numpy_type: str) -> dict[str, Any]:
    kinds = {"pandas_type": pandas_type, "numpy_type": numpy_type, "metadata": None}
    return {"name": name, "field_name": name, **kinds}
