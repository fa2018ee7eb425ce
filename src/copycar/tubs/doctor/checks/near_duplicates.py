"""Pictures that hardly differ from the one before: the car stood, or the recording ran faster than it drove."""

import numpy as np

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.look import bits_apart
from copycar.tubs.doctor.verdict import Verdict, fix_command

MOST_BITS = 2
"""Of 128 bits of two difference hashes; sensor noise flips as many."""

MOST_SHARE = 0.3
"""Of all frames. Real tubs have 0.03 and 0.05, simulators 0.00 to 0.14."""


def check(evidence: Evidence) -> Verdict:
    """Judge: many near-duplicates are worth a look, as they cost training time and weigh their scene too much."""
    if len(evidence.records) < 2:
        return Verdict("near_duplicates", "ok", "too few pictures to tell")
    near = bits_apart(evidence.hashes[1:], evidence.hashes[:-1]) <= MOST_BITS
    is_repeat = np.append(False, near & (np.diff(evidence.stretches) == 0))
    share = float(is_repeat.mean())
    words = f"{share:.0%} of the pictures hardly differ from the one before"
    if share <= MOST_SHARE:
        return Verdict("near_duplicates", "ok", words, figures={"share": share})
    fix = fix_command(evidence.tub.path, "near_duplicates")
    frames = evidence.numbers(is_repeat)
    return Verdict("near_duplicates", "look", words, frames, fix, deletes=True, figures={"share": share})
