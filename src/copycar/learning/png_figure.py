"""A matplotlib figure that becomes a PNG file, without a display, whole or not at all. Knows nothing of its content."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from copycar.core.errors import CopycarError, require
from copycar.core.files import write_atomic

if TYPE_CHECKING:  # matplotlib takes 0.4 s to load: only who draws waits for it
    from matplotlib.figure import Figure

DOTS_PER_INCH = 120


def new_figure(width_inches: float, height_inches: float) -> "Figure":
    """Return an empty figure that no window and no display is needed for.

    Raises:
        CopycarError: matplotlib is not installed; with the extra that brings it.
    """
    require("matplotlib", "train")
    from matplotlib.figure import Figure  # noqa: PLC0415 - see above

    return Figure(figsize=(width_inches, height_inches), layout="constrained", dpi=DOTS_PER_INCH)


def save_png(figure: "Figure", path: Path) -> Path:
    """Write the figure to `path`, replacing an older one in one step, and return `path`.

    Raises:
        CopycarError: `path` cannot be written.
    """
    buffer = BytesIO()
    figure.savefig(buffer, format="png")  # without a canvas of its own a figure draws itself with Agg
    try:
        write_atomic(path, buffer.getvalue())
    except OSError as error:
        why = error.strerror or str(error)
        raise CopycarError(f"cannot write the picture {path}", why, "name another path") from error
    return path
