"""What tests of this room share."""

import base64
import hashlib
import hmac
import os
import socket
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote

import httpx

SIGNATURE = "AWS4-HMAC-SHA256 Credential=testing/x/us-east-1/s3/x"
"""The test server asks for one and checks nothing."""


def s3_environment(address: str) -> dict[str, str]:
    """What a process needs to reach it."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def make_bucket(address: str, name: str) -> str:
    """Make a bucket; return its URL."""
    httpx.put(f"{address}/{name}", headers={"Authorization": SIGNATURE})
    return f"s3://{name}"


AZURE_ACCOUNT = "racers"
AZURE_KEY = base64.b64encode(b"a key of a server on this machine").decode()


def azure_connection(address: str) -> str:
    """What a process needs to reach an Azure server, as `az storage account show-connection-string` prints it."""
    endpoint = f"BlobEndpoint={address}/{AZURE_ACCOUNT}"
    return f"DefaultEndpointsProtocol=http;AccountName={AZURE_ACCOUNT};AccountKey={AZURE_KEY};{endpoint};"


def make_container(address: str, name: str) -> str:
    """Make a container, which needs a signature that is right (Shared Key of Azure's REST API); return its URL."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    lines = ["PUT", *[""] * 11, *(f"{name}:{value}" for name, value in headers.items())]
    lines += [f"/{AZURE_ACCOUNT}/{AZURE_ACCOUNT}/{name}", "restype:container"]
    digest = hmac.digest(base64.b64decode(AZURE_KEY), "\n".join(lines).encode(), hashlib.sha256)
    proof = {"Authorization": f"SharedKey {AZURE_ACCOUNT}:{base64.b64encode(digest).decode()}"}
    answer = httpx.put(f"{address}/{AZURE_ACCOUNT}/{name}?restype=container", headers={**headers, **proof})
    assert answer.status_code == 201, answer.text
    return f"az://{name}"


class LikeGoogle:
    """An S3 application as Google's XML API: no bearer tokens, other headers, other quoting."""

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        environ["HTTP_AUTHORIZATION"] = SIGNATURE
        path, mark, query = environ["REQUEST_URI"].partition("?")  # Google's clients write every dash as %2D
        environ["REQUEST_URI"] = environ["RAW_URI"] = unquote(path) + mark + query
        for name in [name for name in environ if name.startswith("HTTP_X_GOOG_")]:
            environ[name.replace("X_GOOG", "X_AMZ")] = environ.pop(name)
        return self._application(environ, start_response)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def environment(**more: str) -> dict[str, str]:
    """That of another process of this test."""
    source = str(Path(__file__).resolve().parents[2] / "src")
    return {**os.environ, "PYTHONPATH": source, "OMP_NUM_THREADS": "1", **more}
