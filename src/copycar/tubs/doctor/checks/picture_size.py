"""Pictures of another size than the rest."""

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict, fix_command, many


def check(evidence: Evidence) -> Verdict:
    """Judge: one picture of another size is broken, as no batch can hold both."""
    if not evidence.odd_size:
        return Verdict("picture_size", "ok", "all pictures have the same size")
    frames = sorted(bad.record.index for bad in evidence.odd_size)
    words = f"{many(len(frames), 'picture')}: {evidence.odd_size[0].reason}"
    fix = fix_command(evidence.tub.path)
    return Verdict("picture_size", "broken", words, frames, fix, is_safe=True, deletes=True)
