"""The detector: features of every view, laid on the ground, pooled over views, and a heat map out of them.

```
pictures (B, V, H, W, 3) ─ trunk, the same for all views ─▶ features (B V, C, H/4, W/4) ─▶ heat of feet per view
features ─ sampled where each ground cell shows ─▶ (B, V, C, rows, columns), 0 where a view does not see the cell
 ─ mean and maximum over the views that see it, and their share ─▶ (B, 2 C + 1, rows, columns)
 ─ three dilated convolutions ─▶ heat map and offset of the thing from the cell's centre
```
After MVDet (Hou et al., ECCV 2020) in its projection and MVAug (Engilberge et al., WACV 2023) in its auxiliary head,
but made small, and pooled instead of concatenated: mean and maximum do not depend on order or number of views, so the
same weights serve another rig (GMVD, Vora et al., WACV 2023). Group norm, as a batch is 2 scenes. Two sizes: `small`
for processors, 94,496 parameters, and `large` for GPUs, whose trunk is residual and whose ground is twice as wide.

Knows tensors. Knows nothing of files, losses or metres: homographies come from outside.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

Backbone = Literal["small", "large"]

RARE = -2.19
"""Bias of the heat map's last layer: it begins by saying 0.1 everywhere (RetinaNet, Lin et al. 2017)."""


@dataclass(frozen=True, slots=True)
class Views:
    """What all cameras see of some scenes.

    Attributes:
        pictures: uint8 or float32 0 … 255, (B, V, H, W, 3); H and W divisible by 4.
        to_feature: float32 (B, V, 3, 3), homographies from (column, row, 1) of a ground cell to feature pixels.
        masks: float32 (B, V, H/4, W/4), 1 where the view may be used.
    """

    pictures: Tensor
    to_feature: Tensor
    masks: Tensor

    def to(self, device: torch.device) -> "Views":
        """Return the same on `device`."""
        return Views(self.pictures.to(device), self.to_feature.to(device), self.masks.to(device))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network says.

    Attributes:
        heat: (B, rows, columns) logits of "the centre of a thing is in this cell".
        offset: (B, 2, rows, columns) of the centre from the cell's, columns and rows, in cells.
        view_heat: (B, V, H/4, W/4) logits of "here is a foot".
        seen: bool (B, rows, columns), cells that at least one view sees.
    """

    heat: Tensor
    offset: Tensor
    view_heat: Tensor
    seen: Tensor


class GroundNetwork(nn.Module):
    """Finds things on the ground from any number of calibrated views.

    Args:
        backbone: "small" or "large".
    """

    def __init__(self, backbone: Backbone = "small") -> None:
        super().__init__()
        self.backbone = backbone
        self.trunk, features, head = _small() if backbone == "small" else _large()
        self.foot = nn.Conv2d(features, 1, 1)
        self.ground = nn.Sequential(
            _layer(2 * features + 1, head),
            _layer(head, head, dilation=2),
            _layer(head, head, dilation=4),
        )
        self.answer = nn.Conv2d(head, 3, 1)
        with torch.no_grad():
            self.foot.bias.fill_(RARE)  # type: ignore[union-attr]
            self.answer.bias.copy_(torch.tensor([RARE, 0.0, 0.0]))  # type: ignore[union-attr]

    def forward(self, views: Views, shape: tuple[int, int]) -> Answer:
        """Return what is on a ground of `shape` (rows, columns)."""
        n_scenes, n_views = views.pictures.shape[:2]
        pictures = views.pictures.flatten(0, 1).permute(0, 3, 1, 2).float() / 127.5 - 1.0  # (B V, 3, H, W)
        features = self.trunk(pictures.contiguous(memory_format=torch.channels_last))
        laid, seen = lay_on_ground(features, views, shape)  # (B, V, C, rows, columns), (B, V, 1, rows, columns)
        answer = self.answer(self.ground(_pooled(laid, seen)))
        view_heat = self.foot(features).view(n_scenes, n_views, *features.shape[2:])
        return Answer(answer[:, 0], answer[:, 1:], view_heat, seen.any(dim=1)[:, 0])


def lay_on_ground(features: Tensor, views: Views, shape: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Sample the features (B V, C, h, w) where each ground cell shows.

    Returns:
        features (B, V, C, rows, columns), 0 where unseen, and bool (B, V, 1, rows, columns), which cells each view
        sees: those in front of the camera, inside its picture and in its mask.
    """
    n_scenes, n_views = views.pictures.shape[:2]
    height, width = features.shape[2:]
    with torch.autocast(features.device.type, enabled=False):  # bfloat16 has 8 bits: places would be off by cells
        places, is_ahead = _places(views.to_feature.flatten(0, 1).float(), shape)
        scale = torch.tensor([2 / (width - 1), 2 / (height - 1)], device=features.device)
        where = places * scale - 1.0  # (B V, rows, columns, 2), -1 … 1 between the first and last pixel's centres
        where = where.nan_to_num(-2.0).clamp(-2.0, 2.0)
        masked = torch.cat([features.float(), views.masks.flatten(0, 1)[:, None]], dim=1)
        sampled = functional.grid_sample(masked, where, align_corners=True)  # outside: 0
        is_inside = (where.abs() <= 1.0).all(dim=-1)
        seen = (is_ahead & is_inside & (sampled[:, -1] > 0.5))[:, None]
        laid = sampled[:, :-1] * seen
    return laid.view(n_scenes, n_views, -1, *shape), seen.view(n_scenes, n_views, 1, *shape)


def _places(to_feature: Tensor, shape: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Return the feature pixels (N, rows, columns, 2) of all cells and whether they are before the camera."""
    n_rows, n_columns = shape
    rows, columns = torch.meshgrid(
        torch.arange(n_rows, device=to_feature.device, dtype=torch.float32),
        torch.arange(n_columns, device=to_feature.device, dtype=torch.float32),
        indexing="ij",
    )
    cells = torch.stack([columns, rows, torch.ones_like(rows)], dim=-1).view(-1, 3)
    projected = (cells @ to_feature.transpose(1, 2)).view(-1, n_rows, n_columns, 3)
    depth = projected[..., 2:]
    return projected[..., :2] / depth.clamp(min=1e-6), depth[..., 0] > 1e-6


def _pooled(laid: Tensor, seen: Tensor) -> Tensor:
    """Return mean and maximum over the views that see a cell, and the share of them, (B, 2 C + 1, rows, columns)."""
    count = seen.sum(dim=1).clamp(min=1)
    mean = laid.sum(dim=1) / count
    largest = laid.amax(dim=1)  # features come out of a ReLU, so that 0 stands for nothing
    return torch.cat([mean, largest, seen.float().mean(dim=1)], dim=1)


def _small() -> tuple[nn.Sequential, int, int]:
    """Return a trunk, its channels, and those of the ground's convolutions."""
    layers = (_layer(3, 12, stride=2), _layer(12, 24, stride=2), _layer(24, 24), _layer(24, 32), _layer(32, 32))
    return nn.Sequential(*layers), 32, 48


def _large() -> tuple[nn.Sequential, int, int]:
    """Return the first two stages of ResNet-18 (He et al., CVPR 2016) at a quarter of the picture's size."""
    stem = (_layer(3, 32, stride=2), _layer(32, 64, stride=2))
    blocks = (_Block(64, 64), _Block(64, 64), _Block(64, 128), _Block(128, 128))
    return nn.Sequential(*stem, *blocks), 128, 96


class _Block(nn.Module):
    """Two convolutions beside a short cut."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.first = _layer(before, after)
        self.second = nn.Sequential(nn.Conv2d(after, after, 3, padding=1, bias=False), nn.GroupNorm(4, after))
        self.cut = nn.Identity() if before == after else nn.Conv2d(before, after, 1, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        return functional.relu(self.second(self.first(features)) + self.cut(features))


def _layer(before: int, after: int, *, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(before, after, 3, stride, padding=dilation, dilation=dilation, bias=False)
    return nn.Sequential(convolution, nn.GroupNorm(4, after), nn.ReLU(inplace=True))
