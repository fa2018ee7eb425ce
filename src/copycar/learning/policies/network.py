"""What every driving network has in common, and the list of their names. Knows nothing of tubs or training."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, get_type_hints

import torch
from pydantic import BeforeValidator, Field, create_model
from torch import Tensor, nn
from torch.nn import functional

from copycar.core.config import Settings, build
from copycar.core.registry import Registry
from copycar.learning.columns import Column, Numbers, Reads
from copycar.learning.pipeline import Pipeline, Step, compose

Inputs = Mapping[str, Tensor]
"""`"image"`: uint8 (B, H, W, 3), or (B, T, H, W, 3) with the newest last; every other input float32 (B, k)."""

Labels = Mapping[str, Tensor]
"""`"action"`: float32 (B, 2) steering and throttle; what else the network asked for: float32 (B, k) or int64 (B,)."""

States = dict[str, Tensor]
"""What a network remembers from one frame to the next while it drives, (1, …) each; zeros before the first frame."""


def _words(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
"""Names or record keys; on the command line with commas between them."""
Share = Annotated[float, Field(ge=0, lt=1)]
Count = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class Given:
    """What a network is built for.

    Attributes:
        image_size: (height, width) px of the raw frame.
        pipeline: the user's picture operations, in front of the network's own.
        reads: what it asked for, with the names and means that the recording gave.
    """

    image_size: tuple[int, int]
    pipeline: tuple[Step, ...] = ()
    reads: Reads = field(default_factory=Reads)

    def column(self, name: str) -> Column:
        """Return one of its inputs or labels."""
        return self.reads.columns[name]


class DrivingNetwork(nn.Module):
    """Raw frames in, actions out; subclasses say what lies between and how it is learned.

    The default loss and decoding are for networks whose output *is* the action, (B, 2). Keyword arguments of a
    subclass's constructor are the network's options: `copycar train --network.NAME VALUE`.

    Args:
        given: what it is built for.
        steps: the network's own picture operations, behind the user's.

    Attributes:
        learning_rate: peak of the schedule that suits this network.
        reads: what it reads of a recording.
        remarks: what was found out about it while it was built and people should be told, in words.
    """

    remarks: tuple[str, ...] = ()
    learning_rate = 1e-3  # as donkeycar; 3e-3 leaves `linear` at a steering error of 0.23 instead of 0.20 (a real tub)

    def __init__(self, given: Given, steps: Sequence[Step]) -> None:
        super().__init__()
        self.reads = given.reads
        self.pipeline = Pipeline(given.image_size, compose(given.pipeline, steps))

    @classmethod
    def wants(cls, **options: Any) -> Reads:
        """Return what it reads besides one picture, with these options; nothing by default."""
        del options
        return Reads()

    def forward(self, inputs: Inputs) -> Any:
        """Return the raw outputs of a batch."""
        raise NotImplementedError

    def loss(self, outputs: Any, labels: Labels) -> Tensor:
        """Return the scalar loss."""
        return functional.mse_loss(outputs.float(), labels["action"])

    def action(self, outputs: Any) -> Tensor:
        """Return (B, 2) steering and throttle in [-1, 1]; not a number stays not a number."""
        return torch.clamp(outputs.float(), -1.0, 1.0)

    def more(self, outputs: Any) -> dict[str, Tensor]:
        """Return further answers by name, such as the probabilities (B, n) of named things."""
        del outputs
        return {}

    def states(self) -> States:
        """Return what it remembers, as it is before the first frame: zeros (1, …) by name; nothing by default."""
        return {}

    def step(self, inputs: Inputs, states: States) -> tuple[Any, States]:
        """Return the outputs for the newest frame (1, H, W, 3), and what to remember for the next."""
        return self(inputs), states


class _Networks(Registry[type[DrivingNetwork]]):
    """The registered networks, and any other by its import path, such as `my_package.my_module:Net`."""

    def get(self, name: str) -> type[DrivingNetwork]:
        """Return the network of this name; one that knows nothing of driving is fitted to it."""
        from copycar.learning.policies.own import network_named, own_network  # noqa: PLC0415 - built on this module

        return network_named(name) if ":" in name else own_network(super().get(name), name)


NETWORKS = _Networks(
    "network",
    "copycar.policies",
    {
        name: f"copycar.learning.policies.{module}:{kind}"
        for name, module, kind in (
            ("behavior", "behavior", "Behavior"),
            ("categorical", "categorical", "Categorical"),
            ("commands", "commands", "Commands"),
            ("conv3d", "conv3d", "Conv3D"),
            ("copycar", "copycar", "Copycar"),
            ("imu", "imu", "Imu"),
            ("inferred", "inferred", "Inferred"),
            ("linear", "linear", "Linear"),
            ("localizer", "localizer", "Localizer"),
            ("memory", "memory", "Memory"),
            ("pilotnet", "pilotnet", "PilotNet"),
            ("pilotnet-1164", "pilotnet_1164", "PilotNet1164"),
            ("resnet18", "resnet18", "ResNet18"),
            ("rnn", "rnn", "Rnn"),
        )
    },
)


def network_options(kind: type[DrivingNetwork], options: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return all options of a network, the usual value for those not named.

    Raises:
        CopycarError: an unknown option, or a bad value.
    """
    hints = get_type_hints(kind.__init__, include_extras=True)
    parameters = list(inspect.signature(kind.__init__).parameters.values())[2:]  # after `self` and `given`
    fields: dict[str, Any] = {parameter.name: (hints[parameter.name], parameter.default) for parameter in parameters}
    model = create_model("Options", __base__=Settings, **fields)
    return build(model, options, f"the options of network {name}").model_dump()


def normalised(values: Tensor, column: Column) -> Tensor:
    """Return numbers (B, k) with the mean 0 and deviation 1 that they had in the training frames."""
    assert isinstance(column, Numbers)
    mean, std = (torch.tensor(row, device=values.device) for row in (column.mean, column.std))
    return (values - mean) / std
