"""What tests of this room share."""

import os
from pathlib import Path

import httpx


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
    signature = "AWS4-HMAC-SHA256 Credential=testing/x/us-east-1/s3/x"  # the server asks for one and checks nothing
    httpx.put(f"{address}/{name}", headers={"Authorization": signature})
    return f"s3://{name}"


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def environment(**more: str) -> dict[str, str]:
    """That of another process of this test."""
    source = str(Path(__file__).resolve().parents[2] / "src")
    return {**os.environ, "PYTHONPATH": source, "OMP_NUM_THREADS": "1", **more}
