"""The page of one training: its settings, data and curves, its error beside the baselines, frames with predictions."""

from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.offline import predict
from copycar.evaluation.report.examples import Example
from copycar.evaluation.report.write import write_report
from copycar.learning.dataset import DrivingData
from copycar.learning.run import Run

N_EXAMPLES = 12
PAGE = "report.html"


def write_training_report(run: Run, data: DrivingData) -> Path:
    """Write `report.html` of a finished run and keep in `run.json` how long its policy thinks; return the page's path.

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
    said = predict(policy, data.images, rows)
    run.update(latency_ms=policy.latency_ms())
    examples = [
        Example(image, Action(*map(float, data.labels[row])), Action(*map(float, action)))
        for image, row, action in zip(data.images[rows], rows, said, strict=True)
    ]
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
