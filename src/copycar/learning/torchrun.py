"""Whether torchrun has started this process, and as which of how many. Needs no torch."""

import os

STARTED = "TORCHELASTIC_RUN_ID"


def torchrun_place() -> tuple[int, int] | None:
    """Return (rank, processes) under torchrun, else None."""
    if STARTED not in os.environ:
        return None
    return int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
