"""What a command left in a job's folder, sent to the bucket: while it runs, and at its end. Knows no targets."""

import threading
from collections.abc import Callable
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.learning.run import RUN_FILE
from copycar.remote.bucket import RUNS, plain_name
from copycar.remote.inputs import DATA
from copycar.remote.job import INPUTS, LOG, JobSpec
from copycar.remote.parcel import INDEX, Piece, read_index, send
from copycar.remote.place import Place
from copycar.remote.push import MOVIE_SUFFIXES, POLICY_SUFFIXES, push, push_run_files

FIRST_S, EVERY_S = 1.0, 10.0
"""When what a running job has is sent: soon, so that somebody sees it begin, and ever more rarely, up to the second
figure: so much work is lost where its machine is."""


def run_folders(folder: Path) -> list[Path]:
    """Return the runs that a command made below a job's folder."""
    found = sorted(path.parent for path in folder.rglob(RUN_FILE))
    return [path for path in found if not _is_input(path.relative_to(folder))]


def trained_run(spec: JobSpec) -> Path | None:
    """Return the run's folder, in the job's, that a training writes; None for other commands."""
    words = spec.command
    if words[0] != "train" or "--out" not in words[:-1]:
        return None
    return Path(words[words.index("--out") + 1])


def run_name(spec: JobSpec, folder: Path, run: Path) -> str:
    """Return the name of a run in the bucket: its own where it was asked for, else one that no other job's has."""
    is_asked_for = run.relative_to(folder) == trained_run(spec)
    return plain_name(run.name if is_asked_for else f"{spec.name}-{run.name}")


def send_outputs(spec: JobSpec, folder: Path) -> list[str]:
    """Send everything that a command left; return the URLs.

    Raises:
        CopycarError: as `Place.put`.
    """
    runs = run_folders(folder)
    urls = [url for run in runs for url in push([run], spec.bucket, name=run_name(spec, folder, run)).urls]
    others = [path for path in _files(folder) if not any(path.is_relative_to(run) for run in runs)]
    single = [path for path in others if path.suffix in (*POLICY_SUFFIXES, *MOVIE_SUFFIXES)]
    urls += [url for path in single for url in push([path], spec.bucket).urls]
    rest = [path for path in others if path not in single]
    if rest:
        pieces = [_piece(path, folder) for path in rest]
        urls.append(send(Place(f"{spec.url}/files"), pieces, {"kind": "files"}).url)
    return urls


def send_progress(spec: JobSpec, folder: Path, log: Path | None = None) -> None:
    """Send what a running command has so far: its runs with their newest checkpoints, and what it printed.

    Raises:
        CopycarError: as `Place.put`.
    """
    for run in run_folders(folder):
        _send_newest(run, spec.bucket, run_name(spec, folder, run))
    if log is not None:
        spec.place.put(LOG, log.read_bytes())


def _send_newest(run: Path, bucket: str, name: str) -> None:
    """Send a run as it is now, and remove the checkpoints of earlier times: hours of them would fill a bucket.

    What the index named until now stays one time more: somebody may be in the middle of bringing it. Nobody else
    writes to this run while the job goes on.
    """
    place = Place(f"{bucket}/{RUNS}/{name}")
    before = read_index(place).parts if place.has(INDEX) else ()
    sent = push_run_files(run, bucket, name)
    kept = {INDEX, *(part.object for part in (*before, *sent.parts))}
    for found in place.find():
        if found.name not in kept:
            place.remove(found.name)


class Keeper:
    """Calls something again and again in the background, from entering to leaving.

    Args:
        send: what is called; when it fails it is tried again the next time, and `complain` is told.
        complain: called with words.
    """

    def __init__(self, send: Callable[[], None], complain: Callable[[str], None]) -> None:
        self._send, self._complain = send, complain
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> "Keeper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _work(self) -> None:
        pause_s = FIRST_S
        while not self._is_over.wait(pause_s):
            pause_s = min(2 * pause_s, EVERY_S)
            try:
                self._send()
            except (CopycarError, OSError) as error:  # a file may go while it is read; the network may come back
                self._complain(f"not saved yet: {error}")


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not _is_input(path.relative_to(folder)))


def _is_input(path: Path) -> bool:
    return path.parts[0] in {INPUTS, DATA} or any(part.startswith(".") for part in path.parts)


def _piece(path: Path, folder: Path) -> Piece:
    return Piece(path.relative_to(folder).as_posix(), path.suffix, path.stat().st_size, path.read_bytes)
