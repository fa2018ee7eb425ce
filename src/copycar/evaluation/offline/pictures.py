"""The frames on which policies and driver disagree most, with everybody's steering drawn into the picture."""

import math
from collections.abc import Sequence

from copycar.evaluation.offline.evaluate import Comparison
from copycar.evaluation.offline.strips import colour
from copycar.tubs.pages.picture import picture_figure

_FULL_LOCK_RAD = math.radians(60)  # how far a line leans at steering 1: wide enough to be read
_LENGTH = 62


def disagreements(comparison: Comparison) -> str:
    """Return the worst frames as pictures, the worst first, HTML."""
    how = '<p class="soft">Each line leans to where somebody steers; the driver is white.</p>'
    return f'{how}<div class="strip">{"".join(_figure(comparison, place) for place in comparison.worst())}</div>'


def caption(comparison: Comparison, place: int) -> str:
    """Return what everybody did on one frame, in words."""
    said = [(one.name, float(one.predicted[place, 0])) for one in comparison.answers]
    driver = float(comparison.frames.labels[place, 0])
    told = ", ".join(f"{name} {side(steering)}" for name, steering in [("driver", driver), *said])
    return f"frame {comparison.frames.records[place].index}: {told}"


def side(steering: float) -> str:
    """Return steering in words.

    >>> side(-0.5), side(0.004)
    ('left 0.50', 'straight')
    """
    if abs(steering) < 0.005:
        return "straight"
    return f"{'right' if steering > 0 else 'left'} {abs(steering):.2f}"


def _figure(comparison: Comparison, place: int) -> str:
    everybody = [("truth", comparison.frames.labels[place, 0])]
    everybody += [(colour(i), one.predicted[place, 0]) for i, one in enumerate(comparison.answers)]
    over = _steering([(kind, float(value)) for kind, value in everybody])
    return picture_figure(comparison.frames.records[place].image_path, caption(comparison, place), over)


def _steering(everybody: Sequence[tuple[str, float]]) -> str:
    """Return one line for each, from the bottom of the picture to where they steer."""
    lines = "".join(
        f'<path class="{kind}" d="M0 0L{_LENGTH * math.sin(value * _FULL_LOCK_RAD):.1f} '
        f'{-_LENGTH * math.cos(value * _FULL_LOCK_RAD):.1f}"/>'
        for kind, value in everybody
    )
    return f'<svg viewBox="-80 -100 160 104" preserveAspectRatio="xMidYMax meet" aria-hidden="true">{lines}</svg>'
