import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from copycar.driving.durations import Durations


def test_nothing_measured_is_unknown():
    assert Durations().percentiles_ms() == {"p50": None, "p95": None}


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=40))
def test_percentiles_speak_of_the_latest_window(durations_ns):
    ring = Durations(window=8)
    for duration_ns in durations_ns:
        ring.add(duration_ns)
    p50, p95 = np.percentile(durations_ns[-8:], [50, 95]) / 1e6
    assert ring.percentiles_ms() == {"p50": p50, "p95": p95}
