"""Times a recorder, a reader and batch delivery alike for both sides. Knows no side, and needs numpy alone.

A figure is printed as JSON on the real stdout by `report`. *Cold* means that the files' pages were dropped from the
system's cache; the disk's own cache, and a host's below a virtual machine, stay as they are.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

RATE_HZ = 60.0
PACED_S = 4.0
EPOCHS = 3
"""Timed passes over all frames in batches, after one that fills whatever is kept."""

Raw = dict[str, Any]


@dataclass(frozen=True)
class Recorder:
    """Takes pictures, uint8 (H, W, 3) RGB, until it is closed."""

    append: Callable[[Any], None]
    close: Callable[[], None]


@dataclass(frozen=True)
class Side:
    """What is measured.

    Attributes:
        recorder: opens a recorder on a new folder.
        read: opens the tub with so many threads, decodes every frame into memory, and returns how many there were.
        threads: numbers of threads that `read` can use.
        batches: by kind: opens the tub; what it returns delivers one epoch in batches of 128 pictures with their labels
            and says how many frames that were. "float" are pictures as floating point 0 … 1.
    """

    recorder: Callable[[Path], Recorder]
    read: Callable[[int], int]
    threads: tuple[int, ...]
    batches: Mapping[str, Callable[[], Callable[[], int]]]


def report(side: Side, tub: Path, pictures: Any, work: Path, answers: TextIO) -> None:
    """Measure everything and write one line of JSON.

    Args:
        side: whose.
        tub: the recording that is read.
        pictures: uint8 (N, H, W, 3) to record.
        work: a folder for recordings.
        answers: where the line goes.
    """
    figures = _appending(side, pictures, work) | _reading(side, tub) | _batches(side)
    answers.write(json.dumps(figures) + "\n")


def _appending(side: Side, pictures: Any, work: Path) -> Raw:
    recorder = side.recorder(work / "as-fast-as-possible")
    seconds, _ = _timed(lambda: [recorder.append(picture) for picture in pictures])
    recorder.close()
    paced = side.recorder(work / "paced")
    core_pct = _core_pct_at_rate(paced, pictures)
    paced.close()
    return {"append_frames_per_s": len(pictures) / seconds, "append_core_pct_at_60_hz": core_pct}


def _core_pct_at_rate(recorder: Recorder, pictures: Any) -> float:
    """Record at `RATE_HZ` for `PACED_S`; processor time of the whole process, all threads, kernel included."""
    started, processor_s = time.perf_counter(), time.process_time()
    for tick in range(int(RATE_HZ * PACED_S)):
        recorder.append(pictures[tick % len(pictures)])
        time.sleep(max(0.0, started + (tick + 1) / RATE_HZ - time.perf_counter()))
    return 100 * (time.process_time() - processor_s) / (time.perf_counter() - started)


def _reading(side: Side, tub: Path) -> Raw:
    figures: Raw = {"read_cold_frames_per_s": {}, "read_warm_frames_per_s": {}, "read_warm_cpu_us_per_frame": {}}
    side.read(side.threads[0])  # loads what the first use loads
    for threads in side.threads:
        is_cold = _forget(tub)
        seconds, n_frames = _timed(lambda threads=threads: side.read(threads))
        figures["read_cold_frames_per_s"][str(threads)] = n_frames / seconds if is_cold else None
        processor_s = time.process_time()
        seconds, n_frames = _timed(lambda threads=threads: side.read(threads))
        figures["read_warm_frames_per_s"][str(threads)] = n_frames / seconds
        figures["read_warm_cpu_us_per_frame"][str(threads)] = (time.process_time() - processor_s) / n_frames * 1e6
    return figures | {"frames_read": n_frames}


def _batches(side: Side) -> Raw:
    return {"batch_frames_per_s": {kind: _rate(get_ready()) for kind, get_ready in side.batches.items()}}


def _rate(deliver: Callable[[], int]) -> float:
    deliver()
    seconds, n_frames = _timed(lambda: sum(deliver() for _ in range(EPOCHS)))
    return float(n_frames / seconds)


def _forget(tub: Path) -> bool:
    """Drop the tub's files from the system's cache; False where the system offers no way."""
    if not hasattr(os, "posix_fadvise"):
        return False
    os.sync()  # pages that are not on disk yet cannot be dropped
    for path in [*tub.iterdir(), *(tub / "images").iterdir()]:
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result
