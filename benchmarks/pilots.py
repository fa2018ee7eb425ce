"""Questions finished pilots, each in its own process and environment: one-frame latency, and what they predict.

Rounds alternate between the pilots, so that whatever else the machine does hits all of them.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from peer import Peer

HERE = Path(__file__).parent


class Pilot:
    """A pilot in another process, answering `pilot_loop.serve`'s questions.

    Args:
        command: starts it.
        environment: its environment variables; None leaves ours.

    Attributes:
        ready_s: from the command to the first 20 actions, seconds: imports, loading, warming up.
    """

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
        started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        self._answer()
        self.ready_s = time.perf_counter() - started

    def ask(self, question: str) -> Any:
        """Return the answer to `time` or `predict`."""
        assert self._process.stdin is not None
        self._process.stdin.write(question + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the pilot died:\n{self._process.communicate()[1][-1500:]}")
        return json.loads(line)


def peer_pilot(peer: Peer, tflite: Path, config: Path, frames: Path, threads: int = 0) -> Pilot:
    """Start the peer's `tflite_linear` pilot; threads 0 is the peer as it is shipped."""
    command: list[str | Path] = [peer.python, HERE / "peer_pilot.py", tflite, config, frames, str(threads)]
    return Pilot(command, peer.environment)


def our_pilot(policy: Path, frames: Path, threads: int = 0) -> Pilot:
    """Start our policy; threads 0 is what `copycar drive` uses."""
    return Pilot([sys.executable, HERE / "our_pilot.py", policy, frames, str(threads)])


@contextmanager
def running(pilots: Mapping[str, Pilot]) -> Iterator[None]:
    """Keep pilots running within a `with` block."""
    try:
        yield
    finally:
        for pilot in pilots.values():
            pilot.close()


def latencies_ms(pilots: Mapping[str, Pilot], n_rounds: int) -> dict[str, dict[str, float]]:
    """Return p50 and p95 of one call in milliseconds per pilot, over rounds that take turns.

    Args:
        pilots: by name.
        n_rounds: passes over the frames per pilot.
    """
    times: dict[str, list[float]] = {name: [] for name in pilots}
    for _ in range(n_rounds):
        for name, pilot in pilots.items():
            times[name] += pilot.ask("time")
    return {name: _percentiles(values) for name, values in times.items()}


def ready_times_s(starts: Mapping[str, Callable[[], Pilot]], n_runs: int) -> dict[str, dict[str, Any]]:
    """Return how long each pilot takes from its command to driving, over runs that take turns.

    Args:
        starts: what starts each pilot, by name.
        n_runs: starts of each.
    """
    times: dict[str, list[float]] = {name: [] for name in starts}
    for _ in range(n_runs):
        for name, start in starts.items():
            pilot = start()
            pilot.close()
            times[name].append(pilot.ready_s)
    return {name: {"median_s": float(np.median(values)), "runs_s": values} for name, values in times.items()}


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(values, [50, 95])
    return {"p50": float(p50), "p95": float(p95), "n_calls": len(values)}
