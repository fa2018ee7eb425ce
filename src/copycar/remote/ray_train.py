"""A training shared by workers of a Ray cluster: Ray Train starts them, lets them meet, and starts them again.

Every worker's machine brings the recordings from object storage itself. After a worker has died, all begin again from
the last checkpoint that was saved there. Runs on the cluster; nothing of it is needed where jobs are submitted.
"""

import os
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from copycar.core.errors import EXIT_DONE, EXIT_GATE_FAILED, EXIT_USER, require
from copycar.learning.parallel import leave
from copycar.learning.torchrun import STARTED
from copycar.remote import work
from copycar.remote.bring import bring
from copycar.remote.job import JobSpec, read_result, write_result
from copycar.remote.outputs import Keeper, send_progress
from copycar.remote.place import Place

FINAL = (EXIT_DONE, EXIT_USER)
"""Exit codes of a command that another try would not change."""


def train_together(spec: JobSpec) -> int:
    """Run a training's command with its workers; return its exit code.

    Raises:
        CopycarError: Ray Train is not installed there; or as `Place.put`.
    """
    train: Any = require("ray.train", "ray")
    torch: Any = require("ray.train.torch", "ray")
    trainer = torch.TorchTrainer(
        worker,
        train_loop_config={"url": spec.url},
        torch_config=torch.TorchConfig(backend="gloo"),
        scaling_config=train.ScalingConfig(
            num_workers=spec.workers,
            use_gpu=spec.gpus > 0,
            resources_per_worker={"CPU": spec.options["cpus"], **({"GPU": spec.gpus} if spec.gpus else {})},
        ),
        run_config=train.RunConfig(
            name=spec.name,
            storage_path=str(work.work_folder(spec) / ".ray"),
            failure_config=train.FailureConfig(max_failures=spec.options["retries"]),
        ),
    )
    try:
        trainer.fit()
    except train.TrainingFailedError as error:
        why = str(error).strip().splitlines()[-1]
        write_result(spec, EXIT_GATE_FAILED, [], f"the training failed: {why}", "failed")
    result = read_result(spec)
    return int(result["exit_code"]) if result else EXIT_GATE_FAILED


def worker(config: dict[str, Any]) -> None:
    """Be one of the workers: the first one leads the training, the others help it.

    Raises:
        RuntimeError: the command failed, and not by what its user asked for; Ray then starts all workers again.
    """
    train: Any = require("ray.train", "ray")
    collective: Any = require("ray.train.collective", "ray")
    spec = JobSpec.from_json(Place(config["url"]).get("job.json"), config["url"])
    context, folder = train.get_context(), work.work_folder(spec)
    if context.get_local_rank() == 0:
        bring(spec, folder)
    collective.barrier()
    os.chdir(folder)
    os.environ[STARTED] = spec.name  # RANK and WORLD_SIZE are set already
    is_first = context.get_world_rank() == 0
    command = work.resumed(spec, folder) if is_first else spec.command
    try:
        with _saving(spec, folder) if is_first else nullcontext():
            # imported by name: the command line is a room above this one
            exit_code = import_module("copycar.cli.main").run(command)
    finally:
        leave()
    if exit_code not in FINAL:
        raise RuntimeError(f"copycar {' '.join(command)} ended with exit code {exit_code}")
    if is_first:
        work.finish(spec, folder, exit_code)


def _saving(spec: JobSpec, folder: Path) -> AbstractContextManager[object]:
    return Keeper(lambda: send_progress(spec, folder), work.say)
