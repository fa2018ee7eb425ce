"""Somebody's own network: any torch module or Keras 3 model that looks at one picture, fitted to drive.

Knows how to make one and put a frame's way through it together; how its pictures and answers look is found out beside.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from inspect import cleandoc
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from copycar.core.errors import CopycarError
from copycar.core.import_named import import_named
from copycar.learning.columns import Category, Reads
from copycar.learning.pipeline import Resize
from copycar.learning.policies.commands import LABEL, nearest_of
from copycar.learning.policies.network import DrivingNetwork, Given, Inputs, Labels, Words
from copycar.learning.policies.own_answers import find_answers, numbers_of
from copycar.learning.policies.own_keras import declared_size, is_keras, keras_module, keras_on_torch
from copycar.learning.policies.own_pictures import Layout, Taken, Values, examples, find_taken
from copycar.learning.size import parse_size
from copycar.learning.weights import load_state
from copycar.tubs.formats.autcar_commands import CLASSES, action_of

FOUND = ("found",)
GIVEN = "given:"
"""Before the name of a network that a Python program gave and that cannot be imported by a name."""


class OwnNetwork(DrivingNetwork):
    """A network of your own.

    Args:
        given: what it is built for.
        size: WIDTHxHEIGHT of the pictures that it takes; by default what it declares, else the camera's.
        values: the numbers of a picture: `unit` 0 … 1, `centred` -1 … 1, `standardised` mean 0 and deviation 1 over the
            picture, `raw` 0 … 255.
        layout: `channels-first` or `channels-last`; by default it is asked.
        labels: names of the commands that it tells apart, in order, or `found` for those that the recording has; by
            default AutCar's twelve, where it has twelve outputs.
        key: where a record keeps its command.
        weights: a file that it starts from: a state dict of torch (.pt), or weights of Keras (.weights.h5).
    """

    make: ClassVar[Callable[[], Any]]
    """Makes the module, without arguments."""

    def __init__(
        self,
        given: Given,
        size: str = "",
        values: Values = "unit",
        layout: Layout = "auto",
        labels: Words = (),
        key: Words = ("autcar/command",),
        weights: Path | None = None,
    ) -> None:
        del key  # it is in `wants`
        module = _made(type(self).make)
        height, width = _size_of(module, parse_size(size) if size else None) or _size_after(given)
        super().__init__(given, [Resize(height=height, width=width)])
        self.module, self.taken, told = _understood(module, (height, width), layout, values)
        if weights is not None:
            _load(module, weights)
        with torch.no_grad():
            numbers = numbers_of(self.module(self.taken(examples(self.taken.size))))
        commands = given.column(LABEL)
        assert isinstance(commands, Category)
        self.answers = find_answers(numbers, commands.names, are_named=bool(labels))
        self.remarks = (*told, self.answers.words)
        if not self.answers.more(numbers):  # the commands were only asked for in case that it answers them
            self.reads = replace(given.reads, labels={})

    @classmethod
    def wants(cls, **options: Any) -> Reads:
        """Return that it is asked for a command, which every frame has: what it answers is known once it is made."""
        labels: tuple[str, ...] = options["labels"] or CLASSES
        if labels == FOUND:
            return Reads(labels={LABEL: Category(options["key"])})
        are_autcars = all(action_of(name) for name in labels)
        return Reads(labels={LABEL: Category(options["key"], labels, nearest_of(labels) if are_autcars else None)})

    def forward(self, inputs: Inputs) -> Tensor:
        """Return the numbers (B, n)."""
        return numbers_of(self.module(self.taken(self.pipeline(inputs["image"]))))

    def loss(self, outputs: Tensor, labels: Labels) -> Tensor:
        """Return the loss that suits what it answers."""
        return self.answers.loss(outputs, labels)

    def action(self, outputs: Tensor) -> Tensor:
        """Return (B, 2) of what it answers."""
        return self.answers.action(outputs)

    def more(self, outputs: Tensor) -> dict[str, Tensor]:
        """Return the commands' probabilities (B, n), where it answers commands."""
        return self.answers.more(outputs)


def own_network(thing: Any, name: str = "") -> type[DrivingNetwork]:
    """Return the class of driving networks that `thing` stands for.

    Args:
        thing: a `DrivingNetwork` class, as it is; or a torch module or Keras model, a class of them that needs no
            arguments, or a function that makes one. A module itself, rather than what makes it, is trained in place.
        name: how it is called in messages.

    Raises:
        CopycarError: it is something else, or a Keras model that does not compute with torch.
    """
    if isinstance(thing, type) and issubclass(thing, DrivingNetwork):
        return thing
    is_instance = (is_keras(thing) or isinstance(thing, nn.Module)) and not isinstance(thing, type)
    if not is_instance and not callable(thing):
        raise CopycarError(
            f"{name or thing!r} is no network, but {type(thing).__name__}",
            fix="name a torch.nn.Module, a Keras model, or a function that makes one",
        )
    about = "" if is_instance else cleandoc(thing.__doc__ or "")  # not what it inherits from torch or Keras
    summary = about.partition("\n")[0] or "A network of your own."
    options = "Args:" + (OwnNetwork.__doc__ or "").partition("Args:")[2]
    make = (lambda: thing) if is_instance else thing
    return type("Own", (OwnNetwork,), {"make": staticmethod(make), "__doc__": f"{summary}\n\n    {options}"})


def network_named(path: str) -> type[DrivingNetwork]:
    """Return what an import path stands for, see `copycar.core.import_named`; Keras then computes with torch.

    Raises:
        CopycarError: nothing is there, or it is no network.
    """
    require_name(path)
    with keras_on_torch():
        return own_network(import_named(path), path)


def require_name(path: str) -> None:
    """Make sure that a network can be found by its name: by a later command, or by another process.

    Raises:
        CopycarError: only the Python program that gave it has it.
    """
    if path.startswith(GIVEN):
        raise CopycarError(
            f"a Python program gave the network {path.removeprefix(GIVEN)}, and it has no name to be found by",
            "it is made in the program itself, or is no class or function of a module",
            "go on from such a program: Training.resume(folder, network=...); for workers put it into a module",
        )


def name_of(thing: Any) -> str:
    """Return the import path of a network that a Python program gave, or `GIVEN` and a name where it has none."""
    module, name = getattr(thing, "__module__", ""), getattr(thing, "__qualname__", type(thing).__name__)
    is_importable = hasattr(thing, "__qualname__") and module != "__main__" and "<" not in name
    return f"{module}:{name}" if is_importable else f"{GIVEN}{name.rpartition('.')[2]}"


def _made(make: Callable[[], Any]) -> Any:
    """Make the module, with Python's own dice (which Keras throws) as fixed as torch's."""
    state = random.getstate()
    random.seed(torch.initial_seed())
    try:
        module = make()
    except TypeError as error:
        raise CopycarError(
            f"{getattr(make, '__name__', 'your network')}() cannot be made",
            str(error),
            "name a class or function that needs no arguments",
        ) from error
    finally:
        random.setstate(state)
    if isinstance(module, DrivingNetwork):
        raise CopycarError("a network of copycar's own kind is given by its class", fix="name the class itself")
    if not is_keras(module) and not isinstance(module, nn.Module):
        raise CopycarError(
            f"what makes your network gives {type(module).__name__}", fix="return a torch.nn.Module or a Keras model"
        )
    return module.eval()


def _size_of(module: nn.Module, asked: tuple[int, int] | None) -> tuple[int, int] | None:
    declared = declared_size(module) if is_keras(module) else getattr(module, "image_size", None)
    if declared and asked and tuple(declared) != asked:
        raise CopycarError(
            f"your network declares pictures of {declared[1]}x{declared[0]}, and {asked[1]}x{asked[0]} is asked for",
            fix="leave one of them out",
        )
    return asked or declared


def _size_after(given: Given) -> tuple[int, int]:
    height, width = given.image_size
    for step in given.pipeline:
        height, width = step.size_after(height, width)
    return height, width


def _understood(
    module: nn.Module, size: tuple[int, int], layout: Layout, values: Values
) -> tuple[nn.Module, Taken, tuple[str, ...]]:
    if is_keras(module):
        return keras_module(module, size, layout, values)
    return module, *find_taken(module, size, layout, values)


def _load(module: Any, weights: Path) -> None:
    """Put weights into a network that takes them.

    Raises:
        CopycarError: there is no such file, or it is another network's.
    """
    try:
        if is_keras(module):
            module.load_weights(weights)
        else:
            module.load_state_dict(load_state(weights))
    except (OSError, ValueError, RuntimeError, AttributeError) as error:
        why = " ".join(str(error).split()[:40])
        raise CopycarError(f"{weights} cannot be loaded into your network", why, "name its own weights") from error
