"""Make a balanced set of what AutCar captured, in AutCar's own layout. Knows nothing of networks.

Beside AutCar's files lies `copycar.json`: how the set was made, and that the folder is ours to make anew.
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from copycar import __version__
from copycar.autcar.captures import Capture, Faults, read_captures
from copycar.autcar.division import divide
from copycar.core.errors import CopycarError
from copycar.core.files import write_json
from copycar.tubs.formats.autcar_balanced import MAPS, TEST, TRAIN, write_set
from copycar.tubs.formats.notes import Notes
from copycar.tubs.new_folder import new_folder

CARD = "copycar.json"
OURS = re.compile(rf"image_\d+\.png|{'|'.join(map(re.escape, (*MAPS.values(), CARD)))}")


@dataclass(frozen=True, slots=True)
class BalancedSet:
    """What was made.

    Attributes:
        folder: where, as it was named.
        train, test: pictures of every class; the training map names those of rare classes several times.
        notes: what was left out or counted as something else, in words.
    """

    folder: str
    train: dict[str, int]
    test: dict[str, int]
    notes: list[str]


def make_balanced_set(
    folders: Sequence[Path],
    out: str,
    *,
    train_share: float,
    classes: Sequence[str],
    ignore: Collection[str] = (),
    seed: int = 0,
    replaces: bool = False,
) -> BalancedSet:
    """Divide captures into stretches for training and for testing, and name rare training pictures several times.

    Args:
        folders: AutCar's captures; they are only read.
        out: folder to make; it appears when it is complete.
        train_share: of the pictures, 0 … 1, both excluded.
        classes: that pictures may have.
        ignore: classes to leave out.
        seed: same seed and captures, same set.
        replaces: make a set anew that copycar has made; nothing else is ever removed.

    Raises:
        CopycarError: no usable captures, only one class, an empty side, or `out` is not ours to replace.
    """
    _require_free(Path(out), replaces)
    notes = Faults()
    seen = [(capture.name, capture.content) for capture in read_captures(folders, classes, ignore, notes)]
    names, contents = [name for name, _ in seen], [content for _, content in seen]
    _require_several(names, notes)
    is_test = divide(names, contents, train_share=train_share, seed=seed).tolist()
    train, test = (_counted(names, is_test, side) for side in (False, True))
    made = BalancedSet(out, train, test, [*notes.sentences(), *_about(train, test, names)])
    captures = read_captures(folders, classes, ignore, Notes())
    if _is_ours(_beside(Path(out))):  # of an attempt that was killed
        shutil.rmtree(_beside(Path(out)))
    with new_folder(_beside(Path(out)) if replaces else Path(out)) as folder:
        write_set(folder, out.rstrip("/\\"), _sided(captures, is_test))
        write_json(folder / CARD, {"copycar": __version__, "seed": seed, "from": [*map(str, folders)], **asdict(made)})
    if replaces:
        _replace(Path(out))
    return made


def _sided(captures: Iterator[Capture], is_test: Sequence[bool]) -> Iterator[tuple[bytes, str, str]]:
    for capture, tests in zip(captures, is_test, strict=True):
        yield capture.picture, capture.name, TEST if tests else TRAIN


def _counted(names: Sequence[str], is_test: Sequence[bool], side: bool) -> dict[str, int]:
    counts = Counter(name for name, tests in zip(names, is_test, strict=True) if tests == side)
    return dict(sorted(counts.items()))


def _about(train: dict[str, int], test: dict[str, int], names: Sequence[str]) -> list[str]:
    """Return which classes are on one side only: one that was seen once cannot be on both."""
    seen = Counter(names)
    untested = [f"{name} ({seen[name]})" for name in train if name not in test]
    unlearned = [f"{name} ({seen[name]})" for name in test if name not in train]
    notes = [f"trained but not tested, too rare for both: {', '.join(untested)}"] if untested else []
    return notes + ([f"tested but never trained, record more of it: {', '.join(unlearned)}"] if unlearned else [])


def _require_several(names: Sequence[str], notes: Notes) -> None:
    if len(set(names)) > 1:
        return
    what = "no picture can be used" if not names else f"there is only one class, {names[0]}: nothing to tell apart"
    raise CopycarError(what, "; ".join(notes.sentences()), "record a drive with several commands")


def _require_free(out: Path, replaces: bool) -> None:
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not _is_ours(out):
        raise CopycarError(
            f"{out} exists already and holds something else than a set that copycar made",
            "nothing of yours is ever removed",
            "name another output_folder_path",
        )
    if not replaces:
        raise CopycarError(
            f"{out} holds a balanced set already", fix="name another output_folder_path, or make it anew: force=True"
        )


def _is_ours(folder: Path) -> bool:
    """Return whether there is nothing in a folder but what this module writes."""
    if folder.is_symlink() or not (folder / CARD).is_file():
        return False
    try:
        is_card = "copycar" in json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False
    return is_card and all(OURS.fullmatch(path.name) and path.is_file() for path in folder.iterdir())


def _beside(out: Path) -> Path:
    return out.with_name(f".{out.name}.new")


def _replace(out: Path) -> None:
    """Put the new set in the place of the old one, of which `_require_free` has seen that it is ours."""
    if out.exists():
        shutil.rmtree(out)
    _beside(out).rename(out)
