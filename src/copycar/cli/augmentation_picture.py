"""What `copycar train --show-augmentation` writes: one picture of how frames would be varied. Trains nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from copycar.cli.output import counting, log, tell
from copycar.tubs.formats.png import encode_png

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.learning.training import Training

N_FRAMES = 5


def write_augmentation_picture(training: "Training", out: Path) -> None:
    """Write frames spread over the recording, each under every variation that the training would use.

    Raises:
        CopycarError: no usable frames, or the package that writes PNG is missing.
    """
    from copycar.learning.augment.preview import columns  # noqa: PLC0415 - torch
    from copycar.learning.augment.preview_page import draw_page  # noqa: PLC0415 - torch

    with counting("reading") as on_progress:
        data = training.load(on_progress)
    rows = np.linspace(0, len(data.labels) - 1, min(N_FRAMES + 2, len(data.labels))).round().astype(np.int64)
    rows = rows[1:-1] if len(rows) > 2 else rows  # a drive begins and ends standing
    settings, (height, width) = training.settings, data.image_size
    shown = columns(data.images[rows], data.labels[rows, 0], settings.augment, data.vehicle, settings.seed)
    camera = data.vehicle.camera(width, height) if data.vehicle else None
    out.write_bytes(encode_png(draw_page(shown, camera)))
    tell(log, f"{out} shows {len(rows)} frames under {len(shown) - 1} variations; nothing was trained")
