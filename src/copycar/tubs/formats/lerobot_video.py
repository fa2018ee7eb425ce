"""Pictures of a LeRobot dataset that lie in videos, many episodes in one film. Knows nothing of the table.

`meta/episodes/` says in which file and at which second each episode begins.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError, require
from copycar.core.frame import Image
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.rows import finite


class EpisodePictures:
    """The films of one camera, read forward: rows must be asked for in the order of the dataset.

    Args:
        folder: the dataset.
        camera: its video feature.
        episodes: episode number -> its row in `meta/episodes`.
        notes: hears of films that cannot be read.
    """

    def __init__(self, folder: Path, camera: str, episodes: dict[int, Mapping[str, Any]], notes: Notes) -> None:
        self._folder, self._camera, self._episodes, self._notes = folder, camera, episodes, notes
        self._episode, self._next = -1, 0
        self._pictures: Iterator[Image] = iter(())

    def of(self, row: Mapping[str, Any]) -> Iterator[Image]:
        """Yield the one picture that belongs to a row; nothing where it cannot be had."""
        episode, number = int(finite(row.get("episode_index")) or 0), int(finite(row.get("frame_index")) or 0)
        if episode != self._episode:
            self._episode, self._next = episode, 0
            self._pictures = self._decode(episode)
        while self._next <= number:
            picture = next(self._pictures, None)
            self._next += 1
            if picture is None:
                return
            if self._next > number:
                yield picture

    def _decode(self, episode: int) -> Iterator[Image]:
        """Yield the episode's pictures, uint8 (H, W, 3) RGB."""
        av: Any = require("av", "formats")
        told = self._episodes.get(episode, {})
        prefix = f"videos/{self._camera}"
        chunk, file = (int(finite(told.get(f"{prefix}/{part}_index")) or 0) for part in ("chunk", "file"))
        start_s = finite(told.get(f"{prefix}/from_timestamp")) or 0.0
        path = self._folder / prefix / f"chunk-{chunk:03d}" / f"file-{file:03d}.mp4"
        try:
            with av.open(str(path)) as container:
                stream = container.streams.video[0]
                half_s = 0.5 / float(stream.average_rate or 30)
                container.seek(int(start_s / stream.time_base), stream=stream)
                for frame in container.decode(stream):
                    if frame.time is None or frame.time > start_s - half_s:
                        yield frame.to_ndarray(format="rgb24")
        except (av.error.FFmpegError, IndexError) as error:
            self._notes.say(f"{path.relative_to(self._folder)} cannot be read: {error}")


def episode_pictures(folder: Path, camera: str, notes: Notes) -> EpisodePictures:
    """Open the films of `camera`.

    Raises:
        CopycarError: the camera's name leads out of the folder, or the episodes' table is missing.
    """
    parquet: Any = require("pyarrow.parquet", "formats")
    if not (folder / "videos" / camera).resolve().is_relative_to(folder.resolve()):
        raise CopycarError(f"the camera {camera} would lie outside of {folder}", fix="correct meta/info.json")
    episodes: dict[int, Mapping[str, Any]] = {}
    for path in sorted((folder / "meta" / "episodes").glob("*/*.parquet")):
        try:
            columns = [name for name in parquet.read_schema(path).names if not name.startswith("stats/")]
            rows = parquet.read_table(path, columns=columns).to_pylist()
        except (ValueError, OSError) as error:
            raise CopycarError(f"{path} is torn", str(error), "fetch the dataset again") from error
        episodes |= {int(finite(row.get("episode_index")) or 0): row for row in rows}
    return EpisodePictures(folder, camera, episodes, notes)
