"""How many processor cores other programs leave free. Knows nothing of what they are wanted for."""

import time
from pathlib import Path

from copycar.cli.output import log, tell
from copycar.tubs.parallel import usable_cores

LOOK_S = 0.3
STAT = Path("/proc/stat")  # proc(5): "cpu  user nice system idle iowait …", in ticks since the start


def free_cores() -> int:
    """Return how many cores are idle right now, at least 1; all usable ones where the system does not tell.

    Training on two threads of which one has to wait for its core is up to 30 times slower than on both (measured with
    one busy program on two cores: 100 against 2,900 frames/s), and slower than on one thread by far.
    """
    before = _ticks()
    time.sleep(LOOK_S)
    after = _ticks()
    if before is None or after is None or after[1] == before[1]:
        return usable_cores()
    idle_share = (after[0] - before[0]) / (after[1] - before[1])
    return max(1, round(idle_share * usable_cores()))


def threads_on_free_cores(threads: int | None, device: str) -> int | None:
    """Return how many threads to take: as asked for, else as many as cores are free; None: all."""
    if threads or device not in {"auto", "cpu"}:
        return threads
    free = free_cores()
    if free == usable_cores():
        return threads
    tell(log, f"Other programs keep the processor busy: computing on {free} of {usable_cores()} cores (--threads)")
    return free


def _ticks() -> tuple[int, int] | None:
    """Return (idle, all) ticks of all cores so far."""
    try:
        fields = [int(text) for text in STAT.read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    except (OSError, ValueError, IndexError):
        return None
    return fields[3] + fields[4], sum(fields)
