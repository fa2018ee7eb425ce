"""What the numbers of somebody's own network mean: an action, a steering, or one of several commands.

Knows numbers. Knows nothing of pictures or of the network that gives them.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from copycar.core.errors import CopycarError
from copycar.learning.policies.commands import LABEL
from copycar.learning.policies.network import Labels
from copycar.tubs.formats.autcar_commands import action_of

LEAST_PROBABILITY = 1e-7
"""Of which a logarithm is taken; Keras' epsilon."""

MOST_NAMED = 5


class Answers(nn.Module):
    """How the numbers (B, n) are learned, and what they make the car do."""

    words = ""

    def loss(self, numbers: Tensor, labels: Labels) -> Tensor:
        """Return the scalar loss."""
        raise NotImplementedError

    def action(self, numbers: Tensor) -> Tensor:
        """Return (B, 2) steering and throttle in [-1, 1]."""
        raise NotImplementedError

    def more(self, numbers: Tensor) -> dict[str, Tensor]:
        """Return further answers by name."""
        del numbers
        return {}


class ActionAnswers(Answers):
    """Two numbers: steering and throttle, mean squared error."""

    words = "its 2 answers are steering and throttle"

    def loss(self, numbers: Tensor, labels: Labels) -> Tensor:
        """Return the mean squared error."""
        return functional.mse_loss(numbers, labels["action"])

    def action(self, numbers: Tensor) -> Tensor:
        """Return the numbers, clipped."""
        return numbers.clamp(-1.0, 1.0)


class SteeringAnswers(Answers):
    """One number: steering. The throttle is always the mean of the frames that were learned from."""

    words = "its answer is the steering; the throttle is always the mean of the training frames"

    def __init__(self) -> None:
        super().__init__()
        self.throttle = Means(1, 1)

    def loss(self, numbers: Tensor, labels: Labels) -> Tensor:
        """Return the mean squared error of the steering."""
        action = labels["action"]
        if self.training:
            self.throttle.add(action[:, 1:], torch.zeros_like(action[:, 0], dtype=torch.int64))
        return functional.mse_loss(numbers, action[:, :1])

    def action(self, numbers: Tensor) -> Tensor:
        """Return the steering, clipped, beside the constant."""
        return torch.cat([numbers.clamp(-1.0, 1.0), self.throttle().expand(len(numbers), 1)], dim=1)


class CommandAnswers(Answers):
    """One number per command, as probabilities or as scores (logits); cross-entropy.

    The action is what the likeliest command means: AutCar's names mean what AutCar does, any other command the mean
    action of the training frames that have it.

    Args:
        names: the commands in the order of the numbers.
        are_probabilities: whether the network has applied softmax already.
    """

    def __init__(self, names: Sequence[str], are_probabilities: bool) -> None:
        super().__init__()
        kind = "probabilities (softmax is in the network)" if are_probabilities else "scores (logits)"
        self.words = f"its {len(names)} answers are {kind} of the commands {_few(names)}"
        self._are_probabilities = are_probabilities
        known = [action_of(name) for name in names]
        self.register_buffer("is_known", torch.tensor([[action is not None] for action in known]))
        self.register_buffer("known", torch.tensor([action or (0.0, 0.0) for action in known]))
        self.driven = Means(len(names), 2)

    def loss(self, numbers: Tensor, labels: Labels) -> Tensor:
        """Return the cross-entropy."""
        if self.training:
            self.driven.add(labels["action"], labels[LABEL])
        if self._are_probabilities:
            return functional.nll_loss(numbers.clamp(min=LEAST_PROBABILITY).log(), labels[LABEL])
        return functional.cross_entropy(numbers, labels[LABEL])

    def action(self, numbers: Tensor) -> Tensor:
        """Return (B, 2) of the likeliest command; not a number where the numbers are none."""
        assert isinstance(self.is_known, Tensor) and isinstance(self.known, Tensor)
        likeliest, place = numbers.max(dim=1, keepdim=True)
        return torch.where(self.is_known, self.known, self.driven())[place[:, 0]] + 0.0 * likeliest

    def more(self, numbers: Tensor) -> dict[str, Tensor]:
        """Return the probabilities (B, n)."""
        return {LABEL: numbers if self._are_probabilities else functional.softmax(numbers, dim=1)}


class Means(nn.Module):
    """Means of rows of numbers, each of one of several kinds, over everything that was added.

    Args:
        n_kinds: how many kinds.
        width: numbers in a row.
    """

    def __init__(self, n_kinds: int, width: int) -> None:
        super().__init__()
        self.register_buffer("total", torch.zeros(n_kinds, width))
        self.register_buffer("count", torch.zeros(n_kinds, 1))

    def add(self, rows: Tensor, kinds: Tensor) -> None:
        """Take rows (B, width) of kinds int64 (B,) into account."""
        assert isinstance(self.total, Tensor) and isinstance(self.count, Tensor)
        with torch.no_grad():
            self.total.index_add_(0, kinds, rows)
            self.count.index_add_(0, kinds, torch.ones_like(rows[:, :1]))

    def forward(self) -> Tensor:
        """Return (n_kinds, width); 0 for a kind of which nothing was added."""
        assert isinstance(self.total, Tensor) and isinstance(self.count, Tensor)
        return self.total / self.count.clamp(min=1.0)


def numbers_of(outputs: Any) -> Tensor:
    """Return float32 (B, n) of what a network gives: one tensor, or several of one number each, as donkeycar's.

    Raises:
        CopycarError: it gives something else.
    """
    several = isinstance(outputs, list | tuple)
    tensors = list(outputs) if several else [outputs]
    if not tensors or not all(isinstance(tensor, Tensor) for tensor in tensors):
        raise _unknown(f"a {type(outputs).__name__}")
    shaped = [tensor.reshape(len(tensor), -1) if tensor.dim() in {1, 2, 4} else tensor for tensor in tensors]
    if any(tensor.dim() != 2 or (several and tensor.shape[1] != 1) for tensor in shaped):
        raise _unknown(f"shape {', '.join(str(tuple(tensor.shape)) for tensor in tensors)}")
    return torch.cat(shaped, dim=1).float()


def find_answers(numbers: Tensor, names: Sequence[str], are_named: bool) -> Answers:
    """Return what the numbers of a network mean.

    Args:
        numbers: (B, n) that it gave for different pictures.
        names: of the commands.
        are_named: whether somebody named them for this network.

    Raises:
        CopycarError: as many numbers mean nothing.
    """
    n_numbers = numbers.shape[1]
    sums = numbers.sum(dim=1)
    are_probabilities = bool((numbers >= 0).all() and torch.allclose(sums, torch.ones_like(sums), atol=1e-4))
    if n_numbers == len(names) and (are_named or n_numbers > 2):
        return CommandAnswers(names, are_probabilities)
    if are_named or (are_probabilities and n_numbers > 1) or n_numbers not in {1, 2}:
        raise _unknown(f"shape {tuple(numbers.shape)}", names)
    return ActionAnswers() if n_numbers == 2 else SteeringAnswers()


def _unknown(given: str, names: Sequence[str] = ()) -> CopycarError:
    n_commands = f"{len(names)} for as many commands ({_few(names)})" if names else "one for every command"
    return CopycarError(
        f"your network answers with {given}, and nobody knows what that means",
        f"for B pictures it has to give (B, 2) for steering and throttle, (B, 1) for steering, or (B, n), {n_commands}",
        "give its last layer as many outputs, or name your commands in order: --network.labels left,straight,right",
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{names[0]}, {names[1]} … {names[-1]}"
