"""Networks that say steering and throttle as two distributions over bins. Knows nothing of their layers."""

import torch
from torch import Tensor
from torch.nn import functional

from copycar.learning.policies.bins import FULL, Ends, expectation, highest, soft_bins
from copycar.learning.policies.network import DrivingNetwork, Labels


class BinnedNetwork(DrivingNetwork):
    """Outputs are logits (B, steering bins) and (B, throttle bins), any number of each.

    Attributes:
        throttle_weight: of the throttle's cross-entropy beside the steering's.
        throttle_ends: throttle of the first and of the last bin; steering bins always cover [-1, 1].
        takes_highest: whether the action is the likeliest bin instead of the mean.
    """

    throttle_weight = 1.0
    throttle_ends: Ends = FULL
    takes_highest = False

    def loss(self, outputs: tuple[Tensor, Tensor], labels: Labels) -> Tensor:
        """Return the cross-entropies against soft bins of the action, weighed."""
        steering, throttle = (
            functional.cross_entropy(logits.float(), soft_bins(labels["action"][:, axis], logits.shape[1], ends=ends))
            for axis, (logits, ends) in enumerate(zip(outputs, (FULL, self.throttle_ends), strict=True))
        )
        return (steering + self.throttle_weight * throttle) / (1.0 + self.throttle_weight)

    def action(self, outputs: tuple[Tensor, Tensor]) -> Tensor:
        """Return (B, 2), by default the means of both distributions: smooth, where the highest bin would jump."""
        decode = highest if self.takes_highest else expectation
        steering, throttle = outputs
        return torch.stack([decode(steering), decode(throttle, self.throttle_ends)], dim=1)
