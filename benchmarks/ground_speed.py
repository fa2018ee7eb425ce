"""Our ground detector beside MARMOT's network at the same input: a training step and an inference.

Both get the same pictures, the same cameras and the same ground; the steps alternate, so that a busy machine slows
both. Each does what its own training does: the original a sum of squares and Adam, ours its own losses and AdamW.

Usage: python benchmarks/ground_speed.py [--views 4] [--threads 1] [--repeats 15] [--out FILE.json]
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from copycar.core.camera import Camera
from copycar.ground.calibration import Calibration
from copycar.ground.data import Rig, Sightings
from copycar.ground.grid import Grid
from copycar.ground.network import GroundNetwork
from copycar.ground.task import DetectionTask, Lessons
from machine import describe
from marmot_network import MarmotNetwork

SIZE = (180, 320)
AREA, CELL_M = (-5.5, -3.0, 5.5, 3.0), 0.075
"""The built-in oval, in the cells that its detector has: 80 x 147."""

N_CARS = 4
THEIR_STRIDE = 8


def main() -> None:
    """Print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--views", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(0)
    ours, theirs = our_work(asked.views), their_work(asked.views)
    figures = {
        "views": asked.views,
        "threads": asked.threads,
        "train_step": beside(ours["train"], theirs["train"], asked.repeats),
        "inference": beside(ours["infer"], theirs["infer"], asked.repeats),
        "parameters": {"ours": ours["parameters"], "theirs": theirs["parameters"]},
        "machine": describe(),
    }
    text = json.dumps(figures, indent=2)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n")


def beside(ours: Callable[[], None], theirs: Callable[[], None], repeats: int) -> dict[str, float]:
    """Return milliseconds of wall and processor time of both, medians of alternating runs, and how often ours fits."""
    for _ in range(2):  # the first runs choose kernels and take memory
        ours(), theirs()
    rows = [(*timed(ours), *timed(theirs)) for _ in range(repeats)]
    our_wall, our_cpu, their_wall, their_cpu = (1000 * np.median(rows, axis=0)).tolist()
    return {
        "ours_wall_ms": our_wall,
        "theirs_wall_ms": their_wall,
        "wall_ratio": their_wall / our_wall,
        "ours_cpu_ms": our_cpu,
        "theirs_cpu_ms": their_cpu,
        "cpu_ratio": their_cpu / our_cpu,
    }


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Return seconds of wall and processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def rig_of(n_views: int) -> Rig:
    """Return cameras round the oval, 2.4 m high, looking at its middle."""
    cameras = []
    for number in range(n_views):
        angle = 2 * np.pi * (number + 0.5) / n_views
        x, y = 6.5 * np.cos(angle), 4.0 * np.sin(angle)
        pitch = float(np.arctan2(2.4, np.hypot(x, y)))
        camera = Camera.placed(SIZE[1], SIZE[0], np.radians(75), (x, y, 2.4), float(np.arctan2(-y, -x)), pitch)
        cameras.append(Calibration(f"cam{number + 1}", camera))
    return Rig.of(cameras, SIZE, Grid.covering(AREA, CELL_M))


def our_work(n_views: int) -> dict[str, object]:
    """Return a training step and an inference of ours, without augmentation, as the original's figures are."""
    rig, rng, network = rig_of(n_views), np.random.default_rng(0), GroundNetwork()
    pictures = rng.integers(0, 255, (1, n_views, *SIZE, 3), dtype=np.uint8)
    points = rng.uniform(-2.5, 2.5, (N_CARS, 2))
    sightings = Sightings(pictures, [rig.grid.cells(points)], [points])
    task = DetectionTask(network, rig, sightings, sightings, Lessons(0.15, batch_size=1, is_varied=False))
    batch = next(iter(task.batches([0], torch.device("cpu"))))
    optimiser = torch.optim.AdamW(network.parameters(), 2e-3)

    def train() -> None:
        network.train()
        optimiser.zero_grad()
        task.loss(network, batch).backward()
        optimiser.step()

    def infer() -> None:
        network.eval()
        with torch.inference_mode():
            network(batch.views, rig.shape)

    return {"train": train, "infer": infer, "parameters": sum(p.numel() for p in network.parameters())}


def their_work(n_views: int) -> dict[str, object]:
    """Return a training step and an inference of the original's network."""
    rig, network = rig_of(n_views), MarmotNetwork(n_views)
    pictures, places = torch.randn(1, n_views, 3, *SIZE), their_places(rig)
    height, width = (-(-side // THEIR_STRIDE) for side in SIZE)
    ground, feet = torch.rand(1, 1, *rig.shape), torch.rand(n_views, 1, height, width)
    optimiser = torch.optim.Adam(network.parameters(), 1e-3, weight_decay=5e-4)

    def train() -> None:
        network.train()
        optimiser.zero_grad()
        heat, view_heat = network(pictures, places)
        loss = ((heat - ground) ** 2).sum() + ((view_heat - feet) ** 2).sum() / n_views
        loss.backward()
        optimiser.step()

    def infer() -> None:
        network.eval()
        with torch.inference_mode():
            heat, _ = network(pictures, places)
            functional.max_pool2d(heat, 3, 1, 1)

    return {"train": train, "infer": infer, "parameters": sum(p.numel() for p in network.parameters())}


def their_places(rig: Rig) -> Tensor:
    """Return where ground cells show, (V, rows, columns, 2), -1 … 1."""
    rows, columns = rig.shape
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    cells = np.stack([column, row, np.ones_like(row)], axis=-1).reshape(-1, 3)
    projected = cells @ rig.to_pixel.transpose(0, 2, 1)
    pixels = projected[..., :2] / np.maximum(projected[..., 2:], 1e-6)
    where = pixels / (np.array(SIZE[::-1]) - 1) * 2 - 1
    return torch.from_numpy(where.reshape(-1, rows, columns, 2).clip(-2, 2).astype(np.float32))


if __name__ == "__main__":
    main()
