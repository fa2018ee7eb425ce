"""The training section: how the error fell, epoch by epoch. Knows the lines of a run's `metrics.jsonl`."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from copycar.evaluation.report.paths import path
from copycar.evaluation.report.tables import pairs
from copycar.evaluation.report.words import number

_CURVES = ("loss", "score", "train_loss", "validation_loss", "steering_mae")


def training_section(training: Mapping[str, Any]) -> str:
    """Return the section, HTML.

    Args:
        training: `"history"`, a list of one mapping of numbers per epoch, is drawn; every other plain value is listed.
    """
    history = training.get("history", ())
    facts = {name: value for name, value in training.items() if isinstance(value, str | int | float)}
    return f"{_charts(history)}{pairs(facts) if facts else ''}"


def _charts(history: Sequence[Mapping[str, Any]]) -> str:
    drawn = [_chart(name, _values(history, name)) for name in _CURVES]
    return f'<div class="small-charts">{"".join(drawn)}</div>' if any(drawn) else ""


def _values(history: Sequence[Mapping[str, Any]], name: str) -> list[float]:
    return [float(line[name]) for line in history if isinstance(line.get(name), int | float)]


def _chart(name: str, values: Sequence[float]) -> str:
    if len(values) < 2:
        return ""
    y = np.array(values)
    low, high = min(0.0, float(y.min())), float(y.max()) or 1.0
    points = np.column_stack([np.linspace(0, 1000, len(y)), 100 * (high - y) / (high - low)])
    return (
        f'<figure class="chart"><figcaption>{escape(name.replace("_", " "))}: {number(values[0])} to '
        f'{number(values[-1])} in {len(values)} epochs</figcaption><svg viewBox="0 0 1000 100" '
        f'preserveAspectRatio="none" aria-hidden="true"><path class="curve alone" d="{path(points, 1)}"/></svg>'
        f"</figure>"
    )
