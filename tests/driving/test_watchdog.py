import threading

from hypothesis import given
from hypothesis import strategies as st

from copycar.core.clock import FakeClock
from copycar.driving.watchdog import Silence, Watchdog

SECOND_NS = 1_000_000_000


@given(st.lists(st.integers(0, 3 * SECOND_NS), max_size=30))
def test_silence_is_told_once_when_it_exceeds_the_timeout_and_never_before(gaps_ns):
    silence, now_ns, heard_ns, told = Silence(1.0, 0), 0, 0, False
    for turn, gap_ns in enumerate(gaps_ns):
        now_ns += gap_ns
        is_too_long = silence.is_too_long(now_ns)
        assert is_too_long == (not told and now_ns - heard_ns > SECOND_NS)
        told = told or is_too_long
        if turn % 3 == 0:
            silence.hear(now_ns)
            heard_ns, told = now_ns, False


def test_silent_loop_is_stopped_from_another_thread():
    clock, stopped = FakeClock(), threading.Event()
    with Watchdog(stopped.set, 0.5, clock) as watchdog:
        clock.sleep(1.0)
        assert stopped.wait(timeout=10)
    assert watchdog.stops == 1


def test_nothing_to_stop_needs_no_thread():
    clock, before = FakeClock(), threading.active_count()
    with Watchdog(None, 0.5, clock) as watchdog:
        clock.sleep(9.0)
        assert threading.active_count() == before
    assert watchdog.stops == 0


def test_thread_ends_with_the_drive():
    before = threading.active_count()
    with Watchdog(lambda: None, 0.5, FakeClock()):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
