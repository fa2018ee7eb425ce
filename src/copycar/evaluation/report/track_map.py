"""A map of driven lines as SVG: the road, each line coloured by its distance from the middle, and where it was helped.

One unit of the picture is one metre; north is up.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from html import escape

import numpy as np

from copycar.evaluation.report.groups import Group
from copycar.evaluation.report.paths import path, stretches, thinned
from copycar.evaluation.report.words import CAUSES, did, letter, number
from copycar.evaluation.trace import Array, Trace

SHADES = 5
"""Colours from the middle of the road to its edge."""

_MARGIN_M = 0.9
_LABEL_EVERY_M = 5.0


def track_map(group: Group) -> str:
    """Return the SVG element of one track and direction."""
    left, top, width, height = _box(group)
    lines = "".join(_driven(number, trace, group.half_width_m) for number, trace in group.numbered)
    marks = "".join(_marks(number, trace) for number, trace in group.numbered)
    return (
        f'<svg class="map" viewBox="{left:.2f} {top:.2f} {width:.2f} {height:.2f}" role="img" '
        f'aria-label="Map of the driven lines on {escape(group.title)}">{_road(group)}{lines}{marks}</svg>'
    )


def legend(half_width_m: float) -> str:
    """Return the colours in words, HTML."""
    step = half_width_m / SHADES
    parts = [
        f'<span class="key e{shade}">{number(shade * step, "m").split()[0]} to {number((shade + 1) * step, "m")}</span>'
        for shade in range(SHADES)
    ]
    return f'<p class="legend">Distance from the middle: {"".join(parts)} Arrowheads: where trials start.</p>'


def causes(*groups: Group) -> str:
    """Return what the letters of the interventions mean, as far as they occur, HTML."""
    seen = {event.cause for group in groups for _, trace in group.numbered for event in trace.interventions}
    known = [f"<b>{sign}</b> {words}" for cause, (sign, words) in CAUSES.items() if cause in seen]
    return f'<p class="legend">Helped where it: {", ".join(known)}</p>' if known else ""


def ghost_map(groups: Sequence[Group], marks: Sequence[str]) -> str:
    """Return one SVG element with the first trial of several drivers on the same road, each in a colour of its own.

    Args:
        groups: one of each driver, of the same track and direction.
        marks: CSS class of each driver's line; a circle `.ghost` of that class stands at its start, to be moved.
    """
    first, traces = groups[0], [group.numbered[0][1] for group in groups]
    left, top, width, height = _box(replace(first, numbered=tuple(enumerate(traces, 1))))
    lines = "".join(_ghost_line(trace, mark) for trace, mark in zip(traces, marks, strict=True))
    discs = "".join(f'<circle class="ghost {mark}" r=".22"/>' for mark in marks)
    helped = "".join(
        f'<g class="{mark}">{"".join(_helps(1, trace))}</g>' for trace, mark in zip(traces, marks, strict=True)
    )
    return (
        f'<svg class="map" viewBox="{left:.2f} {top:.2f} {width:.2f} {height:.2f}" role="img" '
        f'aria-label="Map of {len(traces)} drives on {escape(first.title)}">{_road(first)}{lines}{helped}{discs}</svg>'
    )


def _ghost_line(trace: Trace, mark: str) -> str:
    every = thinned(len(trace))
    parts = [path(_drawn(trace.position_m[stretch][::every])) for stretch in stretches(trace.is_joined)]
    return f'<path class="trace {mark}" d="{"".join(parts)}"/>'


def _box(group: Group) -> tuple[float, float, float, float]:
    points = np.vstack([group.line_m(), *(_known(trace.position_m) for _, trace in group.numbered), np.zeros((0, 2))])
    if not len(points):
        return 0.0, 0.0, 1.0, 1.0
    margin = group.half_width_m + _MARGIN_M
    (left, bottom), (right, top) = points.min(axis=0) - margin, points.max(axis=0) + margin
    return float(left), float(-top), float(right - left), float(top - bottom)


def _road(group: Group) -> str:
    line = group.line_m()
    if group.road is None or not len(line):
        return ""
    data, width = path(_drawn(line), is_closed=True), group.road.width_m
    return (
        f'<path class="edge" d="{data}" stroke-width="{width + 0.1:.2f}"/>'
        f'<path class="road" d="{data}" stroke-width="{width:.2f}"/>'
        f'<path class="middle" d="{data}"/>{_start_line(line, width)}{_labels(line, width)}'
    )


def _start_line(line: Array, width: float) -> str:
    right = _right_of(line, 0) * width / 2
    ends = path(_drawn(np.array([line[0] - right, line[0] + right])))
    return f'<path class="start" d="{ends}"/>'


def _labels(line: Array, width: float) -> str:
    """Write the metres since the start line beside the road, and an arrow on the road halfway between."""
    step = np.hypot(*(np.roll(line, -1, axis=0) - line).T)
    arc, length = np.concatenate([[0.0], np.cumsum(step)[:-1]]), float(step.sum())
    parts = []
    for metres in np.arange(0.0, length - _LABEL_EVERY_M / 2, _LABEL_EVERY_M):
        row = int(np.searchsorted(arc, metres)) % len(line)
        x, y = _drawn(line[row] + _right_of(line, row) * (width / 2 + 0.45))
        parts.append(f'<text class="metres" x="{x:.2f}" y="{y:.2f}">{metres:.0f} m</text>')
        halfway = int(np.searchsorted(arc, metres + _LABEL_EVERY_M / 2)) % len(line)
        parts.append(_chevron(line, halfway))
    return "".join(parts)


def _chevron(line: Array, row: int) -> str:
    right = _right_of(line, row)
    ahead = np.array([-right[1], right[0]])
    corners = line[row] + np.array([-0.15 * ahead - 0.2 * right, 0.15 * ahead, -0.15 * ahead + 0.2 * right])
    return f'<path class="chevron" d="{path(_drawn(corners))}"/>'


def _driven(number: int, trace: Trace, half_width_m: float) -> str:
    """Return one trial's line, cut where its colour changes or the car was put elsewhere."""
    parts = []
    every = thinned(len(trace))
    for stretch in stretches(trace.is_joined):
        places, errors = trace.position_m[stretch][::every], trace.cross_track_error_m[stretch][::every]
        shade = np.minimum(np.nan_to_num(np.abs(errors)) / half_width_m * SHADES, SHADES - 1).astype(int)
        for run in stretches(np.diff(shade) == 0) if len(shade) > 1 else []:
            points = places[run.start : run.stop + 1]  # one more: runs touch
            parts.append(f'<path class="e{shade[run.start]}" d="{path(_drawn(points))}"/>')
    return f'<g class="line" data-trial="{number}">{"".join(parts)}</g>'


def _marks(number_: int, trace: Trace) -> str:
    """Return the start of a trial as an arrowhead and its interventions as lettered discs."""
    if not len(trace) or not np.isfinite(trace.position_m[0]).all():
        return ""
    x, y = _drawn(trace.position_m[0])
    turn = -math.degrees(trace.heading_rad[0])
    start = (
        f'<path class="from" d="M.24 0L-.14 .15L-.06 0L-.14 -.15Z" transform="translate({x:.2f} {y:.2f}) '
        f'rotate({turn:.0f})"><title>trial {number_} starts here</title></path>'
    )
    return f'<g data-trial="{number_}">{start}{"".join(_helps(number_, trace))}</g>'


def _helps(number_: int, trace: Trace) -> list[str]:
    return [
        f'<g class="help" transform="translate({event.x_m:.2f} {-event.y_m:.2f})"><title>trial {number_}: it '
        f"{did(event.cause)} after {number(event.t_s, 's')}</title>"
        f'<circle r=".24"/><text>{letter(event.cause)}</text></g>'
        for event in trace.interventions
        if math.isfinite(event.x_m)
    ]


def _drawn(points: Array) -> Array:
    """Turn north up: y grows downwards in SVG."""
    turned: Array = points * (1.0, -1.0)
    return turned


def _right_of(line: Array, row: int) -> Array:
    ahead = line[(row + 1) % len(line)] - line[row - 1]
    right: Array = np.array([ahead[1], -ahead[0]]) / np.hypot(*ahead)
    return right


def _known(points: Array) -> Array:
    known: Array = points[np.isfinite(points).all(axis=1)]
    return known
