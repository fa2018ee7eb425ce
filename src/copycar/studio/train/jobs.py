"""Trainings elsewhere: submitted from the same form, and how they stand. Knows nothing of pages and of targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copycar.core.errors import CopycarError, require
from copycar.core.toml import as_toml
from copycar.remote import watch
from copycar.remote.inputs import send_inputs
from copycar.remote.notes import find_job, known_jobs, note
from copycar.remote.prepare import planned
from copycar.remote.pull import pull
from copycar.remote.target import TARGETS
from copycar.studio.workplace import Workplace

USUAL_BUCKET = "remote"
"""A folder in the workplace, for jobs on this machine; as `copycar remote submit` has it."""

MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as the page lists it.

    Attributes:
        name: of the job, and of the run that it makes.
        on: the target.
        created: ISO 8601.
    """

    name: str
    on: str
    created: str


def targets() -> list[str]:
    """Return the names of all targets; none where the extra [remote] is not installed."""
    try:
        require("obstore", "remote")
    except CopycarError:
        return []

    return TARGETS.names()


def submit_job(workplace: Workplace, tubs: Sequence[Path], settings: Mapping[str, Any], on: str, bucket: str) -> str:
    """Send what a training needs to a bucket, start it elsewhere and return the job's name.

    Args:
        workplace: where a bucket lies that is a folder.
        tubs: recordings of this machine; they are sent along.
        settings: of `TrainSettings`.
        on: name of a target.
        bucket: its URL, or a folder of the workplace; "" for the usual one, which only jobs on this machine have.

    Raises:
        CopycarError: as `copycar remote submit`.
    """
    with TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.toml"
        asked.write_text(as_toml("train", settings), "utf-8")
        command = ["train", *map(str, tubs), "--config", str(asked)]
        spec, sent = planned(command, on=on, bucket=_bucket(workplace, on, bucket))
        send_inputs(sent, spec.bucket, spec.name)
    note(spec)
    watch.submit(spec)
    return spec.name


def latest_jobs() -> list[JobRow]:
    """Return the trainings that this machine has submitted, the latest first; asks nobody."""
    if not targets():
        return []

    trainings = [job for job in known_jobs() if job.command[:1] == ("train",)]
    return [JobRow(job.name, job.on, job.created) for job in reversed(trainings[-MOST_SHOWN:])]


def stands(name: str) -> str:
    """Return how a job stands, in words; asks its target.

    Raises:
        CopycarError: it cannot be reached.
    """
    found = watch.status(find_job(name))
    return f"{found.state}: {found.message}" if found.message else found.state


def stop_job(name: str) -> str:
    """Ask a job to end; it saves what is finished.

    Raises:
        CopycarError: it is over already, or cannot be reached.
    """
    watch.stop(find_job(name))
    return "asked to end"


def fetch_run(workplace: Workplace, name: str) -> str:
    """Bring a job's run here, as far as it is, and return where it lies.

    Raises:
        CopycarError: there is none yet, or its bucket cannot be reached.
    """
    to = workplace.path(f"runs/{name}")
    pull(f"{find_job(name).bucket}/runs/{name}", to)
    return f"it lies in {workplace.name(to)}"


def _bucket(workplace: Workplace, on: str, bucket: str) -> str | None:
    """Return the bucket's URL; a folder of this machine must lie in the workplace."""
    place = bucket.removeprefix("file://")
    if not place:
        return str(workplace.path(USUAL_BUCKET)) if on == "local" else None
    return place if "://" in place else str(workplace.path(place))
