"""Experiment logs beside `metrics.jsonl`, one file each: listeners that write what a training tells. All optional."""

from collections.abc import Callable

from copycar.core.registry import Registry
from copycar.learning.listener import Listener

LOGS: Registry[Callable[[], Listener]] = Registry(
    "experiment log",
    "copycar.logs",
    {
        "mlflow": "copycar.learning.logs.mlflow:MlflowLog",
        "tensorboard": "copycar.learning.logs.tensorboard:TensorboardLog",
        "wandb": "copycar.learning.logs.wandb:WandbLog",
    },
)
"""Each makes a listener, or raises the error that says what to install."""
