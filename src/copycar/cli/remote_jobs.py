"""`copycar remote submit`, `status`, `logs`, `stop`, `wait`, `list`: jobs on this machine, a cluster, a cloud."""

import shlex
from typing import Annotated, Any

from cyclopts import Parameter
from rich.table import Table

from copycar.cli.numbers import Count, Natural, Positive
from copycar.cli.output import log, print_json, show, tell
from copycar.cli.remote_data import byte_bar, size_in_words
from copycar.core.errors import EXIT_GATE_FAILED, EXIT_INTERRUPTED
from copycar.learning.settings import TrainSettings
from copycar.remote import watch
from copycar.remote.estimate import Estimate, estimate
from copycar.remote.inputs import send_inputs
from copycar.remote.job import JobSpec, Status
from copycar.remote.notes import find_job, known_jobs, note
from copycar.remote.prepare import planned
from copycar.remote.pull import listing
from copycar.remote.target import TARGETS

Bucket = Annotated[str | None, Parameter(alias="-o")]


def submit(
    *command: str,
    on: str,
    out: Bucket = None,
    data: tuple[str, ...] = (),
    gpus: Natural = 0,
    workers: Count = 1,
    target: Annotated[dict[str, str] | None, Parameter(name="--target")] = None,
    price: Positive | None = None,
    dry_run: bool = False,
    json: bool = False,
) -> None:
    """Run a copycar command elsewhere. Recordings and files of this machine that it names are sent along.

    The job's options may stand before or after the command; write -- between them where both know an option.

    Args:
        command: any verb with its arguments, such as: train data --epochs 20.
        on: where it runs: local (a clean folder here), ray or vertex.
        out: URL of the bucket that data and results move through, such as s3://rides; for local jobs default: remote.
        data: URL of something in a bucket that the job works on; a dataset lies in the folder `data` there.
        gpus: for every worker.
        workers: processes that share every batch of a training.
        target: options of the target, such as --target.region europe-west4; docs/remote.md lists them.
        price: of an hour of the machine, for the estimate.
        dry_run: send nothing; print exactly what would be sent, its size, and how long it would take on this machine.
        json: print one JSON object.
    """
    settings = _understood(command)
    spec, sent = planned(command, on=on, bucket=out, data=data, gpus=gpus, workers=workers, options=target or {})
    if dry_run:
        _show_plan(spec, estimate(sent, data, settings, price), json)
        return
    with byte_bar("sending") as on_bytes:
        _, n_sent = send_inputs(sent, spec.bucket, spec.name, on_bytes)
    note(spec)
    watch.submit(spec)
    if json:
        print_json({"job": spec.name, "url": spec.url, "bytes_sent": n_sent})
        return
    tell(log, f"{size_in_words(n_sent)} sent")
    tell(show, spec.name)
    tell(log, f"watch it: copycar remote logs {spec.name} --follow   stop it: copycar remote stop {spec.name}")


def status(job: str | None = None, *, out: Bucket = None, json: bool = False) -> None:
    """Say how a job stands.

    Args:
        job: its name, or the beginning of it; default: the latest.
        out: URL of its bucket, for a job that was submitted elsewhere.
        json: print one JSON object.
    """
    spec = find_job(job, out)
    _tell_status(spec, watch.status(spec), json)


def logs(job: str | None = None, *, follow: bool = False, out: Bucket = None) -> None:
    """Print what a job has printed.

    Args:
        job: its name, or the beginning of it; default: the latest.
        follow: go on until it is over; Ctrl-C ends this, and not the job.
        out: URL of its bucket, for a job that was submitted elsewhere.
    """
    spec = find_job(job, out)
    if not follow:
        _print(watch.logs(spec))
        return
    try:
        for piece in watch.follow(spec):
            _print(piece)
    except KeyboardInterrupt:
        tell(log, f"\nThe job goes on. Stop it: copycar remote stop {spec.name}")
        raise


def stop(job: str | None = None, *, out: Bucket = None, json: bool = False) -> None:
    """Ask a job to end; what is finished is saved.

    Args:
        job: its name, or the beginning of it; default: the latest.
        out: URL of its bucket, for a job that was submitted elsewhere.
        json: print one JSON object.
    """
    spec = find_job(job, out)
    watch.stop(spec)
    if json:
        print_json({"job": spec.name, "state": "stopping"})
    else:
        tell(show, f"{spec.name} is asked to stop; it saves what it has first")


def wait(job: str | None = None, *, out: Bucket = None, json: bool = False) -> int:
    """Wait until a job is over; the exit code is that of its command.

    Args:
        job: its name, or the beginning of it; default: the latest.
        out: URL of its bucket, for a job that was submitted elsewhere.
        json: print one JSON object.
    """
    spec = find_job(job, out)
    try:
        found = watch.wait(spec)
    except KeyboardInterrupt:
        tell(log, f"The job goes on. Stop it: copycar remote stop {spec.name}")
        raise
    _tell_status(spec, found, json)
    return exit_code_of(found)


def list_jobs(bucket: str | None = None, *, json: bool = False) -> None:
    """List the jobs, and what lies in a bucket.

    Args:
        bucket: its URL; default: only the jobs that were submitted from here.
        json: print one JSON object.
    """
    jobs = [(spec, watch.status(spec)) for spec in known_jobs(bucket)]
    things = listing(bucket) if bucket else {}
    if json:
        print_json({"jobs": [_as_json(spec, found) for spec, found in jobs], **things})
        return
    table = Table("job", "state", "on", "command")
    for spec, found in jobs:
        table.add_row(spec.name, found.state, spec.on, shlex.join(spec.command))
    show.print(table)
    for kind, names in things.items():
        tell(show, f"{kind}: {', '.join(names) or 'none'}")


def exit_code_of(found: Status) -> int:
    """Return the exit code of a job's command; where it could not be noted, one that is not 0."""
    if found.state == "done":
        return found.exit_code or 0
    return found.exit_code or (EXIT_INTERRUPTED if found.state == "stopped" else EXIT_GATE_FAILED)


def _understood(command: tuple[str, ...]) -> TrainSettings | None:
    """Refuse a command that would fail at once where it is dearer; return the settings of a training.

    Raises:
        CycloptsError: it is mistyped.
    """
    if not command or command[0] == "remote":
        return None
    from copycar.cli.main import app  # noqa: PLC0415 - it names this verb

    _, given, _ = app.parse_args(command, exit_on_error=False, print_error=False)
    if command[0] != "train":
        return None
    settings = given.arguments.get("settings", TrainSettings())
    assert isinstance(settings, TrainSettings)
    return settings


def _show_plan(spec: JobSpec, cost: Estimate, json: bool) -> None:
    request = TARGETS.get(spec.on)().request(spec)
    plan = {"job": spec.as_json(), "request": request, "estimate": cost.as_json()}
    if json:
        print_json(plan)
        return
    show.print_json(data={"job": spec.as_json(), "request": request})
    tell(show, f"in the bucket: {size_in_words(cost.bytes_total)} (what is there already is not sent again)")
    if cost.training_s is not None:
        tell(show, f"training: {cost.epochs} epochs of {cost.frames} frames, {cost.images_per_s:.0f} frames/s here")
        tell(
            show, f"          ({cost.rate_from}): about {_duration(cost.training_s)} on this machine, without start-up"
        )
    if cost.price is not None:
        tell(show, f"price of so long: {cost.price:.2f}")


def _tell_status(spec: JobSpec, found: Status, json: bool) -> None:
    if json:
        print_json(_as_json(spec, found))
        return
    tell(show, f"{spec.name}: {found.state}{f' ({found.message})' if found.message else ''}")


def _as_json(spec: JobSpec, found: Status) -> dict[str, Any]:
    return {
        "job": spec.name,
        "state": found.state,
        "exit_code": found.exit_code,
        "message": found.message,
        "on": spec.on,
        "command": list(spec.command),
        "bucket": spec.bucket,
    }


def _print(text: str) -> None:
    show.out(text, end="", highlight=False)


def _duration(seconds: float) -> str:
    minutes = seconds / 60
    return f"{seconds:.0f} s" if minutes < 2 else f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"
