"""Missing, empty, truncated or otherwise unreadable pictures."""

from collections import Counter

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict, fix_command, many


def check(evidence: Evidence) -> Verdict:
    """Judge: one unreadable picture is broken, as it stops other programs' trainings."""
    faults = {bad.record.index: bad.reason for bad in evidence.unreadable}
    for fault, indexes in evidence.tub.left_out.items():
        if "picture" in fault:
            faults |= dict.fromkeys(indexes, fault.partition(",")[0])
    if not faults:
        return Verdict("unreadable_pictures", "ok", "every picture can be decoded")
    kinds = Counter(faults.values()).most_common(3)
    return Verdict(
        "unreadable_pictures",
        "broken",
        f"{many(len(faults), 'frame')}: {', '.join(f'{n} {kind}' for kind, n in kinds)}",
        sorted(faults),
        fix_command(evidence.tub.path),
        is_safe=True,
        deletes=True,
    )
