"""A camera that repeats its last picture while the car drives on."""

import numpy as np

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.runs import longest_run, run_lengths
from copycar.tubs.doctor.verdict import Verdict, fix_command

FROZEN_S = 0.5
"""A longer stretch of equal pictures is a frozen camera. Real tubs repeat single pictures only (0.05 s): the loop was
faster than the camera."""

REPEATED_SHARE = 0.05
"""Of all frames. Two real tubs have 0.011."""

DRIVING = 0.05  # throttle; a car that stands sees the same picture, and rightly so


def check(evidence: Evidence) -> Verdict:
    """Judge: a frozen stretch is broken, many single repeats are worth a look."""
    if len(evidence.records) < 2:
        return Verdict("frozen_camera", "ok", "too few pictures to tell")
    same = np.append(False, (np.diff(evidence.contents) == 0) & (np.diff(evidence.stretches) == 0))
    same &= np.abs(evidence.throttle) > DRIVING
    share, longest_s = float(same.mean()), longest_run(same) / evidence.rate_hz
    figures = {"repeated_share": share, "longest_s": longest_s}
    is_frozen = same & (run_lengths(same) > FROZEN_S * evidence.rate_hz)
    fix = fix_command(evidence.tub.path)
    if is_frozen.any():
        words = f"the camera froze for up to {longest_s:.1f} s while the car drove"
        frames = evidence.numbers(is_frozen)
        return Verdict("frozen_camera", "broken", words, frames, fix, is_safe=True, deletes=True, figures=figures)
    if share > REPEATED_SHARE:
        words = f"{share:.0%} of the pictures repeat the one before: the camera is slower than the recording"
        fix = fix_command(evidence.tub.path, "frozen_camera")
        return Verdict("frozen_camera", "look", words, evidence.numbers(same), fix, deletes=True, figures=figures)
    return Verdict("frozen_camera", "ok", f"{share:.1%} of the pictures repeat the one before", figures=figures)
