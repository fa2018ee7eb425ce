"""Brings a job's inputs into its folder. Knows nothing of the command that works on them."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

from copycar.remote.bucket import DATASETS, JOBS, RUNS, address_of
from copycar.remote.fetch import fetch
from copycar.remote.job import Input, JobSpec
from copycar.remote.parcel import read_index
from copycar.remote.place import Place
from copycar.remote.pull import pull
from copycar.remote.unpack import place_files


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
        bring_files(given.url, to)
        return
    kind = address_of(given.url).kind
    if kind in (DATASETS, RUNS) and to.exists():
        return  # an earlier attempt brought it
    to.parent.mkdir(parents=True, exist_ok=True)
    pull(given.url, to)


def bring_files(url: str, to: Path) -> None:
    """Bring a parcel of files, such as a run, into the folder `to`.

    Raises:
        CopycarError: as `bring`.
    """
    place = Place(url)
    index = read_index(place)
    waiting = to.with_name(f".{to.name}.bring")
    waiting.mkdir(parents=True, exist_ok=True)
    fetch(place, index.parts, waiting)
    place_files(waiting, index, to)
    shutil.rmtree(waiting)
