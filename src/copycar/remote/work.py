"""What runs where the job runs: brings its inputs, runs the command, saves what it makes. The same for every target.

    python -m copycar.remote.work s3://rides/jobs/train-20261121-103000-ab12

A training that was begun in an earlier attempt of the same job goes on from its last saved checkpoint.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import copycar
from copycar.core.errors import EXIT_INTERRUPTED, EXIT_USER, CopycarError
from copycar.remote.bring import bring
from copycar.remote.bucket import RUNS, plain_name
from copycar.remote.job import JOB, LOG, JobSpec, State, write_result
from copycar.remote.outputs import Keeper, send_outputs, send_progress, trained_run
from copycar.remote.parcel import INDEX
from copycar.remote.place import Place
from copycar.remote.pull import pull_files

KILLED = 128
"""A shell's exit code of a process that a signal killed is this and the signal's number."""


def main(arguments: Sequence[str]) -> int:
    """Run the job at a URL; return the exit code of its command."""
    (url,) = arguments
    spec = JobSpec.from_json(Place(url).get(JOB), url)
    folder = work_folder(spec)
    try:
        if spec.on == "ray" and spec.workers > 1:
            from copycar.remote.ray_train import train_together  # noqa: PLC0415 - it is built on this module

            return train_together(spec)
        bring(spec, folder)
        exit_code = _command(spec, folder)
        finish(spec, folder, exit_code)
    except CopycarError as error:
        say(str(error))
        write_result(spec, EXIT_USER, [], error.what, "failed")
        return EXIT_USER
    shutil.rmtree(folder)
    return exit_code


def finish(spec: JobSpec, folder: Path, exit_code: int) -> None:
    """Save what a command left, and note how it ended.

    Raises:
        CopycarError: as `Place.put`.
    """
    outputs = send_outputs(spec, folder)
    state, message = how_it_ended(exit_code)
    write_result(spec, exit_code, outputs, message, state)
    say(f"job {spec.name}: {state}{': ' if message else ''}{message}")
    for url in outputs:
        say(f"  {url}")


def work_folder(spec: JobSpec) -> Path:
    """Return the job's own folder, the same for every attempt and on every machine: runs note paths below it."""
    folder = Path(tempfile.gettempdir()) / "copycar-jobs" / spec.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def resumed(spec: JobSpec, folder: Path) -> tuple[str, ...]:
    """Return the command, or how it goes on where an earlier attempt has saved a checkpoint of its training.

    Raises:
        CopycarError: as `Place.get`.
    """
    run = trained_run(spec)
    if run is None:
        return spec.command
    saved = Place(f"{spec.bucket}/{RUNS}/{plain_name(run.name)}")
    if not (folder / run / "checkpoint.pt").is_file() and saved.has(INDEX):
        pull_files(saved.url, folder / run)
    if not (folder / run / "checkpoint.pt").is_file():
        shutil.rmtree(folder / run, ignore_errors=True)  # killed before its first epoch was saved
        return spec.command
    say(f"going on with {run}")
    return ("train", "--resume", "--out", str(run))


def how_it_ended(exit_code: int) -> tuple[State, str]:
    """Return a job's last state and what is to be said about it."""
    if exit_code == 0:
        return "done", ""
    if exit_code == EXIT_INTERRUPTED:
        return "stopped", "stopped; what was finished is saved"
    if exit_code == KILLED + signal.SIGKILL:
        return (
            "failed",
            "killed by its machine, most likely out of memory: take a larger one, or a smaller --batch-size",
        )
    return "failed", f"its command ended with exit code {exit_code}"


def say(text: str) -> None:
    """Print a line of the job's log."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _command(spec: JobSpec, folder: Path) -> int:
    command = [sys.executable, "-m", "copycar", *resumed(spec, folder)]
    log = folder / f".{LOG}"
    say(f"$ copycar {' '.join(command[3:])}")
    with log.open("ab") as kept, Keeper(lambda: send_progress(spec, folder, log), say):
        code = _run(command, folder, kept)
    spec.place.put(LOG, log.read_bytes())
    return code


def _run(command: Sequence[str], folder: Path, kept: IO[bytes]) -> int:
    """Run a command; pass on what it prints and the signals that end it."""
    source = str(Path(copycar.__file__).parents[1])  # a cluster may have another copycar installed
    path = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": path}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
    ) as process:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: process.terminate())
        assert process.stdout is not None
        while piece := process.stdout.read(1 << 16):
            kept.write(piece)
            kept.flush()
            sys.stdout.buffer.write(piece)
            sys.stdout.flush()
        code = process.wait()
    return code if code >= 0 else KILLED - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
