"""Marks as SVG over a picture. Knows marks and colours; knows nothing of labels, pages or mice.

Pixel centres are whole numbers in marks; in SVG the first pixel's centre is at 0.5.
"""

from collections.abc import Iterable, Sequence

from copycar.ground.annotating.marks import Mark
from copycar.ground.plan import COLOURS

GHOST_OPACITY = 0.45
_LINE = 'fill="none" vector-effect="non-scaling-stroke"'


def overlay(marks: Sequence[Mark], ghosts: Sequence[Mark], selected: int | None, width_px: int) -> str:
    """Return the marks of one view.

    Args:
        marks: labelled things.
        ghosts: of the frame before.
        selected: drawn thicker, and last, so that it lies on top.
        width_px: of the picture, which text is in proportion to.
    """
    last = sorted(marks, key=lambda mark: mark.who == selected)
    drawn: Iterable[str] = (
        *(_drawn(mark, width_px, "ghost") for mark in ghosts),
        *(_drawn(mark, width_px, "selected" if mark.who == selected else "mark") for mark in last),
    )
    return "".join(drawn)


def colour_of(who: int) -> str:
    """Return the colour of an id, as SVG and CSS write it."""
    return "#{:02x}{:02x}{:02x}".format(*COLOURS[who % len(COLOURS)])


def _drawn(mark: Mark, width_px: int, kind: str) -> str:
    u, v = (value + 0.5 for value in mark.foot_px)
    arm, text, line = width_px / 60, width_px / 32, 2.5 if kind == "selected" else 1.5
    dashes = ' stroke-dasharray="4 3"' if kind == "ghost" else ""
    stroke = f'stroke="{colour_of(mark.who)}" stroke-width="{line}"{dashes} {_LINE}'
    box = ""
    if mark.box_px is not None:
        left, top, right, bottom = (value + 0.5 for value in mark.box_px)
        box = f'<rect x="{left:.2f}" y="{top:.2f}" width="{right - left:.2f}" height="{bottom - top:.2f}" {stroke}/>'
    opacity = f' opacity="{GHOST_OPACITY}"' if kind == "ghost" else ""
    ring = f'<circle cx="{u:.2f}" cy="{v:.2f}" r="{arm * 1.6:.2f}" {stroke}/>' if kind == "selected" else ""
    return (
        f'<g class="{kind}" data-who="{mark.who}"{opacity}>{box}{ring}'
        f'<path d="M{u - arm:.2f} {v:.2f}H{u + arm:.2f}M{u:.2f} {v - arm:.2f}V{v + arm:.2f}" {stroke}/>'
        f'<text x="{u + arm:.2f}" y="{v + arm + text / 2:.2f}" font-size="{text:.1f}" font-family="sans-serif" '
        f'font-weight="bold" fill="{colour_of(mark.who)}" stroke="#000" stroke-width="{text / 8:.2f}" '
        f'paint-order="stroke">{mark.who}</text></g>'
    )
