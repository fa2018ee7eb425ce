"""Record 160x120 at 60 Hz for 20 s with the real clock, loop and tub writer; print what it costs as JSON.

    python benchmarks/record_rate.py [--seconds 20] [--rate-hz 60]

The promise: less than 25 % of one core, no frame lost. The pictures are those of the circle of `copycar.testing` with
camera noise of 4 grey levels on them (the JPEG of a clean drawing would be too cheap), drawn beforehand: only driving
and recording are measured. Processor time is that of the whole process, all threads, kernel included.
"""

import argparse
import json
import platform
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.frame import Image
from copycar.driving.drivers.constant import ConstantDriver
from copycar.driving.loop import drive
from copycar.driving.recorder import Recorder
from copycar.testing.environment import CircleTrack
from copycar.tubs.write import TubWriter

PICTURES = 120
NOISE_LEVELS = 4.0


class BenchCar:
    """A car on a bench: its camera gives the next of `pictures`, its motors go nowhere, its time is the clock's."""

    def __init__(self, pictures: list[Image]) -> None:
        self._pictures, self._next = pictures, 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Give the first picture."""
        return self._observation(), {}

    def step(self, action: Any, /) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Give the next picture."""
        return self._observation(), 0.0, False, False, {}

    def stop(self) -> None:
        """Have a watchdog, as a real car does."""

    def _observation(self) -> dict[str, Image]:
        self._next += 1
        return {"image": self._pictures[self._next % len(self._pictures)]}


def pictures(height: int, width: int) -> list[Image]:
    """Return noisy views from all around the circle, uint8 (height, width, 3)."""
    random = np.random.default_rng(0)
    track = CircleTrack(image_size=(height, width))
    drawn = [track.reset(options={"progress": place / PICTURES})[0]["image"] for place in range(PICTURES)]
    noisy = [image + random.normal(0.0, NOISE_LEVELS, image.shape) for image in drawn]
    return [image.clip(0, 255).astype(np.uint8) for image in noisy]


def measure(tub: Path, rate_hz: float, seconds: float, image_size: tuple[int, int]) -> dict[str, Any]:
    """Record into `tub` and return the figures."""
    car, recorder = BenchCar(pictures(*image_size)), Recorder(TubWriter(tub))
    wall_s, processor_s = time.perf_counter(), time.process_time()
    report = drive(car, ConstantDriver(), recorder=recorder, rate_hz=rate_hz, seconds=seconds)
    wall_s, processor_s = time.perf_counter() - wall_s, time.process_time() - processor_s
    sizes = [image.stat().st_size for image in (tub / "images").iterdir()]
    return report.as_json() | {
        "core_pct": 100 * processor_s / wall_s,
        "frames_lost": report.frames - len(sizes),
        "jpeg_bytes_mean": sum(sizes) / len(sizes),
        "image_size": image_size,
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def main() -> None:
    """Read the flags, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate-hz", type=float, default=60.0)
    parser.add_argument("--image-size", type=int, nargs=2, default=(120, 160), metavar=("HEIGHT", "WIDTH"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder) / "tub", asked.rate_hz, asked.seconds, tuple(asked.image_size))
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
