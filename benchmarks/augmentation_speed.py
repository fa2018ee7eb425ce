"""What varying training frames costs, as one JSON object. Run: `python benchmarks/augmentation_speed.py`.

Processor time of one thread per frame of 160x120, in batches of 64 from 1,024 random frames; every operation takes its
turn in every round, and the least of all rounds counts, because a busy machine only adds. Operations that reach a share
of the frames are measured on all of them. Beside them a training step of our own network and of `linear`.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version

import torch

from copycar.core.vehicle import Vehicle
from copycar.learning.augment.settings import Augmentation
from copycar.learning.augment.vary import vary_light
from copycar.learning.augment.warps import draw_warps, gather, gather_warped
from copycar.learning.policies.network import NETWORKS, Given
from copycar.learning.settings import AUGMENTATIONS

BATCH, N_FRAMES, HEIGHT, WIDTH = 64, 1024, 120, 160
CAR = Vehicle(0.26, 0.47, camera_height_m=0.17, camera_pitch_rad=0.3, camera_fov_rad=1.57, camera_forward_m=0.1)
SINGLE = {
    "tone (brightness, contrast, gamma, colour)": {"brightness": 0.25, "contrast": 0.25, "gamma": 0.4, "colour": 0.1},
    "shadow": {"shadow": 0.6},
    "cutout": {"cutout": 0.3},
    "blur, sigma up to 1.5 px": {"blur_sigma_px": 1.5},
    "blur, sigma up to 3 px": {"blur_sigma_px": 3.0},
    "motion blur up to 8 px": {"motion_blur_px": 8.0},
    "noise": {"noise_levels": 10.0},
    "JPEG": {"jpeg_quality": 30},
}
EVERYTHING = {name: value for fields in SINGLE.values() for name, value in fields.items()}

Work = Callable[[], object]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    works = _presets() | _single() | _steps()
    print(
        json.dumps(
            {
                "benchmark": "augmentation_speed",
                "cpu_us_per_frame": least_us(works, rounds),
                "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()},
                "versions": {"torch": version("torch")},
            },
            indent=2,
        )
    )


def least_us(works: Mapping[str, Work], rounds: int) -> dict[str, float]:
    """Return the least processor time of each per frame, in microseconds, after one unmeasured round."""
    least = dict.fromkeys(works, float("inf"))
    for number in range(rounds + 1):
        for name, work in works.items():
            started = time.thread_time()
            work()
            if number:
                least[name] = min(least[name], time.thread_time() - started)
    return {name: round(seconds / BATCH * 1e6, 1) for name, seconds in least.items()}


def _frames() -> torch.Tensor:
    return torch.randint(256, (N_FRAMES, HEIGHT, WIDTH, 3), dtype=torch.uint8)


def _presets() -> dict[str, Work]:
    frames, dice = _frames(), torch.Generator().manual_seed(0)

    def batch(settings: Augmentation) -> Work:
        warps = draw_warps(settings, (HEIGHT, WIDTH), CAR)

        def make() -> torch.Tensor:
            rows = torch.randint(N_FRAMES, (BATCH,), generator=dice)
            if warps.changes_nothing:
                return vary_light(gather(frames, rows), settings, dice)
            chosen = torch.randint(len(warps), (BATCH,), generator=dice)
            return vary_light(gather_warped(frames, rows, warps, chosen), settings, dice)

        return make

    everything = AUGMENTATIONS["strong"].model_copy(update=EVERYTHING)
    return {name: batch(settings) for name, settings in {**AUGMENTATIONS, "strong and every field": everything}.items()}


def _single() -> dict[str, Work]:
    frames, dice = _frames()[:BATCH], torch.Generator().manual_seed(0)
    always = {name: 1.0 for name in Augmentation.model_fields if name.endswith("_share")}

    def change(fields: Mapping[str, float]) -> Work:
        settings = AUGMENTATIONS["off"].model_copy(update={**fields, **always})
        return lambda: vary_light(frames, settings, dice)

    return {name: change(fields) for name, fields in SINGLE.items()}


def _steps() -> dict[str, Work]:
    inputs, labels = {"image": _frames()[:BATCH]}, {"action": torch.rand(BATCH, 2)}

    def step(name: str) -> Work:
        network = NETWORKS.get(name)(Given((HEIGHT, WIDTH))).to(memory_format=torch.channels_last)
        optimiser = torch.optim.AdamW(network.parameters())

        def learn() -> None:
            optimiser.zero_grad()
            with torch.autocast("cpu", torch.bfloat16):
                outputs = network(inputs)
            network.loss(outputs, labels).backward()
            optimiser.step()

        return learn

    return {f"training step of {name}, bfloat16": step(name) for name in ("copycar", "linear")}


if __name__ == "__main__":
    main()
