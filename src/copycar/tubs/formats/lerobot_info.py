"""LeRobot datasets v3: what reading and writing share. Knows nothing of robots.

`meta/info.json` describes the features, `meta/tasks.parquet` and `meta/episodes/` the rest. `data/*/*.parquet` holds a
row per frame, with the picture as PNG bytes where its `dtype` is `image`; where it is `video`, the pictures lie in
`videos/<key>/*/*.mp4` (LeRobot 0.4, `datasets/utils.py`). The time is frame number / fps and never measured.
"""

import json
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError

VERSION = "v3.0"
INFO = "meta/info.json"
EXTRA = "extra."
"""Prefix of the features that hold a tub's own record keys; their `names` tell the key as it was."""
T_NS, TIMESTAMP_MS = "_t_ns", "_timestamp_ms"
DEFAULT_FEATURES = {
    "timestamp": "float32",
    "frame_index": "int64",
    "episode_index": "int64",
    "index": "int64",
    "task_index": "int64",
}
"""The five columns that every dataset has, and their types."""


def detect(path: Path) -> bool:
    """Return whether there is a `meta/info.json` that names LeRobot's version of it."""
    return (path / INFO).is_file() and b'"codebase_version"' in _start(path / INFO)


def read_info(folder: Path) -> dict[str, Any]:
    """Return `meta/info.json`.

    Raises:
        CopycarError: it is damaged, or of another version than 3.
    """
    try:
        info: dict[str, Any] = json.loads((folder / INFO).read_bytes())
        version, features = str(info["codebase_version"]), info["features"]
        features = {str(name): {**feature, "dtype": str(feature["dtype"])} for name, feature in features.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CopycarError(f"{folder / INFO} is damaged", str(error), "fetch the dataset again") from error
    if not version.startswith("v3"):
        raise CopycarError(
            f"{folder} is a LeRobot dataset {version}",
            "copycar reads version 3",
            "convert it first: python -m lerobot.datasets.v30.convert_dataset_v21_to_v30",
        )
    return info | {"features": features}


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1 << 20)
    except OSError:
        return b""
