"""One job: the command that runs elsewhere, and everything it needs. Knows nothing of where it runs.

```
BUCKET/jobs/NAME/job.json       the job, written before anything is started
BUCKET/jobs/NAME/inputs/…       files of this machine that it works on (a parcel)
BUCKET/jobs/NAME/log.txt        what it printed
BUCKET/jobs/NAME/result.json    how it ended
```
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from copycar import __version__
from copycar.core.errors import CopycarError
from copycar.remote.bucket import JOBS
from copycar.remote.place import Place

JOB, LOG, RESULT, INPUTS = "job.json", "log.txt", "result.json", "inputs"

State = Literal["queued", "running", "done", "failed", "stopped"]
OVER: tuple[State, ...] = ("done", "failed", "stopped")
"""States that do not change any more."""


@dataclass(frozen=True, slots=True)
class Input:
    """Something that is brought to the job's folder before the command runs.

    Attributes:
        url: of a dataset, run, model or parcel of files.
        to: where it lies in the job's folder.
    """

    url: str
    to: str


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job. Nothing of it is secret: whoever runs it has credentials of their own.

    Attributes:
        name: its own, in every place that knows of it.
        command: a verb of copycar and its arguments, as in the job's folder.
        on: the name of the target.
        bucket: URL where its data come from and its results go to.
        inputs: what it works on.
        gpus: for every worker.
        workers: processes that share every batch.
        options: of the target.
        created: ISO 8601 UTC.
        version: of copycar.
    """

    name: str
    command: tuple[str, ...]
    on: str
    bucket: str
    inputs: tuple[Input, ...] = ()
    gpus: int = 0
    workers: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)
    created: str = ""
    version: str = __version__

    @property
    def url(self) -> str:
        """Where the job lies."""
        return f"{self.bucket}/{JOBS}/{self.name}"

    @property
    def place(self) -> Place:
        """Where the job lies."""
        return Place(self.url)

    def as_json(self) -> dict[str, Any]:
        """Return everything, for `job.json` and `--dry-run`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: bytes | str, source: str) -> "JobSpec":
        """Read `job.json`.

        Raises:
            CopycarError: it is damaged.
        """
        try:
            values = json.loads(data)
            known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
            inputs = tuple(Input(**each) for each in known.pop("inputs"))
            return cls(**{**known, "command": tuple(known["command"]), "inputs": inputs})
        except (ValueError, KeyError, TypeError) as error:
            raise CopycarError(f"{source} is damaged", str(error), "submit the job again") from error


@dataclass(frozen=True, slots=True)
class Status:
    """How a job stands.

    Attributes:
        state: where it is.
        exit_code: of the command; None while it runs, or where nobody could note it.
        message: what is known besides, in words.
    """

    state: State
    exit_code: int | None = None
    message: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it will not change any more."""
        return self.state in OVER


def new_name(verb: str) -> str:
    """Return a name that no other job has, as every target takes it: lower case, digits, dashes."""
    letters = "".join(letter for letter in verb if letter.isalnum())
    return f"{letters}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def write_result(spec: JobSpec, exit_code: int, outputs: list[str], message: str, state: State) -> None:
    """Note how a job ended.

    Raises:
        CopycarError: as `Place.put`.
    """
    result = {"state": state, "exit_code": exit_code, "outputs": outputs, "message": message}
    spec.place.put(RESULT, json.dumps(result).encode())


def read_result(spec: JobSpec) -> dict[str, Any] | None:
    """Return what a job noted at its end; None where it has not ended, or could not.

    Raises:
        CopycarError: as `Place.get`.
    """
    told = spec.place.get_if_there(RESULT)
    return None if told is None else dict(json.loads(told))


def saved_log(spec: JobSpec) -> str:
    """Return what a job has printed, as far as it lies in its bucket.

    Raises:
        CopycarError: as `Place.get`.
    """
    return (spec.place.get_if_there(LOG) or b"").decode("utf-8", "replace")


def ended(result: Mapping[str, Any]) -> Status:
    """Return the status that a result tells."""
    return Status(result["state"], result["exit_code"], result["message"])
