"""A fake of Vertex AI's REST endpoint for custom jobs, as far as a client needs it: make, find, read, cancel.

Facts: the public reference of `projects.locations.customJobs`. Jobs do not run: a test says how they go on.

    with FakeVertex() as vertex:
        os.environ["COPYCAR_VERTEX_ENDPOINT"] = vertex.url
        …
        vertex.finish("JOB_STATE_SUCCEEDED")
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

JOBS = re.compile(r"/v1/(projects/[^/]+/locations/[^/]+)/customJobs(?:/(\d+)(:cancel)?)?")
NAMED = re.compile(r'displayName="(.*)"')
REASONS = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 429: "RESOURCE_EXHAUSTED", 400: "INVALID_ARGUMENT"}


class FakeVertex:
    """A server on this machine, from entering to leaving.

    Args:
        token: the only one that it accepts.
        regions: that it knows.

    Attributes:
        url: its address.
        jobs: every job, newest last, as the real one returns it.
        requests: what was asked: method, path, and what was sent.
    """

    def __init__(self, token: str = "a-token", regions: tuple[str, ...] = ("europe-west4",)) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str, Any]] = []
        self._token, self._regions = token, regions
        self._refusal: tuple[int, str] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "FakeVertex":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def refuse(self, status: int, message: str) -> None:
        """Answer every request from now on with this error, such as 429 for a quota."""
        self._refusal = status, message

    def finish(self, state: str, message: str = "", job: int = -1) -> None:
        """Let a job get into a state, such as `JOB_STATE_SUCCEEDED`, `_FAILED` or `_EXPIRED`."""
        self.jobs[job]["state"] = state
        if message:
            self.jobs[job]["error"] = {"code": 3, "message": message}

    def forget(self) -> None:
        """Know nothing of any job any more, as the real one does after a while."""
        self.jobs.clear()

    def token(self) -> tuple[int, dict[str, Any]]:
        """Return the answer to somebody who shows a key and wants a token, at `/token`."""
        if self._refusal and self._refusal[0] == 401:
            return 400, {"error": "invalid_grant", "error_description": self._refusal[1]}
        return 200, {"access_token": self._token, "expires_in": 3600, "token_type": "Bearer"}

    def answer(self, method: str, path: str, sent: Any, token: str) -> tuple[int, dict[str, Any]]:
        """Return status and body for a request."""
        self.requests.append((method, path, sent))
        if token != f"Bearer {self._token}":
            return _error(401, "Request had invalid authentication credentials.")
        if self._refusal:
            return _error(*self._refusal)
        parts = urlsplit(path)
        match = JOBS.fullmatch(parts.path)
        if not match or match[1].rpartition("/")[2] not in self._regions:
            return _error(404, "The requested URL was not found on this server.")
        if match[2]:
            return self._one(int(match[2]), is_cancel=bool(match[3]))
        if method == "POST":
            return self._make(match[1], sent)
        named = NAMED.fullmatch(parse_qs(parts.query).get("filter", [""])[0])
        return 200, {"customJobs": [job for job in self.jobs if not named or job["displayName"] == named[1]]}

    def _make(self, parent: str, job: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        pools = job.get("jobSpec", {}).get("workerPoolSpecs", [])
        if not job.get("displayName") or not pools or not all("machineSpec" in pool for pool in pools):
            return _error(400, "List of found errors: 1. Field: job_spec.worker_pool_specs[0].machine_spec; required.")
        made = {**job, "name": f"{parent}/customJobs/{len(self.jobs) + 1}", "state": "JOB_STATE_PENDING"}
        self.jobs.append(made)
        return 200, made

    def _one(self, number: int, is_cancel: bool) -> tuple[int, dict[str, Any]]:
        if number > len(self.jobs):
            return _error(404, "The CustomJob does not exist.")
        job = self.jobs[number - 1]
        if is_cancel:
            job["state"] = "JOB_STATE_CANCELLING"
            return 200, {}
        return 200, job


def _error(status: int, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"code": status, "message": message, "status": REASONS.get(status, "NOT_FOUND")}}


def _handler(fake: FakeVertex) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == "/token":
                status, told = fake.token()
            else:
                sent = json.loads(body) if body else None
                status, told = fake.answer(method, self.path, sent, self.headers.get("Authorization", ""))
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
