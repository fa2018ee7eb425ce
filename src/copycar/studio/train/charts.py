"""Several runs over one another as ECharts' options: their loss, and their error beside guessing the mean."""

from collections.abc import Mapping
from typing import Any

from copycar.learning.run_progress import RunProgress

COLOURS = ("#1f77d0", "#d2691e", "#2e8b57", "#b0489e", "#8a7a00", "#c0392b", "#5b6abf", "#00868b")
"""One per run; each has a contrast of at least 3 to 1 on white and on our dark paper (WCAG 2.2, 1.4.11)."""

GRID = {"lineStyle": {"color": "#8a939b", "opacity": 0.35}}
"""Lines of the background, quiet on white and on dark paper."""

EPOCH = {"name": "epoch", "nameLocation": "middle", "nameGap": 22}


def loss_chart(runs: Mapping[str, RunProgress]) -> dict[str, Any]:
    """Return the training loss of every run over its epochs."""
    lines = [_line(name, run.epochs, run.loss, colour) for (name, run), colour in _coloured(runs)]
    return _chart("Training loss", lines)


def error_chart(runs: Mapping[str, RunProgress]) -> dict[str, Any]:
    """Return the steering error on held-out frames of every run, and beside it, dashed, that of guessing the mean."""
    lines = [_line(name, run.epochs, run.error, colour) for (name, run), colour in _coloured(runs)]
    guesses = [
        _line(f"{name}: guess the mean", run.epochs, [run.baseline] * len(run.epochs), colour, is_guess=True)
        for (name, run), colour in _coloured(runs)
        if run.baseline is not None
    ]
    return _chart("Steering error on held-out frames", lines + guesses)


def _coloured(runs: Mapping[str, RunProgress]) -> list[tuple[tuple[str, RunProgress], str]]:
    return [(pair, COLOURS[place % len(COLOURS)]) for place, pair in enumerate(runs.items())]


def _line(name: str, epochs: list[int], values: list[float], colour: str, *, is_guess: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "data": [list(point) for point in zip(epochs, values, strict=False)],
        "symbol": "none" if is_guess else "circle",
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "type": "dashed" if is_guess else "solid"},
    }


def _chart(title: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "animation": False,
        "aria": {"enabled": True},
        "title": {"text": title, "textStyle": {"fontSize": 14}},
        "tooltip": {"trigger": "axis"},
        "legend": {"type": "scroll", "bottom": 0},
        "grid": {"left": 48, "right": 16, "top": 36, "bottom": 56},
        "xAxis": {"type": "value", "minInterval": 1, "min": 1, "splitLine": GRID, **EPOCH},
        "yAxis": {"type": "value", "min": 0, "splitLine": GRID},
        "series": lines,
    }
