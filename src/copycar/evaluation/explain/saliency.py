"""Which part of a picture a network's steering depends on. Knows tensors; knows nothing of recordings and films.

Three ways, each for a whole batch at once:
- VisualBackProp (Bojarski et al. 2016, arXiv 1611.05418): what every layer of convolutions responds to, multiplied from
  the last layer to the first. Maps are enlarged by interpolation, where the paper convolves with ones, so that it fits
  any kernel, stride and padding.
- integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365) of the steering, from a black picture on.
- Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391) of the last layer of convolutions, for the steering's own sign.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import torch
from torch import Tensor
from torch.nn import functional

from copycar.core.errors import CopycarError
from copycar.evaluation.explain.convolutions import watching
from copycar.learning.batches import IMAGE
from copycar.learning.pipeline import Pipeline, Step
from copycar.learning.policies.network import DrivingNetwork

Method = Literal["visualbackprop", "integrated", "gradcam"]
Inputs = Mapping[str, Tensor]

INTEGRATION_STEPS = 8
"""Pictures between black and the frame; 8 and 64 give maps that correlate by 0.998 (64 frames of a real tub)."""
BRIGHTEST = 0.995
"""Quantile of a map that becomes 1: single pixels do not darken the rest."""
TINY = 1e-12
PLAIN = (120.0, 130.0, 110.0)
"""Colour of the picture on which operations are undone: not grey, where hue has no gradient."""


def saliency(network: DrivingNetwork, inputs: Inputs, method: Method) -> Tensor:
    """Return what matters in the newest picture of every sample, (B, H, W) in the camera's pixels, 0 … 1.

    Args:
        network: in evaluation mode.
        inputs: as `DrivingNetwork.forward` takes them.
        method: how.

    Raises:
        CopycarError: the network has no convolutions, and the method needs some.
    """
    mask = METHODS[method](network, inputs)
    return _even(in_camera_pixels(network.pipeline, mask.detach()))


def visual_backprop(network: DrivingNetwork, inputs: Inputs) -> Tensor:
    """Return the mask (B, h, w) in the pixels of the network's first layer."""
    with torch.no_grad(), watching(network) as seen:
        network(inputs)
    n_samples = len(inputs[IMAGE])
    layers = [_response(layer, n_samples) for layer in _require(seen)]
    mask = torch.ones_like(layers[-1])
    for response in reversed(layers):
        mask = _even(response * _enlarged(mask, response.shape[-2:]))
    return _enlarged(mask, network.pipeline.output_size)


def integrated_gradients(network: DrivingNetwork, inputs: Inputs) -> Tensor:
    """Return the mask (B, h, w) likewise."""
    with torch.no_grad():
        images = inputs[IMAGE].flatten(0, inputs[IMAGE].dim() - 4)
        prepared, black = network.pipeline(images), network.pipeline(torch.zeros_like(images))
    gradient = torch.zeros_like(prepared)
    for step in range(INTEGRATION_STEPS):
        between = black + (prepared - black) * ((step + 0.5) / INTEGRATION_STEPS)
        with torch.enable_grad(), _instead(network, between.requires_grad_()):
            gradient += _gradient(network, network(inputs), between)
    found = ((prepared - black) * gradient).sum(1).abs()
    return _of_newest(found, len(inputs[IMAGE]))


def grad_cam(network: DrivingNetwork, inputs: Inputs) -> Tensor:
    """Return the mask (B, h, w) likewise."""
    with torch.no_grad():
        prepared = network.pipeline(inputs[IMAGE].flatten(0, inputs[IMAGE].dim() - 4))
    with torch.enable_grad(), watching(network) as seen, _instead(network, prepared.requires_grad_()):
        outputs = network(inputs)
        last = _require(seen)[-1]
        gradient = _gradient(network, outputs, last)
    weights = gradient.flatten(2).mean(-1).view(*gradient.shape[:2], *[1] * (gradient.dim() - 2))
    found = _per_sample((functional.relu(last.detach()) * weights).sum(1), len(inputs[IMAGE]))
    has_reasons = found.flatten(1).max(dim=1).values > 0
    found = torch.where(has_reasons[:, None, None], found, -found)  # nothing speaks for it: show what speaks against it
    return _enlarged(functional.relu(found), network.pipeline.output_size)


METHODS: dict[Method, Callable[[DrivingNetwork, Inputs], Tensor]] = {
    "visualbackprop": visual_backprop,
    "integrated": integrated_gradients,
    "gradcam": grad_cam,
}


def in_camera_pixels(pipeline: Pipeline, mask: Tensor) -> Tensor:
    """Return a mask (B, h, w) over what a network's pipeline gives as one (B, H, W) over the camera's frame.

    One operation after the other is undone: every pixel gets the mean of the mask where the operation has put it, by
    its own gradient on a plain picture. So cropped and masked parts get nothing, whatever was cut, scaled or turned.
    """
    with torch.no_grad():
        plain = torch.tensor(PLAIN, dtype=torch.float32).expand(1, *pipeline.image_size, 3)
        pictures = list(pipeline.after_each_step(plain))
    for step, before in reversed(list(zip(pipeline.steps, pictures, strict=False))):
        if not step.ends_grey_levels:  # what does moves nothing
            mask = _before(step, before, mask)
    return mask


def _before(step: Step, picture: Tensor, mask: Tensor) -> Tensor:
    given = picture.expand(len(mask), *picture.shape[1:]).clone().requires_grad_()
    with torch.enable_grad():
        made = step.apply(given)
    if not made.requires_grad:
        return _enlarged(mask, given.shape[-2:])
    masked = _back(made, given, mask[:, None].expand_as(made))
    plain = _back(made, given, torch.ones_like(made))
    if not bool(plain.abs().max() > TINY):  # edges only, such as Canny's
        return _enlarged(mask, given.shape[-2:])
    is_seen = plain.abs() > 1e-3 * plain.abs().max()
    return torch.where(is_seen, masked / torch.where(is_seen, plain, 1.0), 0.0).clamp(min=0)


def _back(made: Tensor, given: Tensor, weights: Tensor) -> Tensor:
    (found,) = torch.autograd.grad(made, given, weights, retain_graph=True)
    return found.sum(1)


def _gradient(network: DrivingNetwork, outputs: Any, at: Tensor) -> Tensor:
    """Return the gradient of every sample's steering; of its strongest answer where it chooses one, which has none."""
    steering = network.action(outputs)[:, 0]
    size = steering * torch.where(steering.detach() < 0, -1.0, 1.0)
    answers = outputs if isinstance(outputs, tuple | list) else [outputs]
    for target in (size, *(answer.flatten(1).amax(dim=1) for answer in answers[:1])):
        if target.requires_grad:
            (found,) = torch.autograd.grad(target.sum(), at, retain_graph=True, allow_unused=True)
            if found is not None and bool(found.any()):
                return found
    return torch.zeros_like(at)


@contextmanager
def _instead(network: DrivingNetwork, prepared: Tensor) -> Iterator[None]:
    """Let the network see `prepared` whatever picture it is given."""

    def replaced(*_: Any) -> Tensor:
        return prepared

    hook = network.pipeline.register_forward_hook(replaced)
    try:
        yield
    finally:
        hook.remove()


def _require(seen: list[tuple[str, Tensor]]) -> list[Tensor]:
    maps = [layer for _, layer in seen if min(layer.shape[-2:]) > 1]
    if not maps:
        raise CopycarError(
            "this network has no convolutions whose maps could be shown",
            fix="take --method integrated, which needs none",
        )
    return maps


def _response(layer: Tensor, n_samples: int) -> Tensor:
    """Return the mean of a layer's positive answers over channels (and pictures of a window), (B, h, w)."""
    return _per_sample(functional.relu(layer.detach()).mean(1), n_samples)


def _per_sample(maps: Tensor, n_samples: int) -> Tensor:
    """Return (B, h, w) of (B, T, h, w), which looks at a window together, or of (B · T, h, w)."""
    return maps.mean(1) if maps.dim() == 4 else _of_newest(maps, n_samples)


def _of_newest(maps: Tensor, n_samples: int) -> Tensor:
    """Return (B, h, w) of the newest pictures of (B · T, h, w)."""
    return maps.view(n_samples, -1, *maps.shape[1:])[:, -1]


def _enlarged(mask: Tensor, size: tuple[int, int] | torch.Size) -> Tensor:
    resized = functional.interpolate(mask[:, None], tuple(size), mode="bilinear", align_corners=False)
    return resized[:, 0]


def _even(mask: Tensor) -> Tensor:
    """Return the mask with its brightest parts at 1."""
    brightest = mask.flatten(1).quantile(BRIGHTEST, dim=1).clamp(min=TINY)
    return (mask / brightest[:, None, None]).clamp(0, 1)
