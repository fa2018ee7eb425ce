"""Tells somebody who named a folder that is not a tub what it is instead. Converts nothing."""

from pathlib import Path

from copycar.core.errors import CopycarError, did_you_mean

SIGNS = {
    "meta.json": "a donkeycar tub of the old version 1",
    "driving_log.csv": "a recording of the Udacity simulator",
    "training.csv": "an AutCar recording",
    "train_map.txt": "a balanced AutCar training set",
    "data.csv": "a TensorKart recording",
}
"""A file that only this kind of folder has -> the kind, in words."""


def foreign_kind(folder: Path) -> str:
    """Return in words which other kind of recording lies in `folder`, "" where none is known."""
    return next((kind for sign, kind in SIGNS.items() if (folder / sign).is_file()), "")


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
        return CopycarError(f"{folder} is not a tub", f"it looks like {kind}", "convert it to a tub first")
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
