"""Tells a training to MLflow: settings as parameters, figures as metrics, the policy file as an artifact.

Where to is MLflow's own business: `MLFLOW_TRACKING_URI`, `MLFLOW_EXPERIMENT_NAME`.
"""

from collections.abc import Mapping
from typing import Any

from copycar.core.errors import require
from copycar.learning.listener import Listener
from copycar.learning.logs.flat import epoch_numbers, flat, numbers
from copycar.learning.progress import Epoch
from copycar.learning.run import Run

RUN_ID = "mlflow_run"
"""The key of `run.json` under which a training that is resumed finds its MLflow run again."""


class MlflowLog(Listener):
    """One MLflow run per training, named after its folder.

    Raises:
        CopycarError: mlflow is not installed.
    """

    def __init__(self) -> None:
        self._mlflow = require("mlflow", "mlflow")

    def on_start(self, run: Run, description: Mapping[str, Any]) -> None:
        """Begin the run, or go on with it."""
        known = run.describe().get(RUN_ID)
        begun = self._mlflow.start_run(run_id=known, run_name=run.folder.name)
        run.update(**{RUN_ID: begun.info.run_id})
        if not known:  # MLflow refuses a parameter that changes, such as the threads
            self._mlflow.log_params(flat(description["settings"]))
        self._mlflow.set_tags(flat({name: description[name] for name in ("network", "data", "versions")}))

    def on_epoch(self, epoch: Epoch) -> None:
        """Log the epoch's figures."""
        self._mlflow.log_metrics(epoch_numbers(epoch), step=epoch.number)

    def on_stop(self, state: str) -> None:
        """End the run as what it was."""
        self._mlflow.end_run("KILLED" if state == "interrupted" else "FAILED")

    def on_end(self, result: Mapping[str, Any]) -> None:
        """Log the figures of the policy that was kept, and the policy."""
        self._mlflow.log_metrics(numbers({"offline": result["offline"]}))
        self._mlflow.log_artifact(result["policy"])
        self._mlflow.end_run()
