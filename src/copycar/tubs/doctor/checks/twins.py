"""The same pictures twice: copied or mirrored frames that would sit in training and validation at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict, many
from copycar.tubs.twins import stamps

LEAST_FRAMES = 10
"""Fewer equal pictures are chance: a car that stands at its start twice. Of pictures that were encoded anew, two of
three keep their hash at quality 92, and one of six at quality 60: enough to find a copied drive, not to count it."""

SAME_STEERING = 0.02

Places = NDArray[np.int64]


def check(evidence: Evidence) -> Verdict:
    """Judge: frames that are also in an earlier tub, or twice in this one, deserve a look.

    Copies that keep the times of their parents (`copycar tub flip`, a copied folder) stay on their parents' side when
    a training holds frames out; they are counted, but not called leaked.
    """
    leaked = np.zeros(len(evidence.records), dtype=bool)
    n_kept, parts = 0, []
    for other in evidence.earlier if evidence.records else ():
        times = stamps(evidence.records)
        is_kept = np.isin(times, stamps(other.records)) & (times >= 0)
        is_leaked = (_partners(evidence, other) >= 0) & ~is_kept
        n_kept += int(is_kept.sum())
        if is_leaked.sum() >= LEAST_FRAMES:
            leaked |= is_leaked
            parts.append(f"at least {int(is_leaked.sum())} with {other.tub.path}")
    repeats = _repeats(evidence.contents.tolist())
    if repeats.sum() >= LEAST_FRAMES:
        leaked |= repeats
        parts.append(f"{int(repeats.sum())} with other moments of itself")
    kept = f"{many(n_kept, 'twin')} with their parents' times, which a split keeps together" if n_kept else ""
    if not parts:
        return Verdict("twins", "ok", kept or f"no frame twice, in {many(1 + len(evidence.earlier), 'tub')}")
    fix = "train with one of them only"
    return Verdict("twins", "look", f"frames shared: {', '.join(parts)}", evidence.numbers(leaked), fix)


def _partners(evidence: Evidence, other: Evidence) -> Places:
    """Return (N,) the place in `other` of each frame's copy or mirrored twin; -1 for none."""
    files = {content: place for place, content in enumerate(other.contents.tolist())}
    looks = {row.tobytes(): place for place, row in enumerate(other.hashes)}
    copied = np.array([files.get(content, -1) for content in evidence.contents.tolist()], dtype=np.int64)
    for hashes, sign in ((evidence.hashes, 1.0), (evidence.mirrored, -1.0)):
        place = np.array([looks.get(row.tobytes(), -1) for row in hashes], dtype=np.int64)
        is_same = np.abs(other.steering[place] - sign * evidence.steering) < SAME_STEERING
        copied = np.where((copied < 0) & (place >= 0) & is_same, place, copied)
    return copied


def _repeats(contents: Sequence[int]) -> NDArray[np.bool_]:
    """Mark frames whose very file was there already, but not as the frame just before."""
    last_place: dict[int, int] = {}
    is_repeat = np.zeros(len(contents), dtype=bool)
    for place, content in enumerate(contents):
        is_repeat[place] = last_place.get(content, place - 1) < place - 1
        last_place[content] = place
    return is_repeat
