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


def some_of(n: int, share: float, generator: torch.Generator) -> tuple[slice, int]:
    """Return which of `n` samples a variation reaches, and how many they are: each has the chance `share`.

    They lie next to each other, at a random place: a batch is in random order already, and a slice is changed without
    gathering it and putting it back, which would cost more than most variations.
    """
    count = int((torch.rand(n, generator=generator) < share).sum())
    start = int(torch.randint(n - count + 1, (), generator=generator))
    return slice(start, start + count), count
