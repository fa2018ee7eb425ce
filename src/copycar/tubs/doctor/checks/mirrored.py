"""Pictures mirrored against their steering, or a steering with the wrong sign: the scene moves to the wrong side."""

import shlex

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict

SURE = 0.4
"""Correlation of the wrong sign that is called mirrored. Real and simulated tubs reach -0.15 at any lag by chance."""

CLEARER = 1.5
"""How many times stronger than the right sign it must be: a car that weaves evenly shows both."""


def check(evidence: Evidence) -> Verdict:
    """Judge: a scene that moves with the steering instead of against it is broken."""
    lag = evidence.lag
    if lag is None:
        return Verdict("mirrored", "ok", "cannot be told: too little steering, or pictures too different")
    figures = {"correlation": lag.correlation}
    if lag.negative > -SURE or -lag.negative < CLEARER * lag.positive:
        return Verdict("mirrored", "ok", "the scene moves against the steering, as it should", figures=figures)
    path = shlex.quote(str(evidence.tub.path))
    words = f"the scene moves with the steering (correlation {lag.negative:.2f}): pictures or steering are mirrored"
    fix = f"copycar tub flip {path} --keep-steering --out NEW"
    return Verdict("mirrored", "broken", words, [int(index) for index in evidence.indexes], fix, figures=figures)
