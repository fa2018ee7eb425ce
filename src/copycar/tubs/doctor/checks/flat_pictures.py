"""Black, white or otherwise empty pictures: the lens cap, a dead camera, a lost light."""

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict, fix_command, many

LEAST_CONTRAST = 6.0
"""Standard deviation of a picture's grey levels, of 255. The emptiest real picture has 18 (an indoor track's wall),
the median has 39 to 47; a covered lens has 1 to 3 of sensor noise."""

LEAST_BRIGHTNESS = 6.0
"""Mean grey level, of 255; the darkest real picture has 78."""


def check(evidence: Evidence) -> Verdict:
    """Judge: a picture that shows nothing is broken, as it teaches the average."""
    is_flat = (evidence.contrast < LEAST_CONTRAST) | (evidence.brightness < LEAST_BRIGHTNESS)
    if not is_flat.any():
        least = float(evidence.contrast.min()) if len(evidence.contrast) else None
        return Verdict("flat_pictures", "ok", "every picture shows something", figures={"least_contrast": least})
    n_black = int((evidence.brightness[is_flat] < LEAST_BRIGHTNESS).sum())
    words = f"{many(int(is_flat.sum()), 'picture')} with nothing on, {n_black} of them black"
    fix = fix_command(evidence.tub.path)
    return Verdict("flat_pictures", "broken", words, evidence.numbers(is_flat), fix, is_safe=True, deletes=True)
