"""Mostly straight ahead: a policy that never steers would look good on it."""

import shlex

import numpy as np

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict
from copycar.tubs.info import STRAIGHT

MOST_SHARE = 0.8
"""Of all frames. Real tubs: 0.26 and 0.56; simulators driven by hand: 0.46 and 0.63."""


def check(evidence: Evidence) -> Verdict:
    """Judge: too much straight driving is worth a look."""
    if not len(evidence.steering):
        return Verdict("straight_driving", "ok", "there is nothing to measure")
    is_straight = np.abs(evidence.steering) < STRAIGHT
    share = float(is_straight.mean())
    words = f"{share:.0%} of the frames steer straight ahead"
    if share <= MOST_SHARE:
        return Verdict("straight_driving", "ok", words, figures={"share": share})
    fix = f"record more bends; see copycar tub balance {shlex.quote(str(evidence.tub.path))}"
    return Verdict("straight_driving", "look", words, evidence.numbers(is_straight), fix, figures={"share": share})
