"""A stick that trembles: the steering turns back and forth from one frame to the next."""

import numpy as np

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict

JERK = 0.05
"""Steering: a smaller step back is a steady hand."""

NOISY_SHARE = 0.2
"""Of all frames. Real tubs: 0.008 and 0.033; a keyboard in a simulator: 0.13; an expert program: 0.000."""

LEAST_FRAMES = 100


def check(evidence: Evidence) -> Verdict:
    """Judge: a trembling steering is worth a look, as a policy learns the mean of it and drives blurred."""
    if len(evidence.steering) < LEAST_FRAMES:
        return Verdict("noisy_stick", "ok", "too few frames to tell")
    step = np.diff(evidence.steering)
    turns_back = (step[1:] * step[:-1] < 0) & (np.abs(step[1:]) > JERK) & (np.abs(step[:-1]) > JERK)
    share = float(turns_back.mean())
    words = f"the steering jerks back in {share:.0%} of the frames"
    if share <= NOISY_SHARE:
        return Verdict("noisy_stick", "ok", words, figures={"share": share})
    frames = evidence.numbers(np.concatenate([[False], turns_back, [False]]))
    fix = "a worn stick, a tap-tap keyboard or two controllers at once: record with another one"
    return Verdict("noisy_stick", "look", words, frames, fix, figures={"share": share})
