"""What a target promises, and the list of their names. Knows none of them."""

from collections.abc import Mapping
from typing import Any, Protocol

from copycar.core.config import Settings, build
from copycar.core.registry import Registry
from copycar.remote.job import JobSpec, Status


class Target(Protocol):
    """A place where jobs run. A job's own name is what it is called there, so that it is found again by it alone.

    Attributes:
        Options: what can be chosen about it.
    """

    Options: type[Settings]

    def request(self, spec: JobSpec) -> dict[str, Any]:
        """Return exactly what `submit` would send, without secrets."""

    def submit(self, spec: JobSpec) -> None:
        """Start a job whose `job.json` and inputs are in its bucket.

        Raises:
            CopycarError: it cannot be reached, refuses the credentials, or has no room.
        """

    def status(self, spec: JobSpec) -> Status | None:
        """Return how it stands; None where the target knows nothing of it (any more).

        Raises:
            CopycarError: it cannot be reached.
        """

    def logs(self, spec: JobSpec) -> str:
        """Return everything that it has printed so far.

        Raises:
            CopycarError: it cannot be reached.
        """

    def stop(self, spec: JobSpec) -> None:
        """Ask it to end; what is finished is saved.

        Raises:
            CopycarError: it cannot be reached.
        """


TARGETS: Registry[type[Target]] = Registry(
    "target",
    "copycar.remote_targets",
    {
        "local": "copycar.remote.targets.local:Local",
        "ray": "copycar.remote.targets.ray:Ray",
        "vertex": "copycar.remote.targets.vertex:Vertex",
    },
)


def target_options(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all options of a target, the usual value for those not given.

    Raises:
        CopycarError: an unknown target or option, or a bad value.
    """
    return build(TARGETS.get(name).Options, given, f"the options of target {name}").model_dump()
