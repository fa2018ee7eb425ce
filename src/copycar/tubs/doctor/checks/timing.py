"""Dropped frames, the recording's rate, and clocks that cannot be right."""

import numpy as np

from copycar.tubs.doctor.evidence import SENSIBLE_HZ, Evidence
from copycar.tubs.doctor.verdict import Verdict, many
from copycar.tubs.episodes import step_seconds

DROPPED_SHARE = 0.02
"""Of all frames. A healthy student car lost 4 of 5,015."""

LEAST_HZ = 10.0
"""Below it a car of 2 m/s drives 20 cm between two pictures, its own length."""

DROPPED_STEPS = 1.6
"""Median steps from one frame to the next that mean one was lost; real cars jitter to 1.3."""


def check(evidence: Evidence) -> Verdict:
    """Judge: lost frames and odd rates are worth a look; nothing here can be mended afterwards."""
    step_s = evidence.step_s
    if not step_s > 0:
        return Verdict("timing", "ok", "the recording tells no time")
    steps = np.append(step_seconds(evidence.records), np.nan)
    steps[np.append(np.diff(evidence.stretches) != 0, True)] = np.nan
    is_late = steps > DROPPED_STEPS * step_s
    n_lost = int((np.rint(steps[is_late] / step_s) - 1).sum())
    share, rate = n_lost / (len(steps) + n_lost), 1 / step_s
    figures = {"rate_hz": rate, "lost_frames": n_lost, "lost_share": share}
    words = f"{rate:.0f} frames a second, {many(n_lost, 'frame')} lost ({share:.1%})"
    if not LEAST_HZ <= rate <= SENSIBLE_HZ[1]:
        cause = "too few to react" if rate < LEAST_HZ else "no such camera exists: the clock is wrong"
        fix = "record faster" if rate < LEAST_HZ else "the pictures are fine; times and speeds of this tub are not"
        return Verdict("timing", "look", f"{rate:.0f} frames a second: {cause}", fix=fix, figures=figures)
    if share > DROPPED_SHARE:
        fix = "record smaller pictures, or to a faster disk"
        return Verdict("timing", "look", words, evidence.numbers(is_late), fix, figures=figures)
    return Verdict("timing", "ok", words, figures=figures)
