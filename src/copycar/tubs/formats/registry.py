"""The names of all formats, and which of them a path holds. Loads a format only when it is asked for."""

from pathlib import Path

from copycar.core.registry import Registry
from copycar.tubs.formats.format import Format

HERE = "copycar.tubs.formats"

FORMATS: Registry[Format] = Registry(
    "format",
    "copycar.formats",
    {
        "autcar": f"{HERE}.autcar:FORMAT",
        "autcar-balanced": f"{HERE}.autcar_balanced:FORMAT",
        "csv": f"{HERE}.table:CSV",
        "donkeycar-v1": f"{HERE}.donkeycar_v1:FORMAT",
        "lerobot": f"{HERE}.lerobot:FORMAT",
        "movie": f"{HERE}.movie:FORMAT",
        "parquet": f"{HERE}.table:PARQUET",
        "tensorkart": f"{HERE}.tensorkart:FORMAT",
        "tub": f"{HERE}.donkeycar_v2:FORMAT",
        "udacity": f"{HERE}.udacity:FORMAT",
    },
)
"""Name -> format; other packages add theirs through the entry-point group `copycar.formats`."""


def detect_format(path: Path) -> str:
    """Return the name of the format that lies at `path`; a tub before anything else, "" where nothing is known."""
    names = ["tub", *(name for name in FORMATS if name != "tub")]
    return next((name for name in names if FORMATS.get(name).detect(path)), "")
