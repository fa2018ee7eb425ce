"""What a job would cost: bytes to send, and hours by the rate of this machine. Starts nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copycar.learning.run import find_runs
from copycar.learning.settings import TrainSettings
from copycar.remote.dataset import live_frames
from copycar.remote.inputs import Travelling, dataset_frames
from copycar.tubs.tub import Tub

USUAL_SIZE = (120, 160)
"""(height, width) px of most small cars' cameras, where no recording is at hand to ask."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known before anything is paid.

    Attributes:
        bytes_total: what has to be in the bucket; less is sent where some of it is there.
        frames: that are learned from in every epoch; None for what is no training.
        epochs: at most.
        images_per_s: of this machine.
        rate_from: how that is known.
        training_s: seconds that this machine would take.
        price: of so many hours, in the currency that the price of an hour was given in.
    """

    bytes_total: int
    frames: int | None = None
    epochs: int | None = None
    images_per_s: float | None = None
    rate_from: str = ""
    training_s: float | None = None
    price: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the estimate as `--dry-run --json` prints it."""
        return {name: getattr(self, name) for name in self.__slots__}


def estimate(
    sent: Travelling, data: Sequence[str], settings: TrainSettings | None, price_per_hour: float | None = None
) -> Estimate:
    """Return what a job would cost.

    Args:
        sent: what of this machine has to be sent.
        data: URLs of what is in a bucket already.
        settings: of the training; None where the command is another one.
        price_per_hour: of the machine that is thought of.

    Raises:
        CopycarError: as `read_index`, or an unknown network.
    """
    if settings is None:
        return Estimate(sent.n_bytes)
    n_frames = sum(live_frames(tub) for tub in sent.tubs.values()) + dataset_frames(data)
    epochs, n_train = settings.expected(n_frames)
    rate, source = _rate(settings, list(sent.tubs.values()))
    seconds = epochs * n_train / rate
    price = price_per_hour * seconds / 3600 if price_per_hour is not None else None
    return Estimate(sent.n_bytes, n_train, epochs, rate, source, seconds, price)


def _rate(settings: TrainSettings, tubs: Sequence[Path]) -> tuple[float, str]:
    """Return frames per second: of the latest training of such a network here, else measured now."""
    from copycar.learning.rate import training_rate  # noqa: PLC0415 - torch

    for run in reversed(find_runs(Path("runs"))):
        described = run.describe()
        rate = (described.get("result") or {}).get("images_per_s")
        if described.get("network") == settings.type and rate:
            return float(rate), f"your run {run.folder}"
    size = Tub.open(tubs[0]).image_size if tubs else USUAL_SIZE
    return training_rate(settings, size), f"measured just now on frames of {size[1]}x{size[0]}"
