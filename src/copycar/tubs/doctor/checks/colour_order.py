"""Red and blue exchanged: the recorder wrote what OpenCV calls BGR."""

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict

BLUE_SHARE = 0.7
"""Of the coloured pixels below the middle of the picture. Measured as recorded: real tubs 0.00 and 0.29, simulators
0.00, 0.00 and 0.18; with red and blue exchanged each of them has one minus that."""

COLOURED_SHARE = 0.01
"""Of the pixels; with less colour nothing can be told. One real tub, a grey hall, has 0.002."""


def check(evidence: Evidence) -> Verdict:
    """Judge: mostly blue floors are worth a look; a floor can be blue, so it is never called broken."""
    coloured = float(evidence.colours[:, 0].mean()) if len(evidence.colours) else 0.0
    if coloured < COLOURED_SHARE:
        return Verdict("colour_order", "ok", "too little colour to tell", figures={"coloured_share": coloured})
    blue = float(evidence.colours[:, 1].mean()) / coloured
    figures = {"coloured_share": coloured, "blue_share": blue}
    if blue < BLUE_SHARE:
        return Verdict("colour_order", "ok", f"{blue:.0%} of what is coloured is bluish", figures=figures)
    words = f"{blue:.0%} of what is coloured on the ground is bluish: red and blue may be exchanged"
    fix = f"look at the pictures; if it is so: copycar tub recolour {evidence.tub.path} --out NEW"
    return Verdict("colour_order", "look", words, evidence.numbers(evidence.colours[:, 1] > 0), fix, figures=figures)
