"""A task in three numbers: its scores are written down, so the fit loop can be watched without learning anything."""

import torch
from torch import nn


class ScriptedTask:
    """Learns to double a number; the validation scores come from a list.

    Args:
        scores: one per epoch; the last one repeats.
        labels: what the training labels hold.
    """

    n_train = 6

    def __init__(self, scores=(1.0,), label=2.0) -> None:
        torch.manual_seed(0)
        self.network = nn.Sequential(nn.Linear(1, 1), nn.Dropout(0.1))
        self.scores, self.label = list(scores), label
        self.epochs_asked: list[int] = []

    def train_batches(self, epoch, device):
        self.epochs_asked.append(epoch)
        inputs = torch.rand(self.n_train, 1, generator=torch.Generator().manual_seed(epoch))
        for part in inputs.to(device).split(2):
            yield part, part * self.label

    def validation_batches(self, device):
        yield torch.ones(1, 1, device=device), torch.full((1, 1), self.label, device=device)

    def loss(self, network, batch):
        return (network(batch[0]) - batch[1]).square().mean()

    def judge(self, network, batches):
        epoch = self.epochs_asked[-1]
        return {"score": self.scores[min(epoch, len(self.scores) - 1)]}
