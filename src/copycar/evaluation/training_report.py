"""The page of one training: its settings, data and curves, its error beside the baselines, frames with predictions."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.report.examples import Example
from copycar.evaluation.report.write import write_report
from copycar.learning.augment.warps import no_warps
from copycar.learning.batches import Batches
from copycar.learning.curves import draw_curves
from copycar.learning.dataset import DrivingData
from copycar.learning.run import Run

N_EXAMPLES = 12
CURVES = "curves.png"


def write_training_report(run: Run, data: DrivingData) -> Path:
    """Write `report.html` and `curves.png` of a finished run; return the page's path.

    How long the policy takes for one frame here is kept in `run.json`.

    Args:
        run: finished, with its policy file.
        data: what it was trained on.

    Raises:
        CopycarError: the run is not finished, or its folder cannot be written.
    """
    described, policy = run.describe(), Policy.load(run.policy)
    if "result" not in described:
        raise CopycarError(f"{run.folder} is not finished", fix=f"copycar train --resume --out {run.folder}")
    rows = data.validation[np.linspace(0, len(data.validation) - 1, N_EXAMPLES).astype(int)]
    examples = [_example(policy, data, int(row)) for row in rows]
    run.update(latency_ms=policy.latency_ms())
    draw_curves(run.epochs(), run.folder / CURVES)
    return write_report(
        run.folder,
        None,
        (),
        title=f"Training {run.folder.name}",
        command=described.get("command", ""),
        offline={**described["result"]["offline"], "split": "held out"},
        training=_facts(described) | {"history": [{**line, **line["figures"]} for line in run.epochs()]},
        examples=examples,
    )


def _example(policy: Policy, data: DrivingData, row: int) -> Example:
    """Return frame `row` with what the policy says to it, coming from as many frames before it as it looks back."""
    rows = np.arange(row - data.reads.n_before, row + 1)
    inputs = Batches(data, no_warps(data.image_size)).of(torch.from_numpy(rows)).inputs
    frames = data.images[rows]
    policy.reset()
    for place, frame in enumerate(frames):
        given = {name: inputs[name][place].numpy() for name in data.reads.inputs}
        said = policy.act({"image": frame, **given})
    return Example(frames[-1], Action(*map(float, data.labels[row])), said)


def _facts(described: dict[str, Any]) -> dict[str, Any]:
    """Return what can be listed of the data and the settings, plain values only."""
    data, settings = described["data"], described["settings"]
    return {
        "tubs": ", ".join(described["tubs"]),
        "frames": data["frames"],
        "held out": f"{data['validation']}: {data['split']}",
        "parameters": described["parameters"],
        "machine": ", ".join(map(str, described["machine"].values())),
        **{name.replace("_", " "): str(value) for name, value in settings.items() if value not in (None, "")},
    }
