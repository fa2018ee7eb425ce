"""How wrong an answer is. Knows answers and targets; knows nothing of where they come from."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from copycar.ground.network import Answer
from copycar.ground.targets import NEAR

FOCUS, FORGIVENESS = 2, 4
"""CornerNet's alpha and beta: easy cells count little, cells near a hill's top little too (Law and Deng 2018)."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an answer should be.

    Attributes:
        heat: (B, rows, columns), 1 in the cell of a thing.
        offset: (B, 2, rows, columns) in cells, where heat is above `targets.NEAR`.
        view_heat: (B, V, h, w), 1 at a foot.
    """

    heat: Tensor
    offset: Tensor
    view_heat: Tensor

    def to(self, device: torch.device) -> "Target":
        """Return the same on `device`."""
        return Target(self.heat.to(device), self.offset.to(device), self.view_heat.to(device))


def detection_loss(answer: Answer, target: Target, masks: Tensor) -> Tensor:
    """Return focal loss on the ground + L1 of the offsets + mean focal loss of the views' feet; a scalar.

    Args:
        answer: of the network.
        target: likewise.
        masks: (B, V, h, w), where views count. On the ground, cells that no view sees do not count.
    """
    is_near = (target.heat > NEAR) & answer.seen
    apart = (answer.offset.float() - target.offset).abs().sum(dim=1)
    offset = (apart * is_near).sum() / is_near.sum().clamp(min=1)
    return (
        focal_loss(answer.heat, target.heat, answer.seen)
        + offset
        + focal_loss(answer.view_heat, target.view_heat, masks > 0.5)
    )


def focal_loss(logits: Tensor, heat: Tensor, counts: Tensor) -> Tensor:
    """Return CornerNet's focal loss over the cells that count, per thing."""
    logits = logits.float()
    sure, unsure = functional.logsigmoid(logits), functional.logsigmoid(-logits)
    said = logits.sigmoid()
    is_thing = (heat == 1) & counts
    missed = -((1 - said) ** FOCUS * sure)[is_thing].sum()
    false = -((1 - heat) ** FORGIVENESS * said**FOCUS * unsure * (counts & (heat < 1))).sum()
    return (missed + false) / is_thing.sum().clamp(min=1)
