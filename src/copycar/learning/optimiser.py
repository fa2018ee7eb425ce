"""The optimiser and the schedules of its learning rate. Knows nothing of data or of what is learned."""

import math

from torch import nn
from torch.optim import AdamW, Optimizer
from torch.optim.lr_scheduler import LambdaLR, LRScheduler, OneCycleLR

from copycar.learning.progress import Plan


def make_optimiser(network: nn.Module, plan: Plan) -> Optimizer:
    """Return AdamW over what of the network may change."""
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    is_fused = learning[0].device.type != "mps"  # torch has no fused AdamW there
    return AdamW(learning, plan.learning_rate, weight_decay=plan.weight_decay, fused=is_fused)


def make_schedule(optimiser: Optimizer, plan: Plan, n_steps: int, n_done: int) -> LRScheduler:
    """Return the plan's schedule over `n_steps` steps, `n_done` of which are over.

    A schedule is a function of the share of steps that are over, and has no other memory: a resumed training comes to
    the same rates, and one that is given more epochs goes on where a training of so many would be now.

    - `one-cycle`: up to the peak for 30 % of the steps, then down to nearly nothing (Smith 2018);
    - `cosine`: from the peak down to 0 (Loshchilov and Hutter 2017);
    - `constant`: the peak, always.
    """
    last = n_done - 1  # torch counts the step before the next one
    if plan.schedule == "one-cycle":
        return OneCycleLR(optimiser, plan.learning_rate, total_steps=n_steps + 1, last_epoch=last)
    if plan.schedule == "cosine":
        return LambdaLR(optimiser, lambda step: (1 + math.cos(math.pi * step / n_steps)) / 2, last)
    return LambdaLR(optimiser, lambda step: 1.0, last)
