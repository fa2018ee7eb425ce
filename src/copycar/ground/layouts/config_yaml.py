"""MARMOT's `project_config.yaml`: groups of command-line flags, read as data and never executed.

`--main: {--save_framerate: 10}` and so on. Keys that we do not know stay unread: MARMOT does so too. Our own
keys lie under `--ground:`, which it ignores.
"""

from pathlib import Path
from typing import Any

import yaml

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.ground.scene import Thing

RATE = "save_framerate"
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


def write_config(path: Path, rate_hz: float, thing: Thing) -> None:
    """Write the rate and what is looked for."""
    sizes = dict(zip(THING, (thing.width_m, thing.height_m, thing.match_m), strict=True))
    groups = {"--main": {f"--{RATE}": rate_hz}, "--ground": {f"--{name}": value for name, value in sizes.items()}}
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
