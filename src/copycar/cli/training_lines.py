"""What people see while a policy learns: a bar with the time left, a line per epoch. Loads torch."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.progress import Progress, TaskID

from copycar.cli.output import log, tell
from copycar.learning.driving_task import ACCURACY
from copycar.learning.listener import Listener
from copycar.learning.progress import Epoch
from copycar.learning.run import Run

MOST_NAMES = 4


class TrainingLines(Listener):
    """Tells how a training goes, on stderr.

    Args:
        bars: where the bar is drawn.
        n_epochs: most epochs that it takes.
    """

    def __init__(self, bars: Progress, n_epochs: int) -> None:
        self._bars, self._n_epochs = bars, n_epochs
        self._bar: TaskID | None = None
        self._last = ""
        self._run: Run | None = None

    def on_start(self, run: Run, description: Mapping[str, Any]) -> None:
        """Say what was found out about the network, and which layers were taken over, begin anew and are held fast."""
        self._run = run
        for remark in description["remarks"]:
            tell(log, f"note: {remark}", "yellow")
        for what, key in (("taken over", "taken"), ("begins anew", "left"), ("held fast", "frozen")):
            if names := description.get(key):
                tell(log, f"{what}: {_listing(names)}")

    def on_step(self, epoch: int, done: int, total: int) -> None:
        """Move the bar, which runs over the whole training: what is left of it is the time left."""
        said, frames = f"epoch {epoch}/{self._n_epochs}{self._last}", (epoch - 1) * total + done
        if self._bar is None:
            self._bar = self._bars.add_task(said, total=self._n_epochs * total, completed=frames)
        self._bars.update(self._bar, description=said, completed=frames)

    def on_epoch(self, epoch: Epoch) -> None:
        """Print the epoch's line and keep its gist beside the bar."""
        error, baseline = epoch.figures["steering_mae"], epoch.figures["steering_baseline_mean_mae"]
        self._last = f"  error {error:.3f}, mean guess {baseline:.3f}, {epoch.images_per_s:.0f} frames/s"
        tell(log, epoch_line(epoch))

    def on_stop(self, state: str) -> None:
        """Say why it does not end at once; before the first epoch there is no policy to write."""
        if self._run and self._run.best.exists():
            tell(log, f"{state}: writing the best policy so far …")


def epoch_line(epoch: Epoch) -> str:
    """Return an epoch in one line: its loss, and its error beside what guessing the mean would reach."""
    figures = epoch.figures
    return (
        f"epoch {epoch.number:3d}  loss {epoch.loss:7.4f}  steering error {figures['steering_mae']:.4f} "
        f"(mean guess {figures['steering_baseline_mean_mae']:.4f}){_right(figures)}  {epoch.images_per_s:6.0f} frames/s"
        f"{'  best' if epoch.is_best else ''}"
    )


def _right(figures: Mapping[str, float]) -> str:
    """Return how many of the named things that a network is asked were right, such as its commands."""
    shares = {key.removesuffix(ACCURACY): figures[key] for key in figures if key.endswith(ACCURACY)}
    return "".join(f"  {name} {share:.0%} right" for name, share in shares.items())


def _listing(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
