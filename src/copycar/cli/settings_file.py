"""Settings that lie under the flags: a file named with --config, then `copycar.toml` in this folder or one above.

Knows no verb's settings.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclopts.config import Toml

from copycar.cli.verbs import GROUPS, VERBS
from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.toml import read_toml

if TYPE_CHECKING:
    from cyclopts import App
    from cyclopts.argument import ArgumentCollection

CALIBRATION = "calibration"
TRAIN_TABLES = ("augment", "camera", "car", "network", "pipeline")
"""Sections that may stand alone: `[camera]` is `[train.camera]`."""

CARRIES = ("remote",)
"""Here --config names a file that travels with recordings."""


class SettingsFile(Toml):
    """A TOML file with one section per verb: `[train]`, then `epochs = 20`.

    A run that is gone on with has settings of its own, so that the file is left alone.
    """

    def __call__(self, app: "App", commands: tuple[str, ...], arguments: "ArgumentCollection") -> None:
        """Give every option that has no value yet the file's."""
        if _given(arguments, "--resume") is None:
            super().__call__(app, commands, arguments)

    def _load_config(self, path: Path) -> dict[str, Any]:
        values = read_toml(path)
        sections = [*VERBS, *GROUPS, *TRAIN_TABLES, CALIBRATION]
        for name in values:
            if name not in sections:
                raise CopycarError(f"{path} has an unknown section [{name}]", fix=did_you_mean(name, sections))
        values.pop(CALIBRATION, None)  # of the car, and no verb's: `copycar.driving.calibration` reads it
        tables = {name: values.pop(name) for name in TRAIN_TABLES if name in values}
        return {**values, "train": {**tables, **values.get("train", {})}} if tables else values


def named_file(app: "App", commands: tuple[str, ...], arguments: "ArgumentCollection") -> None:
    """Give every option that has no value yet that of the file named with --config.

    Raises:
        CopycarError: there is no such file, or it is damaged.
    """
    name = _given(arguments, "--config")
    if name is None or commands[:1] == CARRIES:
        return
    if not Path(name).is_file():
        raise CopycarError(f"no settings file {name}", fix="check the path; a run's own is RUN/run.toml")
    SettingsFile(name)(app, commands, arguments)


def _given(arguments: "ArgumentCollection", option: str) -> str | None:
    """Return what was typed after an option; None where the option was not typed."""
    return next((str(found.tokens[-1].value) for found in arguments if found.name == option and found.tokens), None)
