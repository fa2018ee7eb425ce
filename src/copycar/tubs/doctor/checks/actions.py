"""Frames whose steering or throttle is no number, or lies outside -1 … 1."""

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict, fix_command, many


def check(evidence: Evidence) -> Verdict:
    """Judge: a missing, NaN or infinite action is broken; one out of range is worth a look, as it is clipped."""
    left_out = evidence.tub.left_out
    missing = [index for fault, indexes in left_out.items() if "throttle number" in fault for index in indexes]
    clipped = [index for fault, indexes in left_out.items() if "outside -1" in fault for index in indexes]
    if missing:
        words = f"{many(len(missing), 'frame')} without a steering and throttle number"
        fix = fix_command(evidence.tub.path)
        return Verdict("actions", "broken", words, sorted(missing), fix, is_safe=True, deletes=True)
    if clipped:
        words = (
            f"{many(len(clipped), 'frame')} with steering or throttle outside -1 … 1, read as the nearest allowed value"
        )
        fix = "calibrate the controller, or " + fix_command(evidence.tub.path, "actions")
        return Verdict("actions", "look", words, sorted(clipped), fix, deletes=True)
    return Verdict("actions", "ok", "every frame has a steering and a throttle between -1 and 1")
