"""How fast this machine trains a network: a few real steps on made-up frames. Knows no recordings."""

import time
from collections.abc import Iterator

import torch
from torch import Tensor

from copycar.learning.batches import ACTION, IMAGE, MEMORY, Batch
from copycar.learning.columns import Category
from copycar.learning.cost import example_of
from copycar.learning.device import autocast, choose_device, choose_precision
from copycar.learning.policies.network import NETWORKS, DrivingNetwork
from copycar.learning.settings import TrainSettings

WARM_UP, TIMED = 2, 6
"""Steps before and within the measurement: some seconds in all."""


def training_rate(settings: TrainSettings, image_size: tuple[int, int]) -> float:
    """Return frames per second of forward pass, backward pass and step, without reading and varying frames.

    Args:
        settings: of the training.
        image_size: (height, width) px of its frames.

    Raises:
        CopycarError: an unknown network or option, or no such device.
    """
    device = choose_device(settings.device)
    precision = choose_precision(device, settings.precision)
    network = example_of(NETWORKS.get(settings.type), image_size, settings.network, settings.type).to(device).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-4)
    batch = example_batch(network, settings.batch_size, device)
    seconds = []
    for _ in range(WARM_UP + TIMED):
        started = time.perf_counter()
        with autocast(device, precision):
            loss = network.loss(network(batch.inputs), batch.labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        float(loss.detach())  # waits for the device
        seconds.append(time.perf_counter() - started)
    return settings.batch_size * TIMED / sum(seconds[WARM_UP:])


def example_batch(network: DrivingNetwork, n: int, device: torch.device) -> Batch:
    """Return `n` made-up samples as the network reads them."""
    generator = torch.Generator().manual_seed(0)
    reads = network.reads
    height, width = network.pipeline.image_size
    window = (reads.n_frames,) if reads.n_frames > 1 else ()
    shape = (n, *window, height, width, 3)
    inputs = {IMAGE: torch.randint(256, shape, dtype=torch.uint8, generator=generator)}
    inputs |= {name: torch.rand(n, column.width, generator=generator) for name, column in reads.inputs.items()}
    if reads.n_actions:
        inputs[MEMORY] = torch.rand(n, 2 * reads.n_actions, generator=generator)
    labels = {ACTION: torch.rand(n, 2, generator=generator) * 2 - 1, **dict(_labels(network, n, generator))}
    moved = [{name: value.to(device) for name, value in part.items()} for part in (inputs, labels)]
    return Batch(moved[0], moved[1])


def _labels(network: DrivingNetwork, n: int, generator: torch.Generator) -> Iterator[tuple[str, Tensor]]:
    for name, column in network.reads.labels.items():
        if isinstance(column, Category):
            yield name, torch.randint(column.width, (n,), generator=generator)
        else:
            yield name, torch.rand(n, column.width, generator=generator)
