"""A number in [-1, 1] as a distribution over equal bins, and back. Knows nothing of networks."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

Bins = Annotated[int, Field(ge=3, le=401)]
"""How many bins a network has; an odd number has one for exactly 0."""


def bin_centres(count: int, like: Tensor) -> Tensor:
    """Return (count,) bin centres from -1 to 1, first and last on the ends."""
    return torch.linspace(-1.0, 1.0, count, device=like.device)


def soft_bins(values: Tensor, count: int, width: float = 0.75) -> Tensor:
    """Return (B, count) probabilities: a Gaussian around each of `values` (B,), `width` bins wide.

    A soft label tells the network that the neighbouring bin is nearly right ("HL-Gauss", Farebrother et al. 2024,
    "Stop Regressing"; there too a width of 0.75 bins works best).
    """
    centres = bin_centres(count, values)
    distance = (values[:, None].clamp(-1, 1) - centres) * ((count - 1) / 2 / width)
    return functional.softmax(-0.5 * distance.square(), dim=1)


def expectation(logits: Tensor) -> Tensor:
    """Return (B,) mean of the distributions (B, count): smooth steering, and in [-1, 1] by construction."""
    probabilities = functional.softmax(logits.float(), dim=1)
    return (probabilities * bin_centres(logits.shape[1], logits)).sum(dim=1)
