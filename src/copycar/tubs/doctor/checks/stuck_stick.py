"""A stick that hangs: the steering stays at one odd value, or never moves at all."""

import numpy as np

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.runs import longest_run, run_lengths
from copycar.tubs.doctor.verdict import Verdict, fix_command

STUCK_S = 3.0
"""Nobody holds a stick at exactly one value this long: the longest on two real tubs is 1.75 s at full lock, and 0.45 s
anywhere else."""

CENTRE = 0.05  # steering below it is straight ahead, which may last
STILL = 0.01  # standard deviation of a steering that never moves
LEAST_FRAMES = 100


def check(evidence: Evidence) -> Verdict:
    """Judge: a steering that never moves teaches nothing and is broken; one that hangs for a while deserves a look."""
    steering = evidence.steering
    if len(steering) < LEAST_FRAMES:
        return Verdict("stuck_stick", "ok", "too few frames to tell")
    if steering.std() < STILL:
        words = f"the steering never moves from {steering.mean():+.2f}"
        return Verdict(
            "stuck_stick", "broken", words, [int(index) for index in evidence.indexes], "check the controller"
        )
    same = np.append(False, (np.diff(steering) == 0) & (np.diff(evidence.stretches) == 0))
    same &= np.abs(steering) > CENTRE
    longest_s = longest_run(same) / evidence.rate_hz
    is_stuck = run_lengths(same) > STUCK_S * evidence.rate_hz
    figures = {"longest_s": longest_s}
    if not is_stuck.any():
        return Verdict("stuck_stick", "ok", f"held at most {longest_s:.1f} s at one value", figures=figures)
    value = steering[is_stuck][0]
    words = f"the steering hangs at {value:+.2f} for {longest_s:.1f} s"
    fix = fix_command(evidence.tub.path, "stuck_stick")
    return Verdict("stuck_stick", "look", words, evidence.numbers(is_stuck), fix, deletes=True, figures=figures)
