"""Watches what the layers of convolutions of a network give. Knows nothing of what that is wanted for."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn


@contextmanager
def watching(network: nn.Module) -> Iterator[list[tuple[str, Tensor]]]:
    """Collect name and answer of every layer of convolutions, in the order of computing."""
    seen: list[tuple[str, Tensor]] = []
    hooks = [
        layer.register_forward_hook(lambda _layer, _given, answer, name=name: seen.append((name, answer)))
        for name, layer in network.named_modules()
        if isinstance(layer, nn.Conv2d | nn.Conv3d)
    ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()
