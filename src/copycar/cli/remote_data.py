"""`copycar remote pack`, `unpack`, `push`, `pull`: recordings and policies to and from object storage."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from copycar.cli.output import log, print_json, show, tell
from copycar.core.errors import CopycarError
from copycar.remote.archive import Archived, is_archive, read_archive
from copycar.remote.pack import pack as pack_tubs
from copycar.remote.place import is_url
from copycar.remote.pull import pull as pull_from
from copycar.remote.push import push as push_to
from copycar.remote.unpack import unpack_dataset

Out = Annotated[Path, Parameter(alias="-o")]
SETTINGS_OPTION = Parameter(name="--config", consume_multiple=False)
MANY_SHOWN = 8
NOT_FOUND = "check the path"


def pack(
    *tubs: str,
    out: Annotated[str, Parameter(alias="-o")],
    config: Annotated[tuple[Path, ...], SETTINGS_OPTION] = (),
    json: bool = False,
) -> None:
    """Pack recordings with their edits and configuration; the same input gives the same bytes.

    Args:
        tubs: folders of recordings, or glob patterns.
        out: a folder or URL (gs://, s3://, az://, file://) for shards, or FILE.tgz for donkeycar's cloud scripts.
        config: a settings file that travels along, such as run.toml; may be given several times.
        json: print one JSON object.
    """
    with byte_bar("packing") as on_bytes:
        packed = pack_tubs(tubs, out, config, on_bytes)
    if json:
        print_json(packed.as_json())
        return
    total, new = size_in_words(packed.bytes_total), size_in_words(packed.bytes_written)
    tell(show, f"{packed.out}: {total} in {packed.shards} files, {new} new")


def unpack(packed: Path, *, out: Out, json: bool = False) -> None:
    """Unpack what `pack` wrote, or an archive of donkeycar's cloud scripts, whose configuration is read and never run.

    Args:
        packed: a folder of shards, or a .tgz.
        out: the new folder: the tub itself, or a folder of tubs where several were packed.
        json: print one JSON object.
    """
    if is_archive(packed):
        if not packed.is_file():
            raise CopycarError(f"no archive {packed}", fix=NOT_FOUND)
        _tell_archived(read_archive(packed, out), json)
        return
    if not (packed / "index.json").is_file():
        raise CopycarError(f"{packed} is no packed dataset", "it has no index.json", "name what `pack` or `pull` wrote")
    tubs = unpack_dataset(packed, out)
    if json:
        print_json({"tubs": [str(tub) for tub in tubs]})
        return
    _list_paths(tubs)


def push(
    *what: str,
    name: str | None = None,
    config: Annotated[tuple[Path, ...], SETTINGS_OPTION] = (),
    verify: bool = False,
    json: bool = False,
) -> None:
    """Send recordings, a packed dataset, a run, a policy or a film to a bucket; what is there is not sent again.

    Args:
        what: what to send, then the URL of the bucket, such as s3://rides.
        name: under which it is found again; default: its own.
        config: a settings file that travels with recordings; may be given several times.
        verify: read back what is there already, and replace what was altered.
        json: print one JSON object.
    """
    if len(what) < 2 or not is_url(what[-1]):
        raise CopycarError("push needs things to send and then a bucket", fix="copycar remote push data s3://BUCKET")
    paths = [path for text in what[:-1] for path in _paths(text)]
    with byte_bar("sending") as on_bytes:
        pushed = push_to(paths, what[-1], name=name, config=config, verify=verify, on_bytes=on_bytes)
    if json:
        print_json(pushed.as_json())
        return
    for url in pushed.urls:
        tell(show, url)
    tell(show, f"{size_in_words(pushed.bytes_sent)} sent of {size_in_words(pushed.bytes_total)}")


def pull(url: str, out: Annotated[Path | None, Parameter(alias="-o")] = None, *, json: bool = False) -> None:
    """Bring a dataset, a run, a film, or a model in every format that it has, proven by their hashes.

    Args:
        url: BUCKET/KIND/NAME, such as s3://rides/models/pilot; kinds are datasets, runs, models, movies.
        out: the new folder of a dataset or run (default: its name), the folder that other files go to (default: this).
        json: print one JSON object.
    """
    with byte_bar("fetching") as on_bytes:
        pulled = pull_from(url, out, on_bytes=on_bytes)
    if json:
        print_json(pulled.as_json())
        return
    _list_paths(pulled.paths)
    if pulled.absent:
        tell(log, f"absent: {', '.join(pulled.absent)}")
    tell(show, f"{size_in_words(pulled.bytes_fetched)} fetched")


@contextmanager
def byte_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar in bytes on stderr; nothing where stderr is not a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=log, transient=True, disable=not log.is_terminal) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _paths(text: str) -> list[Path]:
    """Return the path, or what a glob pattern matches."""
    path = Path(text).expanduser()
    matches = [path] if path.exists() else sorted(Path().glob(text)) if not path.is_absolute() else []
    if not matches:
        raise CopycarError(f"there is no {text}", fix=NOT_FOUND)
    return matches


def _tell_archived(archived: Archived, json: bool) -> None:
    settings = str(archived.settings) if archived.settings else None
    if json:
        print_json({"tubs": [str(archived.tub)], "settings": settings, "left_out": list(archived.left_out)})
        return
    tell(show, str(archived.tub))
    if settings:
        tell(show, f"its configuration as settings: {settings} ({len(archived.left_out)} names mean nothing here)")


def _list_paths(paths: "list[Path] | tuple[Path, ...]") -> None:
    for path in paths[:MANY_SHOWN]:
        tell(show, str(path))
    if len(paths) > MANY_SHOWN:
        tell(show, f"… and {len(paths) - MANY_SHOWN} more")


def size_in_words(n_bytes: int) -> str:
    """Return a size as people read it."""
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e5 else f"{n_bytes:,} bytes"
