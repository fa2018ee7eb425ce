"""Which settings an interrupted run goes on with. Knows nothing of how training goes on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.learning.device import PRECISION_NAMES
from copycar.learning.settings import TrainSettings

CHANGEABLE = {"epochs", "device", "threads", "workers"}
"""What may be another than at the start: how long it goes on, and where it computes."""


def resumed_settings(
    folder: Path, described: Mapping[str, Any], n_done: int, asked: Mapping[str, Any]
) -> TrainSettings:
    """Return the settings that a run goes on with: its own, and those of `asked` that may change.

    Args:
        folder: of the run, for messages.
        described: its `run.json`.
        n_done: finished epochs.
        asked: settings that somebody named when going on.

    Raises:
        CopycarError: `run.json` says too little, or something was asked for that cannot change on the way.
    """
    if missing := {"settings", "tubs", "data", "machine"} - described.keys():
        raise CopycarError(
            f"{folder} cannot be gone on with", f"its run.json has no {', '.join(sorted(missing))}", "start it anew"
        )
    # the precision that "auto" chose may be another one next time
    own = described["settings"] | {"precision": PRECISION_NAMES[described["machine"]["precision"]]}
    _require_same(folder, own, asked)
    epochs = asked.get("epochs")
    if epochs is not None and epochs < n_done:
        raise CopycarError(
            f"{folder} has run {n_done} epochs already", f"it cannot end after {epochs}", "ask for more epochs"
        )
    return build(TrainSettings, own | {name: asked[name] for name in asked.keys() & CHANGEABLE}, str(folder))


def _require_same(folder: Path, own: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    other = [name for name in asked if name not in CHANGEABLE and asked[name] != own.get(name)]
    if other:
        raise CopycarError(
            f"{folder} cannot go on with {', '.join(f'{name} {asked[name]}' for name in other)}",
            f"it was started with {', '.join(f'{name} {own.get(name)}' for name in other)}; only epochs may change",
            f"leave it out, or start a new run from this one's weights: copycar train TUB --transfer {folder}",
        )
