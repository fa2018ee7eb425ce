"""From what somebody typed to a job. Sends nothing, starts nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from copycar.core.errors import CopycarError
from copycar.remote.inputs import DATA, Travelling, named_inputs, planned_inputs, travelling
from copycar.remote.job import JobSpec, new_name
from copycar.remote.place import as_url
from copycar.remote.target import TARGETS, target_options

USUAL_BUCKET = "remote"
"""A folder here, for jobs on this machine."""
NOT_ELSEWHERE = {"remote", "studio", "serve"}


def planned(
    command: Sequence[str],
    *,
    on: str,
    bucket: str | None,
    data: Sequence[str] = (),
    gpus: int = 0,
    workers: int = 1,
    options: Mapping[str, Any] | None = None,
) -> tuple[JobSpec, Travelling]:
    """Return the job, and what of this machine has to be sent before it can run.

    Raises:
        CopycarError: nothing to run, a verb that is of no use elsewhere, no bucket, an unknown target or option.
    """
    if not command:
        raise CopycarError("no command to run", fix="copycar remote submit train data --on local")
    if command[0] in NOT_ELSEWHERE:
        raise CopycarError(f"copycar {command[0]} cannot run elsewhere", fix="submit train, evaluate, explain, sweep …")
    TARGETS.get(on)
    url = as_url(_bucket(on, bucket))
    chosen = target_options(on, options or {})
    name = new_name(command[0])
    sent = travelling(_with_run(command, name), brought=[DATA] if data else [])
    inputs = (*planned_inputs(sent, url, name), *named_inputs(data))
    created = datetime.now(UTC).isoformat(timespec="milliseconds")
    spec = JobSpec(name, sent.command, on, url, inputs, gpus, workers, chosen, created)
    return _with_workers(spec), sent


def _bucket(on: str, bucket: str | None) -> str:
    if bucket is None and on != "local":
        raise CopycarError(
            f"a job on {on} needs a bucket", "data and results move through it", "name it: --out s3://BUCKET"
        )
    return bucket or USUAL_BUCKET


def _with_run(command: Sequence[str], name: str) -> tuple[str, ...]:
    """Return a training with its run's folder named, so that it is found again and can be gone on with."""
    if command[0] != "train" or "--out" in command:
        return tuple(command)
    return (*command, "--out", f"runs/{name}")


def _with_workers(spec: JobSpec) -> JobSpec:
    """Let a training on one machine start its workers itself; on a cluster the target does."""
    if spec.workers == 1 or spec.on == "ray":
        return spec
    if spec.command[0] != "train":
        raise CopycarError("only train shares its work among workers", fix="leave --workers out")
    return replace(spec, command=(*spec.command, "--workers", str(spec.workers)))
