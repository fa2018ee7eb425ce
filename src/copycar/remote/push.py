"""Recordings, packed datasets, runs, policies and films into a bucket. Knows what each is by looking at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.learning.run import RUN_FILE, Run
from copycar.remote.bucket import DATASETS, MODELS, MOVIES, RUNS, plain_name
from copycar.remote.dataset import pieces_of
from copycar.remote.named import send_files
from copycar.remote.parcel import INDEX, Index, OnBytes, Piece, Sent, send
from copycar.remote.place import Place, as_url
from copycar.tubs.contents import is_tub

POLICY_SUFFIXES = (".onnx", ".tflite", ".keras", ".h5")
MOVIE_SUFFIXES = (".mp4",)
TORN = (".partial", ".part")
"""Endings of files that somebody is still writing."""
DATASET = "dataset"


@dataclass(frozen=True, slots=True)
class Pushed:
    """What went where.

    Attributes:
        urls: of what can be pulled again.
        bytes_sent: what was not there yet.
        bytes_total: all of it.
    """

    urls: tuple[str, ...]
    bytes_sent: int
    bytes_total: int

    @classmethod
    def of(cls, sent: Sequence[Sent]) -> "Pushed":
        """Return several as one."""
        urls = tuple(one.url for one in sent)
        return cls(urls, sum(one.bytes_sent for one in sent), sum(one.bytes_total for one in sent))

    def as_json(self) -> dict[str, object]:
        """Return the result as `copycar remote push --json` prints it."""
        return {"urls": list(self.urls), "bytes_sent": self.bytes_sent, "bytes_total": self.bytes_total}


def push(
    what: Sequence[Path],
    bucket: str,
    *,
    name: str | None = None,
    config: Sequence[Path] = (),
    verify: bool = False,
    on_bytes: OnBytes | None = None,
) -> Pushed:
    """Send things to where their kind lies in the bucket; what is there already is not sent again.

    Args:
        what: several tubs (one dataset), or one packed dataset, run folder, policy file or film.
        bucket: URL of a bucket, or of a folder in it.
        name: under which it is found again; by default its own.
        config: settings files that travel with tubs.
        verify: read back what is there already, and replace what was altered.
        on_bytes: is told how far it is.

    Raises:
        CopycarError: nothing that is known; or as `Place.put`.
    """
    if not what:
        raise CopycarError("nothing to push was named", fix="copycar remote push data s3://BUCKET")
    first = what[0]
    name = plain_name(name or _own_name(first))
    bucket = as_url(bucket)
    if len(what) == 1 and (first / RUN_FILE).is_file():
        return _push_run(first, bucket, name, verify, on_bytes)
    if len(what) == 1 and first.is_file():
        return Pushed.of([send_files(Place(f"{bucket}/{_kind_of(first)}"), name, [first], on_bytes)])
    if len(what) == 1 and (first / INDEX).is_file() and not is_tub(first):
        pieces, about = packed_pieces(first)
    else:
        pieces, frames = pieces_of(what, config)
        about = describe(frames, config)
    return Pushed.of([send(Place(f"{bucket}/{DATASETS}/{name}"), pieces, about, verify=verify, on_bytes=on_bytes)])


def describe(frames: Mapping[str, int], config: Sequence[Path]) -> dict[str, object]:
    """Return what a dataset's index says besides its parts: nothing that differs from one packing to the next."""
    names = sorted(path.name for path in config)
    return {"kind": DATASET, "tubs": list(frames), "frames": list(frames.values()), "config": names}


def packed_pieces(folder: Path) -> tuple[list[Piece], dict[str, object]]:
    """Return the shards of a dataset that `pack` wrote, and what it says of itself.

    Raises:
        CopycarError: it is damaged, or a shard is missing.
    """
    index = Index.from_json((folder / INDEX).read_bytes(), str(folder / INDEX))
    missing = [part.object for part in index.parts if not (folder / part.object).is_file()]
    if missing:
        raise CopycarError(f"{folder} lacks {missing[0]}", f"{len(missing)} of its parts are missing", "pack it again")
    return [_file_piece(folder / part.object, "") for part in index.parts], dict(index.about)


def run_files(folder: Path) -> list[Path]:
    """Return a run's files by name, but for those that are still being written."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(TORN))
    return sorted(path for path in found if ".partial" not in path.name)


def push_run_files(
    folder: Path, bucket: str, name: str, *, verify: bool = False, on_bytes: OnBytes | None = None
) -> Sent:
    """Send a run's folder as it is now: a training may be going on in it.

    Raises:
        CopycarError: as `Place.put`.
    """
    pieces = [_file_piece(path, path.relative_to(folder).as_posix()) for path in run_files(folder)]
    about = {"kind": "run"}
    return send(Place(f"{bucket}/{RUNS}/{name}"), pieces, about, verify=verify, on_bytes=on_bytes)


def _push_run(folder: Path, bucket: str, name: str, verify: bool, on_bytes: OnBytes | None) -> Pushed:
    sent = [push_run_files(folder, bucket, name, verify=verify, on_bytes=on_bytes)]
    policies = [path for path in run_files(folder) if path.parent == folder and path.suffix in POLICY_SUFFIXES]
    by_suffix = {path.suffix: path for path in policies} | {Run(folder).policy.suffix: Run(folder).policy}
    present = [path for path in by_suffix.values() if path.is_file()]
    if present:
        sent.append(send_files(Place(f"{bucket}/{MODELS}"), name, present))
    return Pushed.of(sent)


def _own_name(path: Path) -> str:
    return path.stem if path.is_file() else path.resolve().name


def _kind_of(path: Path) -> str:
    if path.suffix in POLICY_SUFFIXES:
        return MODELS
    if path.suffix in MOVIE_SUFFIXES:
        return MOVIES
    known = ", ".join((*POLICY_SUFFIXES, *MOVIE_SUFFIXES))
    raise CopycarError(f"{path} is nothing that is pushed", f"files may be {known}", "name a tub, a run or such a file")


def _file_piece(path: Path, name: str) -> Piece:
    return Piece(name, path.suffix, path.stat().st_size, path.read_bytes)
