"""MARMOT's `project_config.yaml`: groups of command-line flags, read as data and never executed.

`--main: {--save_framerate: 10}` and so on. Keys that we do not know stay unread: MARMOT does so too. Our own
keys lie under `--ground:`, which it ignores.
"""

from pathlib import Path
from typing import Any

import yaml

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.ground.layouts.json_file import array_of
from copycar.ground.scene import Area, Thing

RATE, AREA = "save_framerate", "area_m"
THING = ("object_width_m", "object_height_m", "match_distance_m")


def read_config(path: Path) -> dict[str, Any]:
    """Return every flag of every group by its bare name; an empty mapping where there is no file.

    Raises:
        CopycarError: not YAML, or not groups of flags.
    """
    if not path.is_file():
        return {}
    try:
        groups = yaml.safe_load(path.read_text(encoding="utf-8"))
        groups = {} if groups is None else groups
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CopycarError(f"{path} is not YAML", " ".join(str(error).split()), "correct the line named") from error
    if not isinstance(groups, dict) or not all(isinstance(flags, dict | None) for flags in groups.values()):
        raise CopycarError(
            f"{path} is no project config",
            "it should hold groups of flags",
            "write it so: --main: {--save_framerate: 20}",
        )
    return {str(name).lstrip("-"): value for flags in groups.values() for name, value in (flags or {}).items()}


def rate_of(path: Path, config: dict[str, Any], usual: float) -> float:
    """Return the moments per second."""
    return _number(path, config, RATE, usual)


def thing_of(path: Path, config: dict[str, Any], usual: Thing) -> Thing:
    """Return what is looked for."""
    values = (usual.width_m, usual.height_m, usual.match_m)
    return Thing(*(_number(path, config, name, value) for name, value in zip(THING, values, strict=True)))


def area_of(path: Path, config: dict[str, Any]) -> Area | None:
    """Return the rectangle of ground in use, where the config says it: `--area_m: [x0, y0, x1, y1]`."""
    if config.get(AREA) is None:
        return None
    x0, y0, x1, y1 = array_of(path, config, AREA, (4,)).tolist()
    if x0 >= x1 or y0 >= y1:
        raise CopycarError(f"{path}: {AREA} is {config[AREA]!r}", fix="give [x0, y0, x1, y1] with x0 < x1 and y0 < y1")
    return x0, y0, x1, y1


def write_config(path: Path, rate_hz: float, thing: Thing, area: Area | None) -> None:
    """Write the rate, what is looked for, and where."""
    sizes = dict(zip(THING, (thing.width_m, thing.height_m, thing.match_m), strict=True))
    ours: dict[str, Any] = {f"--{name}": value for name, value in sizes.items()}
    if area is not None:
        ours[f"--{AREA}"] = list(area)
    groups = {"--main": {f"--{RATE}": rate_hz}, "--ground": ours}
    write_atomic(path, yaml.safe_dump(groups, sort_keys=False))


def _number(path: Path, config: dict[str, Any], name: str, usual: float) -> float:
    value = config.get(name, usual)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = 0.0
    if not 0 < number < float("inf"):
        raise CopycarError(f"{path}: {name} is {value!r}", fix="give a number above 0")
    return number
