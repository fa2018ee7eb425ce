"""Networks that say steering and throttle as two distributions over bins. Knows nothing of their layers."""

import torch
from torch import Tensor
from torch.nn import functional

from copycar.learning.policies.bins import expectation, soft_bins
from copycar.learning.policies.network import DrivingNetwork, Labels


class BinnedNetwork(DrivingNetwork):
    """Outputs are logits (B, steering bins) and (B, throttle bins), any number of each.

    Attributes:
        throttle_weight: of the throttle's cross-entropy beside the steering's.
    """

    throttle_weight = 1.0

    def loss(self, outputs: tuple[Tensor, Tensor], labels: Labels) -> Tensor:
        """Return the cross-entropies against soft bins of the action, weighed."""
        steering, throttle = (
            functional.cross_entropy(logits.float(), soft_bins(labels["action"][:, axis], logits.shape[1]))
            for axis, logits in enumerate(outputs)
        )
        return (steering + self.throttle_weight * throttle) / (1.0 + self.throttle_weight)

    def action(self, outputs: tuple[Tensor, Tensor]) -> Tensor:
        """Return (B, 2), the means of both distributions: smooth, where the highest bin would jump."""
        return torch.stack([expectation(logits) for logits in outputs], dim=1)
