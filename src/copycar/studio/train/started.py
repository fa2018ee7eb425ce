"""From what was asked for to a training that runs by itself: here, or elsewhere. Knows nothing of pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.learning.augment.settings import Augmentation
from copycar.learning.settings import TrainSettings
from copycar.learning.training_process import launch
from copycar.studio.train.jobs import submit_job, targets
from copycar.studio.workplace import Workplace
from copycar.tubs.jpeg import encode_jpeg

RUNS = "runs"
THIS_MACHINE = "this machine"
PREVIEW_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for.

    Attributes:
        tubs: names in the workplace.
        settings: of `TrainSettings`.
        name: of the run; "" for date, time and network.
        on: where: `THIS_MACHINE` or the name of a target.
        bucket: where a job elsewhere gets its data from.
    """

    tubs: tuple[str, ...]
    settings: Mapping[str, Any]
    name: str = ""
    on: str = THIS_MACHINE
    bucket: str = ""


def start(workplace: Workplace, wish: Wish) -> str:
    """Start a training and return its name; elsewhere, the name is the job's own.

    Raises:
        CopycarError: no tub, settings that do not fit, a name that is taken or leads out of the folder.
    """
    if not wish.tubs:
        raise CopycarError("no tub is chosen", fix="choose what to learn from")
    tubs = [workplace.path(tub) for tub in wish.tubs]
    settings = build(TrainSettings, wish.settings, "the form")
    if wish.on != THIS_MACHINE:
        return submit_job(workplace, tubs, wish.settings, wish.on, wish.bucket)
    name = wish.name or f"{datetime.now():%Y%m%d-%H%M%S}-{settings.type}"
    folder = workplace.path(f"{RUNS}/{name}")
    if folder.parent != workplace.path(RUNS):
        raise CopycarError(f"{name!r} is no name for a run", fix="use letters, digits and dashes")
    launch(folder, tubs, wish.settings)
    return name


def places() -> list[str]:
    """Return where a training can run."""
    return [THIS_MACHINE, *targets()]


def network_names() -> list[str]:
    """Return the names of all networks; takes as long as torch takes to load."""
    from copycar.learning.policies.network import NETWORKS  # noqa: PLC0415 - torch: only who trains waits for it

    return NETWORKS.names()


def preview_jpeg(tub: Path, settings: Augmentation) -> bytes:
    """Return a picture of frames of `tub` under every variation.

    Raises:
        CopycarError: as `live_preview`.
    """
    from copycar.learning.augment.live_preview import live_preview  # noqa: PLC0415 - torch, as above

    return encode_jpeg(live_preview(tub, settings), PREVIEW_QUALITY)
