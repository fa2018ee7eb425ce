"""Open a recording of 100,000 frames and deliver its training batches; print times and memory as JSON.

    python benchmarks/long_tub.py [--frames 100000] [--batches 300]

The promise: less than 2 GB resident. Each run is a new process, torch included; the first one packs the pictures into
an empty cache, the second one finds them there. `peak_rss_mb` counts the pages of the mapped pack as well, which the
system takes back when it needs them; `private_mb` does not. Needs 5 kB of disk per frame and kind: recording and pack.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from copycar.core.frame import Action
from copycar.learning.augment.settings import OFF
from copycar.learning.dataset import load_driving_data
from copycar.learning.device import keep_freed_memory
from copycar.learning.driving_task import DrivingTask
from copycar.learning.policies.network import NETWORKS, Given
from copycar.testing.tub import draw_line
from copycar.tubs.jpeg import encode_jpeg
from copycar.tubs.record import Record
from copycar.tubs.work.new_tub import new_tub

PICTURES = 500
"""Different ones, each written many times as a file of its own."""
BATCH_SIZE = 128

Raw = dict[str, Any]


def record(tub: Path, n_frames: int) -> None:
    """Write a recording of noisy drawings, 20 Hz by its own clock."""
    random = np.random.default_rng(0)
    steering = random.uniform(-1, 1, PICTURES).round(3).tolist()
    jpegs = [encode_jpeg(draw_line(angle, rng=random)) for angle in steering]
    with new_tub(tub, {}, {}) as writer:
        for number in range(n_frames):
            action, t_ms = Action(steering[number % PICTURES], 0.3), number * 50
            writer.add(Record(number, "26-11-21_0", t_ms, t_ms * 10**6, tub, action, {}), jpegs[number % PICTURES])


def deliver(tub: Path, n_batches: int) -> Raw:
    """Open the recording and deliver batches as a training without variations does."""
    keep_freed_memory()
    started, processor_s = time.perf_counter(), time.process_time()
    data = load_driving_data([tub], seed=0, validation_share=0.2)
    loaded = time.perf_counter()
    figures: Raw = {"open_s": loaded - started, "open_cpu_s": time.process_time() - processor_s}
    network = NETWORKS.get("linear")(Given(data.image_size))
    task = DrivingTask(data, network, OFF, batch_size=BATCH_SIZE, seed=0)
    loaded, processor_s = time.perf_counter(), time.process_time()
    n_frames = sum(len(batch) for batch in islice(task.train_batches(0, torch.device("cpu")), n_batches))
    figures["batch_frames_per_s"] = n_frames / (time.perf_counter() - loaded)
    figures["batch_cpu_us_per_frame"] = (time.process_time() - processor_s) / n_frames * 1e6
    figures["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 if sys.platform == "darwin" else 1024
    )
    return figures | {"private_mb": _private_mb(), "frames": len(data.labels), "notes": list(data.notes)}


def _private_mb() -> float | None:
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    return next(int(line.split()[1]) / 1e3 for line in status.read_text().splitlines() if line.startswith("RssAnon"))


def measure(work: Path, n_frames: int, n_batches: int) -> Raw:
    """Record, and measure both runs in new processes."""
    record(work / "tub", n_frames)
    environment = os.environ | {"XDG_CACHE_HOME": str(work / "cache")}
    command = [sys.executable, __file__, "--batches", str(n_batches), "--deliver", str(work / "tub")]
    runs = {}
    for run in ("first", "second"):
        finished = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        runs[run] = json.loads(finished.stdout)
    pictures = (work / "tub" / "images").iterdir()
    return runs | {"jpeg_bytes_mean": sum(path.stat().st_size for path in pictures) / n_frames}


def main() -> None:
    """Read the flags, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--batches", type=int, default=300, help="of 128 frames")
    parser.add_argument("--deliver", type=Path, help="measure this recording in this process, with the user's cache")
    asked = parser.parse_args()
    if asked.deliver:
        print(json.dumps(deliver(asked.deliver, asked.batches)))
        return
    with tempfile.TemporaryDirectory(prefix="copycar-long-tub-") as folder:
        print(json.dumps(measure(Path(folder), asked.frames, asked.batches), indent=2))


if __name__ == "__main__":
    main()
