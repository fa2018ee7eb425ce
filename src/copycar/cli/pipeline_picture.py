"""What `copycar train --show-pipeline` writes: one picture of what the network will see. Trains nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from copycar.cli.output import counting, log, tell
from copycar.core.errors import CopycarError
from copycar.tubs.formats.png import encode_png

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.learning.dataset import DrivingData
    from copycar.learning.pipeline import Pipeline
    from copycar.learning.settings import TrainSettings
    from copycar.learning.training import Training

N_FRAMES = 10
USUAL_FILE = Path("pipeline.png")


def write_pipeline_picture(training: "Training", out: Path) -> None:
    """Write frames spread over the recording, raw and after every step, those of the network's own included.

    Raises:
        CopycarError: no usable frames, a pipeline that does not suit them, no name of a PNG, or the package that writes
            PNG is missing.
    """
    from copycar.learning.pipeline_page import draw_stages, stages  # noqa: PLC0415 - torch

    if out.suffix.lower() != ".png":
        raise CopycarError(f"{out} is no name of a picture", fix="name the tubs first: TUB --show-pipeline FILE.png")
    with counting("reading") as on_progress:
        data = training.load(on_progress)
    n_frames = len(data.images)
    rows = np.linspace(0, n_frames - 1, min(N_FRAMES, n_frames)).round().astype(np.int64)
    shown = stages(data.images[rows], _pipeline(training.settings, data))
    out.write_bytes(encode_png(draw_stages(shown)))
    tell(log, f"{out} shows {len(rows)} frames after each of {len(shown) - 1} steps; nothing was trained")


def _pipeline(settings: "TrainSettings", data: "DrivingData") -> "Pipeline":
    """Return the pipeline of the network that the settings choose."""
    from copycar.learning.pipeline import user_steps  # noqa: PLC0415 - torch
    from copycar.learning.policies.network import NETWORKS, Given, network_options  # noqa: PLC0415 - torch

    kind = NETWORKS.get(settings.type)
    given = Given(data.image_size, user_steps(settings), data.reads)
    return kind(given, **network_options(kind, settings.network, settings.type)).pipeline
