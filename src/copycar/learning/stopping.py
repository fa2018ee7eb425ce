"""What is left where a training stops early. Knows nothing of how it is done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from torch import nn

from copycar.core.errors import CopycarError
from copycar.learning.listener import Listener
from copycar.learning.run import Run
from copycar.learning.weights import load_state


@contextmanager
def stopped_well(
    run: Run, network: nn.Module, export: Callable[[], object], listeners: Sequence[Listener]
) -> Iterator[None]:
    """Keep in the run's folder that its training did not end well; export the best weights so far where that helps."""
    try:
        yield
    except BaseException as stop:
        state = "interrupted" if isinstance(stop, KeyboardInterrupt) else "failed"
        with suppress(OSError, CopycarError):  # a full disk may be why we are here; the first error says more
            run.update(state=state)
            for listener in listeners:
                listener.on_stop(state)
            if isinstance(stop, KeyboardInterrupt | CopycarError) and run.best.exists():
                network.load_state_dict(load_state(run.best))
                export()
        raise
