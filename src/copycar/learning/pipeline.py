"""What the network sees: a list of image operations, compiled into a module that is part of the network and its graph.

So training and driving cannot differ. Knows no files; the operations are in `learning/operations`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import torch
from pydantic import ValidationError
from torch import Tensor, nn

from copycar.core.config import build, list_faults
from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.registry import Registry
from copycar.learning.operations.normalise import Normalise
from copycar.learning.operations.region import Crop
from copycar.learning.operations.size import Resize
from copycar.learning.operations.step import MIN_SIZE_PX, Step
from copycar.learning.settings import TrainSettings
from copycar.learning.size import parse_size

__all__ = ["OPERATIONS", "Crop", "Normalise", "Pipeline", "Resize", "Step", "compose", "read_steps", "user_steps"]

OPERATIONS: Registry[type[Step]] = Registry(
    "pipeline operation",
    "copycar.pipeline_ops",
    {
        name: f"copycar.learning.operations.{place}"
        for name, place in {
            "blur": "blur:Blur",
            "canny": "canny:Canny",
            "colour": "colour:Colour",
            "crop": "region:Crop",
            "grey": "colour:Grey",
            "mask": "region:Mask",
            "normalise": "normalise:Normalise",
            "resize": "size:Resize",
            "scale": "size:Scale",
            "trapezoid": "region:Trapezoid",
            "trapezoid_edges": "region:TrapezoidEdges",
        }.items()
    },
)
"""Every operation by the name that `op = "…"` gives it."""


def read_steps(tables: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return the steps that tables such as `{"op": "crop", "top": 45}` describe, in their order.

    Raises:
        CopycarError: naming every unknown operation, unknown key and bad value, each with the number of its step.
    """
    steps, faults = [], []
    for number, table in enumerate(tables, start=1):
        found = _read_step(table)
        if isinstance(found, Step):
            steps.append(found)
        else:
            faults += [f"step {number} ({table.get('op', 'no op')}): {fault}" for fault in found]
    if faults:
        raise CopycarError(f"the pipeline: {len(faults)} fault(s)", "; ".join(faults), "correct and run again")
    return tuple(steps)


def user_steps(settings: TrainSettings) -> tuple[Step, ...]:
    """Return what a person asked for: `resize` first, then `pipeline`.

    Raises:
        CopycarError: as `read_steps`, or the size is none.
    """
    steps = read_steps(settings.pipeline)
    if settings.resize is None:
        return steps
    height, width = parse_size(settings.resize)
    return (build(Resize, {"height": height, "width": width}, "the size to scale to"), *steps)


def compose(chosen: Sequence[Step], own: Sequence[Step]) -> tuple[Step, ...]:
    """Return a person's steps with the network's own after them.

    Args:
        chosen: what a person asked for; where it ends with a normalisation, that stands for the network's own.
        own: what the network's first layer needs: its size and its range of numbers.

    Raises:
        CopycarError: a step of the person's list comes after a normalisation, whose result is no picture any more.
    """
    for number, step in enumerate(chosen[:-1], start=1):
        if step.ends_grey_levels:
            raise CopycarError(
                f"step {number + 1} of the pipeline ({chosen[number].op}) comes after {step.op}",
                "operations work on brightness 0 to 255, which it ends",
                f"put {step.op} last",
            )
    if not chosen or not chosen[-1].ends_grey_levels:
        return (*chosen, *own)
    return (*chosen[:-1], *(step for step in own if not step.ends_grey_levels), chosen[-1])


class Pipeline(nn.Module):
    """The steps one after the other, from the camera's raw bytes to what the network's first layer sees.

    Args:
        image_size: (height, width) of the raw frame.
        steps: the operations, in order.

    Attributes:
        image_size: (height, width) that comes in.
        output_size: (height, width) that goes out.

    Raises:
        CopycarError: a step leaves fewer than `MIN_SIZE_PX` rows or columns, or cannot be applied to its pictures.
    """

    def __init__(self, image_size: tuple[int, int], steps: Sequence[Step]) -> None:
        super().__init__()
        self.image_size, self.steps = image_size, tuple(steps)
        self.output_size = _sizes(image_size, self.steps)[-1]

    def forward(self, images: Tensor) -> Tensor:
        """Return float32 (B, 3, h, w), in channels_last memory, of uint8 (B, H, W, 3)."""
        for x in self.after_each_step(images):
            last = x
        return last.contiguous(memory_format=torch.channels_last)

    def after_each_step(self, images: Tensor) -> Iterator[Tensor]:
        """Yield the raw pictures and then what every step makes of them, each float32 (B, 3, h, w)."""
        # a permuted NHWC batch *is* channels_last, the quickest layout for convolutions on a CPU
        x = images.permute(0, 3, 1, 2).to(torch.float32)
        yield x
        for step in self.steps:
            x = step.apply(x)
            yield x


def _read_step(table: Mapping[str, Any]) -> Step | list[str]:
    """Return the step, or everything that is wrong with its table."""
    name = table.get("op")
    if not isinstance(name, str):
        return [f'which operation? Write op = "…": {", ".join(OPERATIONS)}']
    if name not in OPERATIONS:
        return [f"unknown operation: {did_you_mean(name, OPERATIONS)}"]
    kind = OPERATIONS.get(name)
    try:
        return kind(**table)
    except ValidationError as error:
        return list_faults(kind, error)


def _sizes(image_size: tuple[int, int], steps: Sequence[Step]) -> list[tuple[int, int]]:
    """Return (height, width) before the first step and after every one."""
    sizes = [image_size]
    for number, step in enumerate(steps, start=1):
        name = f"step {number} of the pipeline, {described(step)},"
        before = sizes[-1]
        try:
            sizes.append(step.size_after(*before))
        except ValueError as error:
            raise CopycarError(
                f"{name} cannot be applied to a frame of {before[1]}x{before[0]}", str(error), "change its numbers"
            ) from None
        if min(sizes[-1]) < MIN_SIZE_PX:
            raise CopycarError(
                f"{name} leaves {sizes[-1][1]}x{sizes[-1][0]} pixels of a frame",
                f"it gets {before[1]}x{before[0]}; the camera gives {image_size[1]}x{image_size[0]}",
                f"leave at least {MIN_SIZE_PX}x{MIN_SIZE_PX}",
            )
    return sizes


def described(step: Step) -> str:
    """Return the operation with what was chosen about it, in words.

    >>> described(Crop(top=45))
    'crop top=45'
    """
    chosen = step.model_dump(exclude={"op"}, exclude_defaults=True)
    return " ".join([step.op, *(f"{name}={value}" for name, value in chosen.items())])
