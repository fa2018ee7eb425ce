"""`copycar.toml`, in this folder or one above: settings that lie under the flags. Knows no verb's settings."""

from pathlib import Path
from typing import Any

from cyclopts.config import Toml

from copycar.cli.verbs import GROUPS, VERBS
from copycar.core.errors import CopycarError, did_you_mean

TRAIN_TABLES = ("augment", "camera", "car", "network")
"""Sections that may stand alone: `[camera]` is `[train.camera]`."""


class SettingsFile(Toml):
    """A TOML file with one section per verb: `[train]`, then `epochs = 20`."""

    def _load_config(self, path: Path) -> dict[str, Any]:
        from copycar.core.config import read_toml  # noqa: PLC0415 - pydantic: only who has such a file waits

        values = read_toml(path)
        sections = [*VERBS, *GROUPS, *TRAIN_TABLES]
        for name in values:
            if name not in sections:
                raise CopycarError(f"{path} has an unknown section [{name}]", fix=did_you_mean(name, sections))
        tables = {name: values.pop(name) for name in TRAIN_TABLES if name in values}
        return {**values, "train": {**tables, **values.get("train", {})}} if tables else values
