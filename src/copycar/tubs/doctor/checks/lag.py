"""Does the picture move when the stick does? Steering and pictures that are recorded out of step teach late turns."""

import shlex

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict

LEAST_CORRELATION = 0.35
"""Below it nothing is said. Real tubs have 0.89 and 0.93, simulators 0.46, 0.86 and 0.99."""

USUAL_S = 0.19
"""From the stick to the moving picture on a real car: servo, tyres, camera. Two real cars have 3.7 and 3.9 frames at
20 Hz; simulators 0.0 to 0.3 frames."""

EARLIER_FRAMES = 0.8  # before the stick, by rounding
LATER_S = 0.05  # beyond the usual: a frame at 20 Hz

SIMULATED = ("track/", "pos/", "vel/")
"""Record keys that only a simulator knows: what it steers moves at once."""


def check(evidence: Evidence) -> Verdict:
    """Judge: a delay that no healthy car has is worth a look; the fix names the shift of the labels that mends it."""
    lag = evidence.lag
    if lag is None or lag.positive < LEAST_CORRELATION or lag.correlation < 0:
        return Verdict("lag", "ok", "cannot be told: too little steering, or pictures too different")
    usual = 0.0 if _is_simulated(evidence) else USUAL_S * evidence.rate_hz
    is_usual = -EARLIER_FRAMES <= lag.frames <= usual + max(1.0, LATER_S * evidence.rate_hz)
    shift = 0 if is_usual else round(usual - lag.frames)
    figures = {
        "lag_frames": lag.frames,
        "lag_s": lag.frames / evidence.rate_hz,
        "confidence": lag.correlation,
        "shift": shift,
        "pairs": lag.n_pairs,
    }
    words = f"the picture follows the steering after {lag.frames:.1f} frames (confidence {lag.correlation:.2f})"
    if shift == 0:
        return Verdict("lag", "ok", words, figures=figures)
    fix = f"copycar train {shlex.quote(str(evidence.tub.path))} --shift {shift}"
    words += f"; {usual:.0f} are usual, so the labels should move by {shift:+d}"
    return Verdict("lag", "look", words, [int(index) for index in evidence.indexes], fix, figures=figures)


def _is_simulated(evidence: Evidence) -> bool:
    return bool(evidence.records) and any(key.startswith(SIMULATED) for key in evidence.records[0].values)
