"""What a network costs: parameters, multiplications, frames per second on this machine. Knows nothing of training."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from copycar.learning.columns import Category, Column, Numbers, Reads
from copycar.learning.export.onnx import PolicyGraph
from copycar.learning.policies.network import NETWORKS, DrivingNetwork, Given, network_options

N_TIMED = 5
EXAMPLE_NAMES = ("0", "1")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one frame costs.

    Attributes:
        parameters: trained numbers.
        mmac: millions of multiplications with addition per frame, as the car computes it.
        frames_per_s: frames per second on one thread of this machine, by torch; onnxruntime is quicker on the car.
    """

    parameters: int
    mmac: float
    frames_per_s: float


def build_example(name: str, image_size: tuple[int, int], options: Mapping[str, Any] | None = None) -> DrivingNetwork:
    """Return a new network as for a recording with two behaviours and plain sensors.

    Raises:
        CopycarError: an unknown network or option.
    """
    return example_of(NETWORKS.get(name), image_size, options, name)


def example_of(
    kind: type[DrivingNetwork], image_size: tuple[int, int], options: Mapping[str, Any] | None = None, name: str = ""
) -> DrivingNetwork:
    """Return a new network of this class as `build_example` does; `name` is for messages."""
    chosen = network_options(kind, options or {}, name or kind.__name__)
    wanted = kind.wants(**chosen)
    return kind(Given(image_size, reads=_imagined(wanted)), **chosen)


def cost_of(network: DrivingNetwork) -> Cost:
    """Measure one frame of `network`, on one thread."""
    graph = PolicyGraph(network.eval())
    example = graph.example()
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode(), FlopCounterMode(display=False) as counted:
            graph(*example)
        with torch.inference_mode():
            seconds = min(_seconds(graph, example) for _ in range(N_TIMED))
    finally:
        torch.set_num_threads(n_threads)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return Cost(parameters, counted.get_total_flops() / 2e6, 1.0 / seconds)


def _seconds(graph: PolicyGraph, example: tuple[torch.Tensor, ...]) -> float:
    started = time.perf_counter()
    graph(*example)
    return time.perf_counter() - started


def _imagined(reads: Reads) -> Reads:
    def imagine(column: Column) -> Column:
        if isinstance(column, Category):
            return column if column.names else Category(column.keys, EXAMPLE_NAMES)
        width = len(column.keys)
        return Numbers(column.keys, column.mirror, mean=(0.0,) * width, std=(1.0,) * width)

    return reads.with_columns({name: imagine(column) for name, column in reads.columns.items()})
