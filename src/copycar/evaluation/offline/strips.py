"""What the driver did and what the policies answered, over time: strips like the lines of a text, broken at gaps."""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from copycar.evaluation.offline.evaluate import Comparison
from copycar.evaluation.offline.frames import RecordedFrames
from copycar.learning.judgement import AXES
from copycar.tubs.pages.charts import curves

STRIP = 500
"""Frames in one strip at most: half a minute of driving, two points for every pixel of a phone."""

MOST_STRIPS = 40
"""On one page: 20,000 frames; with more it opens slowly and nobody scrolls so far."""

N_COLOURS = 6
UP = {"steering": "up is right", "throttle": "up is forward"}
HEIGHT_PX = {"steering": 110, "throttle": 60}


def colour(number: int) -> str:
    """Return the CSS class of a policy's colour; the seventh policy looks like the first."""
    return f"p{number % N_COLOURS}"


def legend(comparison: Comparison) -> str:
    """Return who has which colour, HTML."""
    keys = [("truth", "the driver"), *((colour(i), one.name) for i, one in enumerate(comparison.answers))]
    return "<p>" + "".join(f'<span class="key {kind}">{escape(name)}</span>' for kind, name in keys) + "</p>"


def strips(comparison: Comparison) -> str:
    """Return steering and throttle of every drive, HTML."""
    found = list(stretches(comparison.frames))
    drawn = [_strip(comparison, stretch) for stretch in found[:MOST_STRIPS]]
    n_more = sum(len(stretch) for stretch in found[MOST_STRIPS:])
    return "".join(drawn) + (f'<p class="soft">… and {n_more} more frames.</p>' if n_more else "")


def broken(values: NDArray[np.float32], is_start: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the values (N,) with a NaN before every frame that does not follow the one before it."""
    places = np.flatnonzero(is_start[1:]) + 1
    return np.insert(values.astype(np.float64), places, np.nan)


def stretches(frames: RecordedFrames) -> Iterator[range]:
    """Cut every drive into equal stretches of at most `STRIP` frames: ranges of places."""
    for episode in frames.episodes:
        edges = np.linspace(episode.start, episode.stop, -(-len(episode) // STRIP) + 1).astype(int).tolist()
        yield from map(range, edges[:-1], edges[1:])


def _strip(comparison: Comparison, stretch: range) -> str:
    frames, part = comparison.frames, slice(stretch.start, stretch.stop)
    first, last = frames.records[stretch[0]], frames.records[stretch[-1]]
    where = f"{first.session}: frames {first.index} to {last.index}".removeprefix(": ")
    return "".join(
        curves(_lines(comparison, part, i), f"{axis.capitalize()}, {UP[axis]}. {where}", HEIGHT_PX[axis])
        for i, axis in enumerate(AXES)
    )


def _lines(comparison: Comparison, part: slice, axis: int) -> Sequence[tuple[str, NDArray[np.float64]]]:
    is_start = comparison.frames.is_start[part]
    answered = [(colour(i), one.predicted) for i, one in enumerate(comparison.answers)]
    return [
        (kind, broken(values[part, axis], is_start))
        for kind, values in (("truth", comparison.frames.labels), *answered)
    ]
