"""MARMOT's `2-training/train_config.yaml` as our settings, written as TOML for `copycar ground train --config`.

Its flags are read as data. What has no meaning here stays unread: the size of its heat map, its number of workers, and
the learning rate and decay of another network.
"""

from pathlib import Path
from typing import Any

from copycar.core.config import build
from copycar.core.files import write_atomic
from copycar.core.toml import as_toml
from copycar.ground.layouts.config_yaml import read_config
from copycar.ground.layouts.project import CONFIG, TRAINING
from copycar.ground.scene import Scene
from copycar.ground.settings import GroundSettings

THEIRS, OURS = TRAINING / "train_config.yaml", TRAINING / "train_config.toml"


def write_train_config(scene: Scene) -> Path | None:
    """Write the settings of a training on this project, unless somebody has written them; return the new file.

    Raises:
        CopycarError: MARMOT's file is damaged, or holds a value that cannot be.
    """
    path = scene.folder / OURS
    if path.exists():
        return None
    theirs = scene.folder / THEIRS
    values = settings_of(read_config(theirs), theirs)
    head = (
        f"# Made by copycar ground check out of {CONFIG} and {THEIRS.name}; it is not written again: edit it freely.\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, head + as_toml("ground.train", {**values, "match_m": scene.thing.match_m}))
    return path


def settings_of(theirs: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return our settings of MARMOT's flags, those that differ from ours.

    Args:
        theirs: flag to value, without dashes.
        path: of the file, for messages.

    Raises:
        CopycarError: a value that cannot be.
    """
    found: dict[str, Any] = {}
    for flag, name in (("max_epoch", "epochs"), ("batch_size", "batch_size")):
        if flag in theirs:
            found[name] = theirs[flag]
    if crop := theirs.get("crop_size"):
        found["width_px"] = (crop.split() if isinstance(crop, str) else list(crop))[-1]
    if "aug_train" in theirs:
        found["augmentation"] = "strong" if theirs["aug_train"] else "off"
    usual = GroundSettings().model_dump()
    checked = build(GroundSettings, found, str(path)).model_dump()
    return {name: checked[name] for name in found if checked[name] != usual[name]}
