"""Push and pull of a recording beside single-stream copying, against an S3 server on this machine, in turns.

    python benchmarks/storage_rate.py --tub path/to/tub --rounds 3

Beside us: `files`, one file after the other as `gsutil cp -r` does without `-m`, and `archive`, one `.tgz` in one
stream as donkeycar's cloud scripts do. All use the same client (obstore) and server (moto), which is Python and so the
slower part: quote the ratios. Over a real network latency makes one-by-one copying slower still; not measured here.
"""

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx

from copycar.remote.place import Place
from copycar.remote.pull import pull
from copycar.remote.push import push
from copycar.testing.tub import make_tub

SIGNATURE = "AWS4-HMAC-SHA256 Credential=testing/x/us-east-1/s3/x"
PORT = 5611
N_FRAMES = 2000


def main() -> None:
    """Measure, and print one JSON object."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="copycar-storage-") as scratch:
        work = Path(scratch)
        tub = asked.tub or make_tub(work / "tub", n_frames=asked.frames)
        server = _serve()
        try:
            rounds = [one_round(tub, work / f"round{number}", number) for number in range(asked.rounds)]
        finally:
            server.terminate()
            server.wait()
    print(json.dumps({"rounds": rounds, "load": os.getloadavg(), "ratios": _ratios(rounds)}, indent=2))


def one_round(tub: Path, work: Path, number: int) -> dict[str, float]:
    """Return seconds and bytes of every way, there and back; who begins takes turns."""
    work.mkdir()
    bucket = f"round-{number}"
    httpx.put(f"http://127.0.0.1:{PORT}/{bucket}", headers={"Authorization": SIGNATURE})
    place = Place(f"s3://{bucket}/other")
    ways: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        (
            "copycar",
            lambda: push([tub], f"s3://{bucket}", name="tub"),
            lambda: pull(f"s3://{bucket}/datasets/tub", work / "ours"),
        ),
        ("files", lambda: send_files(tub, place), lambda: fetch_files(place, work / "files")),
        ("archive", lambda: send_archive(tub, place), lambda: fetch_archive(place, work / "archive")),
    ]
    found: dict[str, float] = {"bytes": float(sum(path.stat().st_size for path in tub.rglob("*") if path.is_file()))}
    for name, there, back in ways[number % 3 :] + ways[: number % 3]:
        found |= {f"{name}_push_s": _seconds(there), f"{name}_pull_s": _seconds(back)}
    started = time.perf_counter()
    found["copycar_again_bytes"] = float(push([tub], f"s3://{bucket}", name="tub").bytes_sent)
    found["copycar_again_s"] = time.perf_counter() - started
    shutil.rmtree(work)
    return found


def send_files(tub: Path, place: Place) -> None:
    """Send one file after the other."""
    for path in sorted(path for path in tub.rglob("*") if path.is_file()):
        place.put(f"files/{path.relative_to(tub).as_posix()}", path.read_bytes())


def fetch_files(place: Place, folder: Path) -> None:
    """Bring one file after the other."""
    for found in place.find("files"):
        path = folder / found.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(place.get(found.name))


def send_archive(tub: Path, place: Place) -> None:
    """Make a `.tgz` and send it in one stream."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.add(tub, ".")
    place.put("wip.tgz", buffer.getvalue())


def fetch_archive(place: Place, folder: Path) -> None:
    """Bring it and unpack it."""
    with tarfile.open(fileobj=io.BytesIO(place.get("wip.tgz")), mode="r:gz") as archive:
        archive.extractall(folder, filter="data")


def _ratios(rounds: list[dict[str, float]]) -> dict[str, float]:
    def times(way: str, which: str) -> float:
        return median(each[f"{way}_{which}_s"] / each[f"copycar_{which}_s"] for each in rounds)

    return {f"{which}_against_{way}": times(way, which) for way in ("files", "archive") for which in ("push", "pull")}


def _serve() -> subprocess.Popen[bytes]:
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{PORT}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not _is_up():
        if server.poll() is not None:
            sys.exit(f"no server can be started at port {PORT}")
        time.sleep(0.2)
    return server


def _is_up() -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{PORT}", timeout=2)
    except httpx.HTTPError:
        return False
    return True


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tub", type=Path, help="the recording (default: one is made)")
    parser.add_argument("--frames", type=int, default=N_FRAMES, help="of the one that is made")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
