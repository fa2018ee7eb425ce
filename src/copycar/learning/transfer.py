"""Start a training from what another run has learned, and hold some of it fast. Knows nothing of data or of fitting."""

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from copycar.core.errors import CopycarError
from copycar.learning.run import Run
from copycar.learning.weights import load_state

LEAST_SHARE = 0.5
"""Of the layers that must fit: networks of different kinds often share the shape of their first layer by chance."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A part of a network that has weights of its own.

    Attributes:
        name: as torch has it, such as `convolutions.0`.
        module: the part.
    """

    name: str
    module: nn.Module

    @property
    def state(self) -> dict[str, Tensor]:
        """Its own weights, by their names in the whole network."""
        return {f"{self.name}.{key}": value for key, value in self.module.state_dict().items()}

    def __str__(self) -> str:
        """Its name, kind and weights' shape."""
        shape = "x".join(str(n) for n in next(iter(self.state.values())).shape)
        return f"{self.name} ({type(self.module).__name__} {shape})"


@dataclass(frozen=True, slots=True)
class Transferred:
    """Which layers another run gave.

    Attributes:
        taken, left: layers in the order of the network; those left begin anew.
    """

    taken: tuple[Layer, ...]
    left: tuple[Layer, ...]


def best_weights(source: Path) -> Path:
    """Return the weights file of a run, named by its folder or by its policy file.

    Raises:
        CopycarError: there are no weights there.
    """
    folder = source if source.is_dir() else source.parent
    weights = Run(folder).best
    if not source.exists() or not weights.is_file():
        raise CopycarError(
            f"{source} has no weights to start from", f"{weights} is missing", "name a run's folder: copycar runs"
        )
    return weights


def weighted_layers(network: nn.Module) -> list[Layer]:
    """Return the layers that have weights of their own, from the picture to the action."""
    return [
        Layer(name, module) for name, module in network.named_modules() if any(True for _ in module.parameters(False))
    ]


def load_weights(network: nn.Module, weights: Path) -> Transferred:
    """Put saved weights into the layers of `network` that have their name and shape, and leave the others.

    Raises:
        CopycarError: they are damaged, or fit less than half of the layers.
    """
    saved: dict[str, Tensor] = load_state(weights)
    layers = weighted_layers(network)
    taken = tuple(layer for layer in layers if _fits(layer, saved))
    left = tuple(layer for layer in layers if not _fits(layer, saved))
    if len(taken) < LEAST_SHARE * len(layers):
        raise CopycarError(
            f"the weights of {weights.parent} do not fit",
            f"of {len(layers)} layers they have only {len(taken)}: it is another network or image size",
            "use the same --type and camera size",
        )
    network.load_state_dict({key: saved[key] for layer in taken for key in layer.state}, strict=False)
    return Transferred(taken, left)


def freeze(network: nn.Module, n_layers: int) -> list[Layer]:
    """Make the first layers with weights keep them; return these layers.

    Args:
        network: what is trained; at least one of its layers must stay free.
        n_layers: how many, counted from the picture.

    Raises:
        CopycarError: nothing would be left to train.
    """
    layers = weighted_layers(network)
    if n_layers >= len(layers):
        names = ", ".join(layer.name for layer in layers)
        raise CopycarError(
            f"--freeze {n_layers} leaves nothing to train",
            f"the network has {len(layers)} layers with weights: {names}",
            f"freeze at most {len(layers) - 1}",
        )
    for layer in layers[:n_layers]:
        layer.module.requires_grad_(False)
    return layers[:n_layers]


def _fits(layer: Layer, saved: dict[str, Tensor]) -> bool:
    return all(key in saved and saved[key].shape == value.shape for key, value in layer.state.items())
