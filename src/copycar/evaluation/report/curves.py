"""Curves over the place on the lap: distance from the middle, steering, speed. All laps lie on top of each other.

Lines are SVG, stretched to the width of the page; every text is HTML beside them, so it stays readable on a phone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import numpy as np

from copycar.evaluation.report.groups import Group
from copycar.evaluation.report.paths import path, stretches, thinned
from copycar.evaluation.trace import Array, Trace

_BEND_PER_M = 0.25
"""Curvature from which a stretch is shown as a bend: a radius of 4 m."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: what is drawn against the place on the lap.

    Attributes:
        title: above it.
        low, high: the range of the values.
        ticks: (value, label) on the left.
        of_trace: the values (T,) of a trial.
    """

    title: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    of_trace: Callable[[Trace], Array]


def curves(group: Group) -> str:
    """Return the charts of one track and direction, HTML."""
    length, unit = _axis(group)
    bends = _bends(group)
    drawn = [_drawn(chart, group, length, bends) for chart in _charts(group)]
    note = '<p class="legend">Shaded: bends. Below: metres of the lap, as on the map.</p>' if bends else ""
    return f'<div class="curves">{"".join(drawn)}{_below(length, unit)}{note}</div>'


def _charts(group: Group) -> list[Chart]:
    edge = group.half_width_m
    speeds = [float(np.nanmax(trace.speed_mps)) for _, trace in group.numbered if np.isfinite(trace.speed_mps).any()]
    fastest = float(np.ceil(max([*speeds, 0.5]) * 2) / 2)
    return [
        Chart(
            "Distance from the middle",
            -1.15 * edge,
            1.15 * edge,
            ((edge, "left edge"), (0.0, "middle"), (-edge, "right edge")),
            lambda trace: -trace.cross_track_error_m,  # left is up, as a driver sees the road
        ),
        Chart(
            "Steering", -1.0, 1.0, ((1.0, "left"), (0.0, "straight"), (-1.0, "right")), lambda trace: -trace.steering
        ),
        Chart("Speed", 0.0, fastest, ((fastest, f"{fastest:g} m/s"), (0.0, "0")), lambda trace: trace.speed_mps),
    ]


def _axis(group: Group) -> tuple[float, str]:
    """Return the length of the x axis, and its unit: metres of the lap, or its share, or seconds."""
    if group.road is not None:
        return group.road.length_m, "m"
    if all(np.isfinite(trace.progress).all() for _, trace in group.numbered):
        return 100.0, "% of the lap"
    return max([trace.duration_s for _, trace in group.numbered] + [1.0]), "s"


def _drawn(chart: Chart, group: Group, length: float, bends: str) -> str:
    lines = "".join(_line(chart, number, trace, length) for number, trace in group.numbered)
    rules = "".join(f'<path class="rule" d="M0 {_y(chart, value):.0f}H1000"/>' for value, _ in chart.ticks)
    labels = "".join(f'<span style="top:{_y(chart, value):.0f}%">{escape(text)}</span>' for value, text in chart.ticks)
    return (
        f'<figure class="chart"><figcaption>{escape(chart.title)}</figcaption><div class="y">{labels}</div>'
        f'<svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">'
        f"{bends}{rules}{lines}</svg></figure>"
    )


def _line(chart: Chart, number: int, trace: Trace, length: float) -> str:
    x = _along(trace, length)
    y = np.clip(_y(chart, chart.of_trace(trace)), -2, 102)
    goes_on = trace.is_joined & (np.abs(np.diff(x)) < 500) & np.isfinite(y[1:]) & np.isfinite(y[:-1])
    points, every = np.column_stack([x, y]), thinned(len(trace))
    data = "".join(path(points[run][::every], 1) for run in stretches(goes_on) if len(trace))
    return f'<path class="curve" data-trial="{number}" d="{data}"/>'


def _along(trace: Trace, length: float) -> Array:
    """Return where on the x axis each tick lies, 0 … 1000."""
    share = trace.progress if np.isfinite(trace.progress).all() else trace.t_s / length
    along: Array = 1000.0 * share
    return along


def _y(chart: Chart, value: float | Array) -> Array:
    """Return where on the y axis a value lies, 0 (top) … 100."""
    height: Array = 100.0 * (chart.high - np.asarray(value)) / (chart.high - chart.low)
    return height


def _bends(group: Group) -> str:
    """Shade the stretches of the lap that bend."""
    line = group.line_m()
    if not len(line):
        return ""
    step = np.roll(line, -1, axis=0) - line
    heading = np.arctan2(step[:, 1], step[:, 0])
    turn = (np.roll(heading, -1) - heading + np.pi) % (2 * np.pi) - np.pi
    around = max(1, len(line) // 100)
    window = np.ones(2 * around + 1) / (2 * around + 1)
    smooth = np.convolve(np.concatenate([turn[-around:], turn, turn[:around]]), window, "valid")
    is_bend = np.abs(smooth) / np.hypot(*step.T) > _BEND_PER_M
    runs = [run for run in stretches(np.diff(is_bend) == 0) if is_bend[run.start]]
    return "".join(_bend(1000 * run.start / len(line), 1000 * run.stop / len(line)) for run in runs)


def _bend(start: float, stop: float) -> str:
    return f'<rect class="bend" x="{start:.0f}" y="0" width="{stop - start:.0f}" height="100"/>'


def _below(length: float, unit: str) -> str:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000) if length / step <= 7)
    ticks = np.arange(0, length - 0.4 * step, step)
    labels = "".join(f'<span style="left:{100 * tick / length:.1f}%">{tick:g}</span>' for tick in ticks)
    return f'<div class="x">{labels}<span style="left:100%">{length:.0f} {escape(unit)}</span></div>'
