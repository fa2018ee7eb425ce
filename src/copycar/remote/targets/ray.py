"""A Ray cluster, by its Jobs API: plain HTTP, so that nothing of Ray is needed here. KubeRay and Vertex AI know it.

The job's code travels as a package of the cluster's own, so that it is this very copycar; torch and the rest are what
the cluster has, or what `pip` names. The token is where Ray's own tools have it: RAY_AUTH_TOKEN, RAY_AUTH_TOKEN_PATH,
or `~/.ray/auth_token`.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

from copycar.core.config import Settings
from copycar.core.errors import CopycarError
from copycar.remote.http import ask
from copycar.remote.job import JobSpec, State, Status
from copycar.remote.wheel import build_wheel

DASHBOARD = "http://127.0.0.1:8265"
"""Where Ray's own tools look too."""

STATES: dict[str, State] = {
    "PENDING": "queued",
    "RUNNING": "running",
    "SUCCEEDED": "done",
    "FAILED": "failed",
    "STOPPED": "stopped",
}
TOKEN_FIX = "set RAY_AUTH_TOKEN (or RAY_AUTH_TOKEN_PATH) to the cluster's token"
FIX = {401: TOKEN_FIX, 403: TOKEN_FIX}

STOP_WAIT, STOP_S = "RAY_JOB_STOP_WAIT_TIME_S", 120
"""How long a stopped job may take to save its best policy; Ray's own 3 seconds are too short to write one."""


class RayOptions(Settings):
    """What can be chosen about a Ray cluster."""

    address: str = ""
    """URL of its dashboard; by default RAY_API_SERVER_ADDRESS, RAY_ADDRESS where that is a URL, or this machine's."""
    pip: str = ""
    """Requirements that the cluster installs for the job, with commas between them; by default it has all of them."""
    python: str = "python"
    """The interpreter of the cluster that has copycar's requirements."""
    cpus: float = 1.0
    """Processor cores of every worker."""
    retries: int = 3
    """How often a training with several workers begins again from its last checkpoint after one of them has died."""


class Ray:
    """Runs jobs on a Ray cluster."""

    Options = RayOptions

    def request(self, spec: JobSpec) -> dict[str, Any]:
        """Return the job as `POST /api/jobs/` takes it."""
        name, _ = _package()
        environment: dict[str, Any] = {"working_dir": f"gcs://{name}", "env_vars": {STOP_WAIT: str(STOP_S)}}
        if pip := [each.strip() for each in str(spec.options["pip"]).split(",") if each.strip()]:
            environment["pip"] = pip
        request: dict[str, Any] = {
            "submission_id": spec.name,
            "entrypoint": f"{spec.options['python']} -m copycar.remote.work {spec.url}",
            "runtime_env": environment,
            "metadata": {"copycar": spec.version, "job": spec.url},
        }
        if spec.workers == 1:  # with several, Ray Train asks for its own
            request |= {"entrypoint_num_cpus": spec.options["cpus"], "entrypoint_num_gpus": spec.gpus}
        return {"address": _address(spec), "job": request}

    def submit(self, spec: JobSpec) -> None:
        """Send the code where the cluster does not have it yet, then the job."""
        name, content = _package()
        if _ask(spec, "GET", f"packages/gcs/{name}") is None:
            _ask(spec, "PUT", f"packages/gcs/{name}", content=content)
        if _ask(spec, "POST", "jobs/", json=self.request(spec)["job"]) is None:
            raise CopycarError(f"{_address(spec)} is no Ray cluster", "it has no Jobs API", "name its dashboard")

    def status(self, spec: JobSpec) -> Status | None:
        """Return how it stands; None after the cluster was started anew."""
        told = _ask(spec, "GET", f"jobs/{spec.name}")
        if told is None:
            return None
        message = "" if told["status"] == "SUCCEEDED" else (told.get("message") or "").strip().partition("\n")[0]
        return Status(STATES.get(told["status"], "running"), told.get("driver_exit_code"), message)

    def logs(self, spec: JobSpec) -> str:
        """Return what its driver has printed."""
        told = _ask(spec, "GET", f"jobs/{spec.name}/logs")
        return str(told["logs"]) if told else ""

    def stop(self, spec: JobSpec) -> None:
        """Stop it: Ray sends SIGTERM, and after `STOP_S` seconds SIGKILL."""
        _ask(spec, "POST", f"jobs/{spec.name}/stop")


def _package() -> tuple[str, bytes]:
    """Return our wheel as a package of Ray's: a zip whose files become the job's working folder."""
    _, content = build_wheel()
    return f"_ray_pkg_{hashlib.sha256(content).hexdigest()[:32]}.zip", content


def _ask(spec: JobSpec, method: str, path: str, **sent: Any) -> Any:
    token = _token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return ask(method, f"{_address(spec)}/api/{path}", headers=headers, service="the Ray cluster", fix=FIX, **sent)


def _address(spec: JobSpec) -> str:
    named = os.environ.get("RAY_ADDRESS", "")
    usual = os.environ.get("RAY_API_SERVER_ADDRESS") or (named if named.startswith("http") else "") or DASHBOARD
    return str(spec.options["address"] or usual).rstrip("/")


def _token() -> str:
    """Return the cluster's token; "" where none is set: then the cluster asks for none, or refuses."""
    if token := os.environ.get("RAY_AUTH_TOKEN"):
        return token.strip()
    path = Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token")
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
