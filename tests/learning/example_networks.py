"""Networks of every kind and batches that fit them, as for a recording with two behaviours and plain sensors."""

import torch

from copycar.learning.batches import ACTION, IMAGE, MEMORY, Batch
from copycar.learning.columns import Category
from copycar.learning.cost import build_example

USUAL_SIZE = (120, 160)
SMALLER = {"resnet18": {"size": 32}}
"""Options that change no weights and make the tests quicker."""


def made(name, size=USUAL_SIZE, seed=0, **options):
    torch.manual_seed(seed)
    return build_example(name, size, SMALLER.get(name, {}) | options)


def frames(n, size=USUAL_SIZE):
    return torch.randint(0, 256, (n, *size, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


def inputs_for(network, images):
    """Return the inputs for images (B, H, W, 3): windows repeat the picture, the rest is random."""
    n, reads = len(images), network.reads
    generator = torch.Generator().manual_seed(2)
    windows = images[:, None].expand(n, reads.n_frames, *images.shape[1:]).contiguous()
    inputs = {IMAGE: images if reads.n_frames == 1 else windows}
    if reads.n_actions:
        inputs[MEMORY] = torch.rand(n, 2 * reads.n_actions, generator=generator) * 2 - 1
    return inputs | {name: torch.rand(n, column.width, generator=generator) for name, column in reads.inputs.items()}


def labels_for(network, actions):
    """Return labels for actions (B, 2); every further one is the first of its kind."""
    columns = network.reads.labels.items()
    return {ACTION: actions} | {
        name: torch.zeros(len(actions), dtype=torch.int64)
        if isinstance(column, Category)
        else torch.zeros(len(actions), column.width)
        for name, column in columns
    }


def batch_for(network, images):
    return Batch(inputs_for(network, images), labels_for(network, torch.zeros(len(images), 2)))


def act(network, images):
    """Return the actions (B, 2)."""
    return network.action(network(inputs_for(network, images)))
