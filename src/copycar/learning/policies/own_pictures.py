"""In which shape somebody's own network takes its pictures, found by asking it. Knows nothing of its answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from copycar.core.errors import CopycarError
from copycar.learning.policies.commands import standardised

Layout = Literal["auto", "channels-first", "channels-last"]
Values = Literal["unit", "centred", "standardised", "raw"]

N_ASKED = 4
LUMINANCE = (0.299, 0.587, 0.114)  # of red, green and blue: ITU-R BT.601, as OpenCV and Pillow

SCALED: dict[str, Callable[[Tensor], Tensor]] = {
    "unit": lambda images: images / 255.0,
    "centred": lambda images: images / 127.5 - 1.0,
    "standardised": standardised,
    "raw": lambda images: images,
}
VALUES_IN_WORDS = {
    "unit": "0 … 1",
    "centred": "-1 … 1",
    "standardised": "of mean 0 and deviation 1 over each picture, as AutCar's",
    "raw": "0 … 255",
}
assert set(SCALED) == set(VALUES_IN_WORDS) == set(get_args(Values))


@dataclass(frozen=True, slots=True)
class Taken:
    """The pictures that a network takes.

    Attributes:
        size: (height, width) px.
        channels: 3, or 1 for grey ones.
        is_channels_last: whether as (B, height, width, channels), else (B, channels, height, width).
        values: what its numbers are, see `SCALED`.
    """

    size: tuple[int, int]
    channels: int = 3
    is_channels_last: bool = False
    values: Values = "unit"

    def __call__(self, images: Tensor) -> Tensor:
        """Return pictures float32 (B, 3, height, width), 0 … 255, as the network takes them."""
        images = SCALED[self.values](images)
        if self.channels == 1:
            images = (images * torch.tensor(LUMINANCE, device=images.device)[:, None, None]).sum(dim=1, keepdim=True)
        return images.permute(0, 2, 3, 1) if self.is_channels_last else images

    @property
    def words(self) -> str:
        """What people should be told."""
        height, width = self.size
        channels = "colours" if self.channels == 3 else "grey"
        if self.is_channels_last:
            shape = f"height x width x {channels}, {height} x {width} x {self.channels} (channels-last)"
        else:
            shape = f"{channels} x height x width, {self.channels} x {height} x {width} (channels-first)"
        return f"your network takes pictures as {shape}, with numbers {VALUES_IN_WORDS[self.values]}"


def examples(size: tuple[int, int]) -> Tensor:
    """Return a few pictures of noise, float32 (4, 3, height, width), 0 … 255; always the same."""
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (N_ASKED, 3, *size), generator=generator).float()


def find_taken(
    module: nn.Module, size: tuple[int, int], layout: Layout = "auto", values: Values = "unit"
) -> tuple[Taken, tuple[str, ...]]:
    """Show pictures to a network in every shape that it may take, and return the one that it answers, with remarks.

    Args:
        module: the network, in evaluation mode.
        size: (height, width) of its pictures.
        layout: the only one to try; `auto` tries both, with three channels and with one.
        values: what the numbers shall be.

    Raises:
        CopycarError: it answers none of them; with what it says itself.
    """
    faults: list[str] = []
    found = [taken for taken in _possible(size, layout, values) if _answers(module, taken, faults)]
    if not found:
        height, width = size
        raise CopycarError(
            f"your network takes no pictures of {width}x{height}, neither channels-first nor channels-last",
            f"it says: {faults[0]}",
            "name the size that it takes with --network.size WIDTHxHEIGHT, or as its attribute image_size = (height, "
            "width)",
        )
    taken = found[0]
    remarks = [taken.words]
    if sum(other.channels == taken.channels for other in found) > 1:
        remarks.append("it would take channels-last as well (--network.layout channels-last); torch's layers do not")
    return taken, tuple(remarks)


def _possible(size: tuple[int, int], layout: Layout, values: Values) -> Iterator[Taken]:
    """Yield what to try, torch's own layout first: a lazy layer takes the first for ever."""
    layouts = [False, True] if layout == "auto" else [layout == "channels-last"]
    for channels, is_last in product((3, 1), layouts):
        yield Taken(size, channels, is_last, values)


def _answers(module: nn.Module, taken: Taken, faults: list[str]) -> bool:
    try:
        with torch.no_grad():
            module(taken(examples(taken.size)))
    except Exception as error:  # noqa: BLE001 - somebody else's network may raise anything
        faults.append(f"{type(error).__name__}: {error}".splitlines()[0])
        return False
    return True
