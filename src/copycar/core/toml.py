"""Settings as TOML, read and written. Knows nothing of what they mean; `config` does."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        CopycarError: missing or not TOML, with the line of the fault.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CopycarError(f"no settings file {path}", fix="check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CopycarError(f"{path} is not TOML", str(error), "correct the line named above") from None


def as_toml(section: str, values: Mapping[str, Any]) -> str:
    """Return one TOML section; with "" for its name, what stands before any.

    What is None or has no parts is left out: TOML has no word for the one.

    >>> print(as_toml("train", {"type": "linear", "epochs": None, "seed": 3, "layers": [{"kind": "crop"}]}), end="")
    [train]
    type = "linear"
    seed = 3
    layers = [{kind = "crop"}]
    """
    lines = [f"{name} = {_toml(value)}" for name, value in values.items() if value not in (None, {})]
    return "\n".join([f"[{section}]"] * bool(section) + lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_toml(item)}" for name, item in value.items() if item is not None) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)  # texts, numbers and booleans are written alike in both
