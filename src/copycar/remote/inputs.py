"""What a command of this machine works on, sent where a job can fetch it. Knows words, not what verbs mean by them.

A word that names a file or folder here is sent, and becomes `inputs/NAME` in the job's command. Words after an option
that says where something is to be written are left alone.
"""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.remote.bucket import DATASETS, address_of, plain_name
from copycar.remote.dataset import pieces_of, tub_names
from copycar.remote.job import INPUTS, Input
from copycar.remote.parcel import OnBytes, Piece, read_index, send
from copycar.remote.place import Place
from copycar.remote.push import describe, run_files
from copycar.tubs.contents import is_tub

WRITTEN = {"--out", "-o", "--record", "--html", "--plots", "--report", "--film", "--picture"}
"""Options after which a word names what the command writes."""
DATA = "data"
"""Where a dataset of --data lies in the job's folder."""


@dataclass(frozen=True, slots=True)
class Travelling:
    """A command that is ready to travel.

    Attributes:
        command: its words, as in the job's folder.
        tubs: recordings of this machine that it works on, by their name in the job.
        files: other files and folders, likewise.
    """

    command: tuple[str, ...]
    tubs: dict[str, Path]
    files: dict[str, Path]

    @property
    def n_bytes(self) -> int:
        """Size of everything that has to be there."""
        pieces = [piece for name, tub in self.tubs.items() for piece in pieces_of([tub], (), [name])[0]]
        return sum(piece.n_bytes for piece in [*pieces, *_file_pieces(self.files)])


def travelling(command: Sequence[str], brought: Sequence[str] = ()) -> Travelling:
    """Find what the words of a command name on this machine.

    Args:
        command: a verb and its arguments.
        brought: words that name something which the job gets from elsewhere.

    Raises:
        CopycarError: two things of one name.
    """
    found: dict[str, Path] = {}
    words: list[str] = []
    for place, word in enumerate(command):
        is_result = place > 0 and command[place - 1] in WRITTEN
        if place == 0 or is_result or word in brought or word.startswith("-"):
            words.append(word)
            continue
        words += _word(word, found)
    tubs = {name: path for name, path in found.items() if path.is_dir() and is_tub(path)}
    return Travelling(tuple(words), tubs, {name: path for name, path in found.items() if name not in tubs})


def send_inputs(sent: Travelling, bucket: str, job: str, on_bytes: OnBytes | None = None) -> tuple[list[Input], int]:
    """Send what a command works on; return where the job finds it, and how many bytes were not there yet.

    Raises:
        CopycarError: as `Place.put`.
    """
    inputs: list[Input] = []
    n_sent = 0
    for name, tub in sent.tubs.items():
        pieces, frames = pieces_of([tub], (), [name])
        url = f"{bucket}/{DATASETS}/{plain_name(name)}"
        n_sent += send(Place(url), pieces, describe(frames, ()), on_bytes=on_bytes).bytes_sent
        inputs.append(Input(url, f"{INPUTS}/{name}"))
    if sent.files:
        url = f"{bucket}/jobs/{job}/{INPUTS}"
        n_sent += send(Place(url), _file_pieces(sent.files), {"kind": "files"}, on_bytes=on_bytes).bytes_sent
        inputs.append(Input(url, INPUTS))
    return inputs, n_sent


def planned_inputs(sent: Travelling, bucket: str, job: str) -> list[Input]:
    """Return where `send_inputs` would put everything."""
    tubs = [Input(f"{bucket}/{DATASETS}/{plain_name(name)}", f"{INPUTS}/{name}") for name in sent.tubs]
    return tubs + ([Input(f"{bucket}/jobs/{job}/{INPUTS}", INPUTS)] if sent.files else [])


def named_inputs(urls: Sequence[str]) -> list[Input]:
    """Return where things that lie in a bucket already are put: a dataset into `data`, others under their name.

    Raises:
        CopycarError: a URL names nothing that can be brought, or two datasets would lie in the same place.
    """
    inputs: list[Input] = []
    for url in urls:
        address = address_of(url)
        folder = {DATASETS: DATA, "runs": address.name}.get(address.kind, ".")
        if folder in {each.to for each in inputs} and folder == DATA:
            raise CopycarError("a job takes one dataset", fix="push the tubs together: copycar remote push A B BUCKET")
        inputs.append(Input(url, folder))
    return inputs


def dataset_frames(urls: Sequence[str]) -> int:
    """Return how many frames the datasets among these URLs have.

    Raises:
        CopycarError: as `read_index`.
    """
    datasets = [url for url in urls if address_of(url).kind == DATASETS]
    return sum(sum(read_index(Place(url)).about["frames"]) for url in datasets)


def _word(word: str, found: dict[str, Path]) -> list[str]:
    """Return what a word becomes, and note what it names."""
    head, colon, tail = word.partition(":")  # my_net.py:Net
    if head.isdecimal():
        return [word]
    if Path(head).exists():
        return [f"{INPUTS}/{_named(Path(head), found)}{colon}{tail}"]
    if glob.has_magic(word) and (matches := sorted(path for path in map(Path, glob.glob(word)) if is_tub(path))):  # noqa: PTH207
        return [f"{INPUTS}/{_named(path, found)}" for path in matches]
    return [word]


def _named(path: Path, found: dict[str, Path]) -> str:
    (name,) = tub_names([path])
    if found.get(name, path).resolve() != path.resolve():
        raise CopycarError(f"two inputs are called {name}", f"{found[name]} and {path}", "rename one of them")
    found[name] = path
    return name


def _file_pieces(files: dict[str, Path]) -> list[Piece]:
    pieces = []
    for name, path in files.items():
        inner = [path] if path.is_file() else run_files(path)
        for file in inner:
            below = name if path.is_file() else f"{name}/{file.relative_to(path).as_posix()}"
            pieces.append(Piece(below, file.suffix, file.stat().st_size, file.read_bytes))
    return pieces
