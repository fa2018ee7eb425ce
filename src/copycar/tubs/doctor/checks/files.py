"""Are the manifest and the catalogs whole?"""

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict, fix_command


def check(evidence: Evidence) -> Verdict:
    """Judge what was repaired in memory on opening; donkeycar itself cannot open such a tub."""
    tub = evidence.tub
    if not tub.damage:
        return Verdict("files", "ok", "manifest and catalogs are whole")
    words = f"{len(tub.damage)} damaged, every whole frame is saved: {'; '.join(tub.damage)}"
    return Verdict("files", "broken", words, fix=fix_command(tub.path), is_safe=True, figures={"damage": tub.damage})
