"""New tubs from old ones: mirrored, merged, divided. Chooses what to call; knows nothing of how it is done."""

from collections.abc import Callable, Sequence
from pathlib import Path

from copycar.core.errors import CopycarError, did_you_mean
from copycar.studio.workplace import Workplace
from copycar.tubs.tub import Tub
from copycar.tubs.work.flip import flip
from copycar.tubs.work.made import Made
from copycar.tubs.work.merge import merge
from copycar.tubs.work.split import split_by_episode, split_tubs

Maker = Callable[[Sequence[Tub], Path], Sequence[Made]]

MAKERS: dict[str, Maker] = {
    "flip": lambda tubs, out: [flip(_only(tubs), out)],
    "merge": lambda tubs, out: [merge(tubs, out)],
    "split": split_tubs,
    "episodes": split_by_episode,
}


def make(workplace: Workplace, verb: str, names: Sequence[str], out: str) -> list[str]:
    """Make new tubs and return their names.

    Args:
        workplace: where tubs are.
        verb: "flip", "merge", "split" (training and validation) or "episodes" (one tub each).
        names: of the tubs it is made from.
        out: name of the new tub, or of the folder of several; must not exist.

    Raises:
        CopycarError: unknown verb, or it cannot be made.
    """
    if verb not in MAKERS:
        raise CopycarError(f"unknown {verb!r}", fix=did_you_mean(verb, MAKERS))
    if not out.strip():
        raise CopycarError("the new tub needs a name", fix="type one, such as data/mirrored")
    tubs = [Tub.open(workplace.path(name)) for name in names]
    return [workplace.name(made.path) for made in MAKERS[verb](tubs, workplace.path(out.strip()))]


def _only(tubs: Sequence[Tub]) -> Tub:
    if len(tubs) != 1:
        raise CopycarError(f"one tub is mirrored at a time, not {len(tubs)}", fix="merge them first")
    return tubs[0]
