"""The latest durations and their percentiles, in a ring of fixed size. Knows nothing of what is measured."""

import numpy as np

WINDOW = 4096
"""How many of the latest durations are kept: 3.4 minutes at 20 Hz, in 32 kB."""


class Durations:
    """A ring of durations.

    >>> durations = Durations()
    >>> for milliseconds in (1, 2, 3):
    ...     durations.add(milliseconds * 1_000_000)
    >>> durations.percentiles_ms()
    {'p50': 2.0, 'p95': 2.9}
    """

    def __init__(self, window: int = WINDOW) -> None:
        self._ring_ns = np.zeros(window, dtype=np.int64)
        self._count = 0

    def add(self, duration_ns: int) -> None:
        """Keep one more duration; the oldest one goes when the ring is full."""
        self._ring_ns[self._count % len(self._ring_ns)] = duration_ns
        self._count += 1

    def percentiles_ms(self) -> dict[str, float | None]:
        """Return p50 and p95 in milliseconds; None where nothing was measured."""
        if not self._count:
            return {"p50": None, "p95": None}
        p50, p95 = np.percentile(self._ring_ns[: self._count], [50, 95]) / 1e6
        return {"p50": float(p50), "p95": float(p95)}
