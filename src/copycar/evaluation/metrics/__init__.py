"""Metrics of driving by name, one per file; other packages add theirs (entry-point group `copycar.metrics`)."""

from copycar.core.registry import Registry
from copycar.evaluation.metrics.metric import Metric

_HERE = "copycar.evaluation.metrics"

METRICS: Registry[Metric] = Registry(
    "metric",
    "copycar.metrics",
    {
        name: f"{_HERE}.{name}:METRIC"
        for name in (
            "route_completion_pct",
            "autonomy_pct",
            "interventions_per_lap",
            "driving_score",
            "laps",
            "cross_track_error_m",
            "lap_time_s",
            "smoothness",
            "reward",
            "latency_ms",
        )
    },
)
