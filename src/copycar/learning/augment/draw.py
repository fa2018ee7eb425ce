"""What chance decides for a batch: numbers per sample, and which samples. Knows no variation.

Always on the CPU and from the generator that is given, so that every device gets the same batches.
"""

import torch
from torch import Tensor


def uniform(low: float, high: float, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Return float32 numbers of `shape`, evenly between `low` and `high`."""
    return torch.rand(shape, generator=generator) * (high - low) + low


def around_zero(largest: float, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Return float32 numbers of `shape`, evenly between `-largest` and `largest`."""
    return uniform(-largest, largest, shape, generator)


def some_of(n: int, share: float, generator: torch.Generator) -> Tensor:
    """Return which of `n` samples, each with the chance `share`: int64, ascending, maybe none."""
    return (torch.rand(n, generator=generator) < share).nonzero().flatten()
