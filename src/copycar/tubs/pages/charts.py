"""Small charts as inline SVG: bars, a heat map and curves. Knows nothing of recordings."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import ArrayLike, NDArray

WIDTH, HEIGHT = 420, 150
MOST_POINTS = 1500  # of a curve: more than a screen has columns


def bars(counts: ArrayLike, labels: Sequence[str], caption: str) -> str:
    """Return a histogram; `labels` are written from the left to the right end below it."""
    values = np.asarray(counts, dtype=np.float64)
    highest, wide = values.max(initial=1.0), WIDTH / len(values)
    drawn = "".join(
        f'<rect class="bar" x="{place * wide + 1:.1f}" y="{HEIGHT * (1 - value / highest):.1f}" '
        f'width="{wide - 2:.1f}" height="{HEIGHT * value / highest:.1f}"><title>{value:g}</title></rect>'
        for place, value in enumerate(values)
    )
    return _figure(drawn + _below(labels), caption, HEIGHT + 18)


def heat_map(counts: NDArray[np.int64], caption: str, below: Sequence[str]) -> str:
    """Return a map of counts (rows, columns), the first row at the bottom; darkness by the logarithm."""
    rows, columns = counts.shape
    wide, high = WIDTH / columns, HEIGHT / rows
    strength = np.log1p(counts) / np.log1p(max(1, int(counts.max())))
    drawn = "".join(
        f'<rect class="bar" x="{column * wide:.1f}" y="{HEIGHT - (row + 1) * high:.1f}" width="{wide:.1f}" '
        f'height="{high:.1f}" fill-opacity="{strength[row, column]:.2f}"><title>{counts[row, column]}</title></rect>'
        for row, column in zip(*np.nonzero(counts), strict=True)
    )
    border = f'<path class="axis" fill="none" d="M0 0H{WIDTH}V{HEIGHT}H0Z"/>'
    return _figure(border + drawn + _below(below), caption, HEIGHT + 18)


def curves(lines: Sequence[tuple[str, ArrayLike]], caption: str, height_px: int = 110) -> str:
    """Return curves over the frames; each is (CSS class, values -1 … 1, NaN where interrupted)."""
    drawn = "".join(f'<path class="line {name}" d="{_path(values)}"/>' for name, values in lines)
    axis = '<path class="axis" d="M0 50H1000" vector-effect="non-scaling-stroke"/>'
    svg = f'<svg viewBox="0 0 1000 100" preserveAspectRatio="none" style="height:{height_px}px">{axis}{drawn}</svg>'
    return f'<figure class="curve">{svg}<figcaption>{escape(caption)}</figcaption></figure>'


def _path(values: ArrayLike) -> str:
    y = 50 - 48 * np.clip(np.asarray(values, dtype=np.float64), -1, 1)
    every = max(1, len(y) // MOST_POINTS)
    x = np.linspace(0, 1000, len(y)) if len(y) > 1 else np.zeros(len(y))
    words, is_down = [], False
    for across, up in zip(x[::every], y[::every], strict=True):
        if np.isfinite(up):
            words.append(f"{'L' if is_down else 'M'}{across:.1f} {up:.1f}")
        is_down = bool(np.isfinite(up))
    return "".join(words)


def _below(labels: Sequence[str]) -> str:
    anchors = ["start", *["middle"] * (len(labels) - 2), "end"]
    places = np.linspace(0, WIDTH, len(labels))
    return "".join(
        f'<text x="{x:.0f}" y="{HEIGHT + 14}" text-anchor="{anchor}">{escape(label)}</text>'
        for x, anchor, label in zip(places, anchors, labels, strict=True)
    )


def _figure(drawn: str, caption: str, height: int) -> str:
    svg = f'<svg viewBox="0 0 {WIDTH} {height}">{drawn}</svg>'
    return f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>"
