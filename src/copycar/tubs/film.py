"""Writes pictures as an mp4 that every browser plays. Knows nothing of what they show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from copycar.core.errors import CopycarError, require
from copycar.core.frame import Image


@contextmanager
def film_writer(
    path: Path, size: tuple[int, int], rate_hz: float, *, quality: int, preset: str
) -> Iterator[Callable[[Image], None]]:
    """Give a function that adds one picture, uint8 (height, width, 3) RGB, and write the film on leaving.

    H.264, yuv420p, a key frame a second (quick seeking) and the index in front (plays while it loads). When an error
    passes through, no file is left.

    Args:
        path: the `.mp4`; its folder must exist.
        size: (height, width) px of every picture, both even.
        rate_hz: pictures per second, rounded.
        quality: x264's constant rate factor: 23 is its default, 6 more halve the size.
        preset: x264's name for how long it takes, "fast" or "veryfast".

    Raises:
        CopycarError: the extra [sim] is missing, or `path` cannot be written.
    """
    av = require("av", "sim")
    partial = path.with_name(f".{path.stem}.partial.mp4")
    rate = max(1, round(rate_hz))
    try:
        with av.open(str(partial), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=rate)
            stream.height, stream.width = size
            stream.pix_fmt = "yuv420p"
            stream.options = {"crf": str(quality), "preset": preset, "g": str(rate)}

            def add(picture: Image) -> None:
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))

            yield add
            container.mux(stream.encode())
        partial.replace(path)
    except OSError as error:
        raise CopycarError(f"cannot write the film {path}", str(error), "name another path") from error
    finally:
        partial.unlink(missing_ok=True)
