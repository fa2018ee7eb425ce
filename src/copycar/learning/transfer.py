"""Start a training from what another run has learned. Knows nothing of data or of fitting."""

from pathlib import Path

from torch import nn

from copycar.core.errors import CopycarError
from copycar.learning.run import Run
from copycar.learning.weights import load_state


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


def load_weights(network: nn.Module, weights: Path) -> None:
    """Put saved weights into `network`.

    Raises:
        CopycarError: they are damaged, or belong to another network or image size.
    """
    state = load_state(weights)
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        why = " ".join(str(error).split("\n\t")[:2])
        raise CopycarError(
            f"the weights of {weights.parent} do not fit", why, "use the same --type and camera size"
        ) from error
