"""Recordings, runs, policies and films out of a bucket. Knows what each is by where it lies."""

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.remote.bucket import DATASETS, MODELS, MOVIES, RUNS, Address, address_of
from copycar.remote.dataset import pieces_of
from copycar.remote.fetch import fetch
from copycar.remote.named import fetch_file, find_files, names_in
from copycar.remote.parcel import INDEX, Index, OnBytes, read_index
from copycar.remote.place import Place, as_url
from copycar.remote.unpack import place_files, shards_to_dataset
from copycar.tubs.contents import is_tub

ARTEFACTS = (".onnx", ".tflite", ".keras")
"""Formats of a policy that `pull` asks for; those that are absent are named."""
REPORT = "report.html"


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came.

    Attributes:
        paths: where it lies now.
        absent: what a model does not have, such as `pilot.tflite`.
        bytes_fetched: what was not here yet.
    """

    paths: tuple[Path, ...]
    absent: tuple[str, ...]
    bytes_fetched: int

    def as_json(self) -> dict[str, object]:
        """Return the result as `copycar remote pull --json` prints it."""
        paths = [str(path) for path in self.paths]
        return {"paths": paths, "absent": list(self.absent), "bytes_fetched": self.bytes_fetched}


def pull(url: str, out: Path | None, *, on_bytes: OnBytes | None = None) -> Pulled:
    """Bring one thing here, proven by its hashes; what is here already is not fetched again.

    Args:
        url: BUCKET/KIND/NAME, such as `s3://rides/models/pilot`.
        out: of datasets and runs the new folder, by default NAME; of policies and films the folder that they go to,
            by default this one.
        on_bytes: is told how far it is.

    Raises:
        CopycarError: there is no such thing, it was altered in the bucket, something else lies here already; or as
            `Place.get`. What has arrived stays, and is not fetched again.
        OSError: the disk is full.
    """
    address = address_of(as_url(url))
    match address.kind:
        case "datasets":
            return _pull_dataset(address, out or Path(address.name), on_bytes)
        case "runs":
            folder = out or Path(address.name)
            return Pulled((folder,), (), pull_files(address.url, folder, on_bytes))
        case kind:
            return _pull_files(address, out or Path(), kind == MODELS)


def pull_files(url: str, out: Path, on_bytes: OnBytes | None = None) -> int:
    """Bring a parcel of files, such as a run, into the folder `out`; return how many bytes were fetched.

    Raises:
        CopycarError, OSError: as `pull`.
    """
    place = Place(url)
    index = read_index(place)
    waiting = _waiting(out)
    n_fetched = fetch(place, index.parts, waiting, on_bytes)
    place_files(waiting, index, out)
    shutil.rmtree(waiting)
    return n_fetched


def listing(bucket: str) -> dict[str, list[str]]:
    """Return the names of what a bucket holds, by kind.

    Raises:
        CopycarError: as `Place.find`.
    """
    bucket = as_url(bucket)
    parcels = {
        kind: sorted(
            found.name.removesuffix(f"/{INDEX}")
            for found in Place(f"{bucket}/{kind}").find()
            if found.name.endswith(f"/{INDEX}")
        )
        for kind in (DATASETS, RUNS)
    }
    return parcels | {kind: names_in(Place(f"{bucket}/{kind}")) for kind in (MODELS, MOVIES)}


def _pull_dataset(address: Address, out: Path, on_bytes: OnBytes | None) -> Pulled:
    place = Place(address.url)
    index = read_index(place)
    if out.exists() and any(out.iterdir()):
        _require_same(out, index)
        return Pulled(_tubs(out, index), (), 0)
    waiting = _waiting(out)
    n_fetched = fetch(place, index.parts, waiting, on_bytes)
    shards_to_dataset(waiting, index, out)
    shutil.rmtree(waiting)
    return Pulled(_tubs(out, index), (), n_fetched)


def _pull_files(address: Address, folder: Path, is_model: bool) -> Pulled:
    place, name = Place(f"{address.bucket}/{address.kind}"), address.name
    files = find_files(place, name)
    if not files:
        names = ", ".join(names_in(place)) or "nothing"
        raise CopycarError(f"there is no {address.url}", f"{place.url} holds {names}", "correct the name")
    folder.mkdir(parents=True, exist_ok=True)
    brought = [fetch_file(place, file, folder) for file in files]
    paths, n_fetched = [path for path, _ in brought], sum(n_new for _, n_new in brought)
    absent = [name + suffix for suffix in ARTEFACTS if is_model and name + suffix not in {one.file for one in files}]
    if is_model:
        report, n_new = _pull_report(address, folder)
        paths, absent = [*paths, *report], absent if report else [*absent, f"{name}.html"]
        n_fetched += n_new
    return Pulled(tuple(paths), tuple(absent), n_fetched)


def _pull_report(address: Address, folder: Path) -> tuple[list[Path], int]:
    """Bring the page of the run that the model is of, as NAME.html; nothing where its run is not in the bucket."""
    place = Place(f"{address.bucket}/{RUNS}/{address.name}")
    parts = [part for part in read_index(place).parts if part.path == REPORT] if place.has(INDEX) else []
    if not parts:
        return [], 0
    waiting, page = _waiting(folder / address.name), folder / f"{address.name}.html"
    n_fetched = fetch(place, parts, waiting)
    (waiting / parts[0].object).replace(page)
    shutil.rmtree(waiting)
    return [page], n_fetched


def _waiting(out: Path) -> Path:
    """Return the folder beside `out` where parts lie until all of them are there."""
    out = out.expanduser().absolute()
    folder = out.with_name(f".{out.name}.pull")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _tubs(out: Path, index: Index) -> tuple[Path, ...]:
    names: Sequence[str] = index.about["tubs"]
    return (out,) if len(names) == 1 else tuple(out / name for name in names)


def _require_same(out: Path, index: Index) -> None:
    """Refuse to touch recordings that are others than those in the bucket.

    Packing is the same every time, so that the hashes of the shards tell.
    """
    tubs = [folder for folder in _tubs(out, index) if is_tub(folder)]
    names: Sequence[str] = index.about["tubs"]
    if len(tubs) == len(names):
        config = [out / name for name in index.about["config"] if (out / name).is_file()]
        pieces, _ = pieces_of(tubs, config, names)
        here = [hashlib.sha256(piece.read()).hexdigest() for piece in pieces]
        if here == [part.sha256 for part in index.parts]:
            return
    raise CopycarError(
        f"{out} exists already and holds something else",
        "nothing is ever overwritten",
        "name another folder: --out NEW",
    )
