"""AutCar's classifier: one of twelve commands for every picture."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.learning.columns import Category, Reads
from copycar.learning.pipeline import Resize
from copycar.learning.policies.convolutions import initialise
from copycar.learning.policies.network import DrivingNetwork, Given, Inputs, Labels, Words
from copycar.tubs.formats.autcar_commands import CLASSES, action_of, nearest_command
from copycar.tubs.record import Record

LABEL = "command"
INPUT_SIZE = (168, 224)  # AutCar's image_height and image_width


class Commands(DrivingNetwork):
    """AutCar's DriverNet: four convolutions with batch norm and pooling, one of twelve commands, cross-entropy.

    Origin: christian-vorhemus/autcar, PyTorch sample. Frame resized to 168x224 and scaled to mean 0 and deviation 1
    over the whole picture; 16, 32, 32, 16 @5x5, max 3x3/2 and 5x5/2 → flat 720 → 12; 61,340 parameters. The answer is
    the output `command`, (n,) probabilities; the action is what the likeliest command means. Frames without a command
    count as the one that is nearest to their steering and throttle.

    Args:
        given: what it is built for.
        labels: the commands in order; AutCar's twelve by default, `found` for those that the recording has.
        key: where a record keeps its command.
    """

    def __init__(self, given: Given, labels: Words = CLASSES, key: Words = ("autcar/command",)) -> None:
        del labels, key  # they are in `wants`
        height, width = INPUT_SIZE
        super().__init__(given, [Resize(height=height, width=width)])
        commands = given.column(LABEL)
        assert isinstance(commands, Category)
        self.register_buffer("meaning", torch.tensor([_meaning(name) for name in commands.names]))
        parts: list[nn.Module] = []
        for inputs, outputs, window in ((3, 16, 3), (16, 32, 5), (32, 32, 5), (32, 16, 5)):
            parts += [nn.Conv2d(inputs, outputs, 5, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
            parts.append(nn.MaxPool2d(window, 2))
        self.convolutions = nn.Sequential(*parts, nn.Flatten())
        self.head = nn.Linear(720, len(commands.names))
        initialise(self, self.head)

    @classmethod
    def wants(cls, **options: Any) -> Reads:
        """Return that it is asked for the command."""
        names = () if options["labels"] == ("found",) else options["labels"]
        otherwise = None if options["labels"] == ("found",) else nearest_of(names)
        return Reads(labels={LABEL: Category(options["key"], names, otherwise)})

    def forward(self, inputs: Inputs) -> Tensor:
        """Return the logits (B, n)."""
        return self.head(self.convolutions(standardised(self.pipeline(inputs["image"]))))  # type: ignore[no-any-return]

    def loss(self, outputs: Tensor, labels: Labels) -> Tensor:
        """Return the cross-entropy."""
        return functional.cross_entropy(outputs.float(), labels[LABEL])

    def action(self, outputs: Tensor) -> Tensor:
        """Return (B, 2) of the likeliest command; not a number where the logits are none."""
        assert isinstance(self.meaning, Tensor)
        likeliest, place = outputs.float().max(dim=1, keepdim=True)
        return self.meaning[place[:, 0]] + 0.0 * likeliest

    def more(self, outputs: Tensor) -> dict[str, Tensor]:
        """Return the probabilities (B, n)."""
        return {LABEL: functional.softmax(outputs.float(), dim=1)}


def standardised(images: Tensor) -> Tensor:
    """Return pictures (B, 3, H, W) with mean 0 and deviation 1, each over all of its pixels and channels."""
    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    deviation = (images - mean).square().mean(dim=(1, 2, 3), keepdim=True).sqrt()
    return (images - mean) / (deviation + 1e-6)  # AutCar's `preprocess`: over the whole picture, channels included


def _meaning(name: str) -> Action:
    action = action_of(name)
    if action is None:
        raise CopycarError(
            f"nobody knows how to drive the command {name!r}",
            fix="name commands as AutCar does, such as left_light_forward, move_fast_forward or stop",
        )
    return action


def nearest_of(names: tuple[str, ...]) -> Callable[[Record], str | None]:
    """Return what names the command that is nearest to a record's action; None where it is not among `names`."""

    def nearest(record: Record) -> str | None:
        name = nearest_command(record.action)
        return name if name in names else None

    return nearest
