"""Changes some samples of a batch and leaves the others alone. Knows no variation."""

from collections.abc import Callable

from torch import Tensor


def change_some(batch: Tensor, rows: Tensor, change: Callable[[Tensor], Tensor]) -> None:
    """Put `change(batch[rows])` back into `batch`, in place.

    Args:
        batch: (B, …).
        rows: int64 (n,) which samples, each once, on any device; none leaves everything as it is.
        change: takes and returns (n, …).
    """
    if len(rows) == len(batch):  # all of them, in their order: nothing to gather
        batch.copy_(change(batch))
    elif len(rows):
        rows = rows.to(batch.device)
        batch.index_copy_(0, rows, change(batch.index_select(0, rows)))
