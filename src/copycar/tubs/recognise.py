"""Tells somebody who named a folder that is not a tub what it is instead. Converts nothing."""

from pathlib import Path

from copycar.core.errors import CopycarError, did_you_mean
from copycar.tubs.formats.registry import FORMATS, detect_format


def foreign_kind(folder: Path) -> str:
    """Return in words which other kind of recording lies in `folder`, "" for a tub and where none is known."""
    name = detect_format(folder) if folder.is_dir() else ""
    return FORMATS.get(name).words if name not in {"", "tub"} else ""


def not_a_tub(folder: Path) -> CopycarError:
    """Return the error for a folder that has neither a manifest nor a catalog."""
    if not folder.exists():
        siblings = [entry.name for entry in folder.parent.iterdir()] if folder.parent.is_dir() else []
        hint = did_you_mean(folder.name, siblings) if 0 < len(siblings) <= 20 else "check the path"
        return CopycarError(f"no folder {folder}", fix=hint)
    if not folder.is_dir():
        return CopycarError(f"{folder} is a file", "a tub is a folder", f"try {folder.parent}")
    kind = foreign_kind(folder)
    if kind:
        return CopycarError(
            f"{folder} is not a tub", f"it looks like {kind}", f"copycar tub convert {folder} NEW_FOLDER"
        )
    return _holds_tubs(folder) or CopycarError(
        f"{folder} is not a tub", "it has neither a manifest.json nor a catalog", "name the folder with manifest.json"
    )


def _holds_tubs(folder: Path) -> CopycarError | None:
    inside = sorted(path.parent for path in [*folder.glob("*/manifest.json"), *folder.glob("*/catalog_0.catalog")])
    tubs = list(dict.fromkeys(inside))
    if not tubs:
        return None
    names = ", ".join(tub.name for tub in tubs[:5]) + (" …" if len(tubs) > 5 else "")
    fix = f"name it: {tubs[0]}" if len(tubs) == 1 else f"name all of them: {folder}/*"
    return CopycarError(f"{folder} is not a tub", f"it holds {len(tubs)} of them: {names}", fix)
