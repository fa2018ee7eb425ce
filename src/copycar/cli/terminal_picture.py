"""The camera's picture in a terminal: each character is two pixels, one above the other. Knows nothing of driving."""

import shutil
import sys
from types import TracebackType

import numpy as np

from copycar.core.frame import Image

UPPER_HALF = "▀"
ENTER, LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"  # xterm: the alternate screen, the cursor hidden
HOME, RESET, REST_OF_LINE = "\x1b[H", "\x1b[0m", "\x1b[K"


def characters(image: Image, columns: int, rows: int) -> str:
    """Return the picture as coloured half blocks, as large as fits and as wide as it was, with 24-bit colours.

    Args:
        image: uint8 (H, W, 3) RGB.
        columns: room across, in characters.
        rows: room down, in characters.
    """
    height, width = image.shape[:2]
    scale = min(columns / width, 2 * rows / height)
    n_columns, n_rows = max(1, int(width * scale)), max(1, int(height * scale) // 2)
    down = (np.arange(2 * n_rows) + 0.5) * height / (2 * n_rows)
    across = (np.arange(n_columns) + 0.5) * width / n_columns
    small = image[down.astype(int)][:, across.astype(int)]
    lines = zip(small[0::2].tolist(), small[1::2].tolist(), strict=True)
    return "\n".join("".join(map(_character, upper, lower)) + RESET for upper, lower in lines)


def _character(upper: list[int], lower: list[int]) -> str:
    return "\x1b[38;2;{};{};{};48;2;{};{};{}m".format(*upper, *lower) + UPPER_HALF


class Screen:
    """The whole terminal for a picture and a line of text, given back as it was."""

    def __enter__(self) -> "Screen":
        sys.stderr.write(ENTER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.stderr.write(LEAVE)
        sys.stderr.flush()

    def draw(self, image: Image, text: str) -> None:
        """Show the picture with `text` below it."""
        size = shutil.get_terminal_size()
        picture = characters(image, size.columns, size.lines - 2)
        sys.stderr.write(f"{HOME}{picture}{REST_OF_LINE}\n{text[: size.columns]}{REST_OF_LINE}")
        sys.stderr.flush()
