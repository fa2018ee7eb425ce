"""Examines tubs: every check on every tub, and the safe cures. Knows nothing of how it is told to anybody."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.tubs.doctor.evidence import Evidence, collect
from copycar.tubs.doctor.registry import CHECKS, names_in_order
from copycar.tubs.doctor.verdict import Verdict
from copycar.tubs.tub import Tub, find_tubs

OnTubProgress = Callable[[Path, int, int], None]
"""Is told (tub, pictures done, pictures in all) from time to time."""


@dataclass(frozen=True)
class Examination:
    """What was found in one tub.

    Attributes:
        path: the tub.
        verdicts: in the order of the checks.
        tub: None where it cannot be opened at all.
    """

    path: Path
    verdicts: list[Verdict]
    tub: Tub | None

    @property
    def is_broken(self) -> bool:
        """Whether any verdict is "broken"."""
        return any(verdict.status == "broken" for verdict in self.verdicts)

    def as_json(self) -> dict[str, Any]:
        """Return `path`, `frames` and `verdicts`."""
        frames = len(self.tub) if self.tub else 0
        return {"path": str(self.path), "frames": frames, "verdicts": [verdict.as_json() for verdict in self.verdicts]}


def examine(
    paths: str | Path | Iterable[str | Path],
    *,
    only: Sequence[str] = (),
    on_progress: OnTubProgress | None = None,
) -> list[Examination]:
    """Examine tubs one after the other; a tub that cannot be opened gets that as its verdict.

    Args:
        paths: folders or glob patterns.
        only: names of the checks to make; default: all.
        on_progress: is told how far it is.

    Raises:
        CopycarError: no tub is named, or an unknown check.
    """
    checks = [(name, CHECKS.get(name)) for name in only or names_in_order()]
    examined: list[Examination] = []
    seen: list[Evidence] = []
    for path in find_tubs(paths):
        try:
            tub = Tub.open(path)
        except CopycarError as error:
            examined.append(Examination(path, [_unopened(error)], None))
            continue
        evidence = collect(tub, earlier=tuple(seen), on_progress=_for_tub(on_progress, path))
        examined.append(Examination(path, [check(evidence) for _, check in checks], tub))
        seen.append(evidence)
    return examined


def cure(examination: Examination, *, only: Sequence[str] = ()) -> list[Verdict]:
    """Apply the safe cures, and those of the checks named in `only`; return the verdicts that were acted upon.

    Frames are marked as deleted, with the check's words as the reason; `Tub.undo` brings them back.

    Raises:
        CopycarError: the tub cannot be written.
    """
    tub = examination.tub
    if tub is None:
        return []
    cured = [verdict for verdict in examination.verdicts if verdict.status != "ok" and _may_cure(verdict, only)]
    for verdict in cured:
        if verdict.deletes:
            tub.delete(verdict.frames, why=f"check {verdict.name}: {verdict.words}")
        else:
            tub.repair()
    return cured


def _may_cure(verdict: Verdict, only: Sequence[str]) -> bool:
    return verdict.is_safe or (verdict.deletes and verdict.name in only)


def _unopened(error: CopycarError) -> Verdict:
    words = f"{error.what}: {error.why}" if error.why else error.what
    return Verdict("files", "broken", words, fix=error.fix)


def _for_tub(on_progress: OnTubProgress | None, path: Path) -> Callable[[int, int], None] | None:
    return (lambda done, total: on_progress(path, done, total)) if on_progress else None
