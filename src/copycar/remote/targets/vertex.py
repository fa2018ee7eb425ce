"""Vertex AI: a CustomJob, by Google's REST API. Credentials are Google's application-default ones.

The job's bucket is mounted at `/gcs` in its container, where it finds our own wheel; torch comes with the container.
What it prints is kept in the bucket, which needs no second API and outlives the cloud's own logs.
"""

import os
import re
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from copycar.core.config import Settings
from copycar.core.errors import CopycarError, require
from copycar.remote.http import ask
from copycar.remote.job import JobSpec, State, Status, saved_log
from copycar.remote.wheel import build_wheel

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
ENDPOINT = "COPYCAR_VERTEX_ENDPOINT"
"""Names another server, such as `copycar.testing.vertex`."""
REGION = re.compile(r"[a-z]+-[a-z]+[0-9]+")
"""What regions look like."""

STATES: dict[str, State] = {
    "JOB_STATE_QUEUED": "queued",
    "JOB_STATE_PENDING": "queued",
    "JOB_STATE_RUNNING": "running",
    "JOB_STATE_UPDATING": "running",
    "JOB_STATE_PAUSED": "queued",
    "JOB_STATE_CANCELLING": "running",
    "JOB_STATE_SUCCEEDED": "done",
    "JOB_STATE_PARTIALLY_SUCCEEDED": "failed",
    "JOB_STATE_FAILED": "failed",
    "JOB_STATE_EXPIRED": "failed",
    "JOB_STATE_CANCELLED": "stopped",
}
FIX = {
    400: "correct what it names: --target.machine, --target.accelerator, --target.region",
    401: "log in: gcloud auth application-default login",
    403: "ask for the role Vertex AI User in the project, and see that its Vertex AI API is enabled",
    429: "ask for more of this quota (console: IAM, Quotas), take another --target.region or --target.accelerator",
}
PYTHON_EXTRAS = "[train,sim,remote]"


class VertexOptions(Settings):
    """What can be chosen about Vertex AI."""

    project: str = ""
    """Google Cloud project; by default GOOGLE_CLOUD_PROJECT, or that of the credentials."""
    region: str = "europe-west4"
    """Where it runs; best where the bucket is."""
    machine: str = ""
    """Machine type; by default g2-standard-8 with GPUs and n1-standard-8 without."""
    accelerator: str = "NVIDIA_L4"
    """Kind of GPU, where the job asks for any."""
    image: str = "pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime"
    """Container with Python 3.11 or newer and torch."""
    hours: float = 6.0
    """The job is ended then, so that a mistake does not cost a weekend."""
    disk_gb: int = 100
    """Of the machine's disk."""
    scheduling: Literal["STANDARD", "SPOT", "FLEX_START"] = "STANDARD"
    """SPOT is cheaper and may be taken away: the job then begins again, and goes on from its last checkpoint."""
    service_account: str = ""
    """Whose rights the job has; by default the project's own."""


class Vertex:
    """Runs jobs on Vertex AI."""

    Options = VertexOptions

    def request(self, spec: JobSpec) -> dict[str, Any]:
        """Return the CustomJob as `POST …/customJobs` takes it."""
        _require_bucket(spec)
        options = VertexOptions(**spec.options)
        job: dict[str, Any] = {
            "displayName": spec.name,
            "labels": {"app": "copycar", "job": spec.name},
            "jobSpec": {
                "workerPoolSpecs": [_pool(spec, options)],
                "scheduling": {
                    "timeout": f"{round(options.hours * 3600)}s",
                    "restartJobOnWorkerRestart": True,
                    "strategy": options.scheduling,
                },
                "baseOutputDirectory": {"outputUriPrefix": f"{spec.url}/vertex"},
            },
        }
        if options.service_account:
            job["jobSpec"]["serviceAccount"] = options.service_account
        return {"url": _jobs_url(options), "job": job}

    def submit(self, spec: JobSpec) -> None:
        """Put our wheel into the job's bucket and make the job."""
        request = self.request(spec)
        name, content = build_wheel()
        spec.place.put(name, content)
        if _ask("POST", request["url"], json=request["job"]) is None:
            raise CopycarError(
                f"Vertex AI knows no {request['url']}",
                "no such region or project",
                "correct --target.region or --target.project",
            )

    def status(self, spec: JobSpec) -> Status | None:
        """Return how it stands; None where Vertex AI has no such job (any more)."""
        job = self._find(spec)
        if job is None:
            return None
        return Status(STATES.get(job["state"], "running"), None, _message(job))

    def logs(self, spec: JobSpec) -> str:
        """Return what it has printed, which lies in its bucket some seconds later."""
        return saved_log(spec)

    def stop(self, spec: JobSpec) -> None:
        """Cancel it: it gets SIGTERM, and a moment to save what it has."""
        job = self._find(spec)
        if job is not None:
            _ask("POST", f"{_server(VertexOptions(**spec.options))}/v1/{job['name']}:cancel", json={})

    def _find(self, spec: JobSpec) -> dict[str, Any] | None:
        """Return the job that has our name: so a client that was killed while it submitted finds it as well."""
        wanted = quote(f'displayName="{spec.name}"')
        found = _ask("GET", f"{_jobs_url(VertexOptions(**spec.options))}?filter={wanted}")
        jobs: list[dict[str, Any]] = (found or {}).get("customJobs", [])
        return jobs[0] if jobs else None


def _pool(spec: JobSpec, options: VertexOptions) -> dict[str, Any]:
    machine: dict[str, Any] = {"machineType": options.machine or ("g2-standard-8" if spec.gpus else "n1-standard-8")}
    if spec.gpus:
        machine |= {"acceleratorType": options.accelerator, "acceleratorCount": spec.gpus}
    wheel, _ = build_wheel()
    mounted = f"/gcs/{urlsplit(spec.url).netloc}{urlsplit(spec.url).path}/{wheel}"
    return {
        "machineSpec": machine,
        "replicaCount": "1",
        "diskSpec": {"bootDiskType": "pd-ssd", "bootDiskSizeGb": options.disk_gb},
        "containerSpec": {
            "imageUri": options.image,
            "command": ["bash", "-c"],
            "args": [f'pip install "{mounted}{PYTHON_EXTRAS}" && exec python -m copycar.remote.work {spec.url}'],
        },
    }


def _message(job: dict[str, Any]) -> str:
    if job["state"] == "JOB_STATE_EXPIRED":
        return "its time was up: --target.hours"
    return str(job.get("error", {}).get("message", ""))


def _require_bucket(spec: JobSpec) -> None:
    if urlsplit(spec.bucket).scheme != "gs":
        raise CopycarError("a job on Vertex AI needs a bucket of Google's", f"not {spec.bucket}", "--out gs://BUCKET")


def _jobs_url(options: VertexOptions) -> str:
    if not REGION.fullmatch(options.region):
        raise CopycarError(f"{options.region!r} is no region", fix="name one such as --target.region europe-west4")
    return f"{_server(options)}/v1/projects/{_project(options)}/locations/{options.region}/customJobs"


def _server(options: VertexOptions) -> str:
    return os.environ.get(ENDPOINT) or f"https://{options.region}-aiplatform.googleapis.com"


def _ask(method: str, url: str, json: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {_token()}"}
    return ask(method, url, headers=headers, service="Vertex AI", fix=FIX, json=json)


def _token() -> str:
    """Return a token of the application-default credentials."""
    credentials, _ = _credentials()
    requests: Any = require("google.auth.transport.requests", "vertex")
    exceptions: Any = require("google.auth.exceptions", "vertex")
    try:
        credentials.refresh(requests.Request())
    except exceptions.GoogleAuthError as error:
        raise CopycarError("Google refuses the credentials", str(error), FIX[401]) from error
    return str(credentials.token)


def _project(options: VertexOptions) -> str:
    project = options.project or os.environ.get("GOOGLE_CLOUD_PROJECT") or _credentials()[1]
    if not project:
        raise CopycarError("no Google Cloud project is known", fix="name it: --target.project NAME")
    return str(project)


def _credentials() -> tuple[Any, str | None]:
    auth: Any = require("google.auth", "vertex")
    exceptions: Any = require("google.auth.exceptions", "vertex")
    try:
        credentials, project = auth.default(scopes=[SCOPE])
    except exceptions.DefaultCredentialsError as error:
        raise CopycarError(
            "no credentials for Google Cloud were found", str(error).partition("\n")[0], FIX[401]
        ) from error
    return credentials, project
