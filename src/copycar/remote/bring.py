"""Brings a job's inputs into its folder. Knows nothing of the command that works on them."""

from pathlib import Path
from urllib.parse import urlsplit

from copycar.remote.bucket import DATASETS, JOBS, RUNS, address_of
from copycar.remote.job import Input, JobSpec
from copycar.remote.pull import pull, pull_files


def bring(spec: JobSpec, folder: Path) -> None:
    """Bring every input that is not there yet.

    Raises:
        CopycarError: something is missing or altered in the bucket; or as `Place.get`.
    """
    for each in spec.inputs:
        _bring(each, folder)


def _bring(given: Input, folder: Path) -> None:
    to = folder / given.to
    if f"/{JOBS}/" in urlsplit(given.url).path:
        pull_files(given.url, to)
        return
    kind = address_of(given.url).kind
    if kind in (DATASETS, RUNS) and to.exists():
        return  # an earlier attempt brought it
    to.parent.mkdir(parents=True, exist_ok=True)
    pull(given.url, to)
