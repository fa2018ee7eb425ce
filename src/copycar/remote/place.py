"""A folder in object storage, by its URL: `gs://`, `s3://`, `az://` or `file://`. Knows nothing of what lies in it.

Credentials come from where the cloud's own tools have them (`copycar.remote.credentials`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from copycar.core.errors import CopycarError, require
from copycar.remote.credentials import is_plain_http, store_config
from copycar.remote.refusals import explained, is_missing_bucket

SCHEMES = ("gs", "s3", "az", "file")
RETRIES = 5
RETRY_S = 60
"""How often, and for how long in all, a request is tried again after the network or the server failed."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object.

    Attributes:
        name: below its place.
        n_bytes: size.
        changed: when it was written.
    """

    name: str
    n_bytes: int
    changed: datetime


class Place:
    """A folder in object storage. Writing an object is all or nothing: nobody ever sees half of one.

    Args:
        url: where it is; a folder of this machine may also be given as a path.

    Raises:
        CopycarError: an unknown kind of URL, one without a bucket, or the extra [remote] is missing.
    """

    def __init__(self, url: str | Path) -> None:
        self.url = as_url(url)
        self._obstore: Any = require("obstore", "remote")
        with self._explaining():
            self._store = _open(self.url)

    def __repr__(self) -> str:
        return f"Place({self.url!r})"

    def __truediv__(self, name: str) -> "Place":
        return Place(f"{self.url}/{name}")

    def put(self, name: str, data: bytes) -> None:
        """Write an object, replacing what has its name.

        Raises:
            CopycarError: wrong credentials, no such bucket, no network, a full disk.
        """
        with self._explaining(name):
            self._obstore.put(self._store, name, data)

    def get(self, name: str) -> bytes:
        """Return an object.

        Raises:
            CopycarError: there is none; or as `put`.
        """
        with self._explaining(name):
            return bytes(self._obstore.get(self._store, name).bytes())

    def get_if_there(self, name: str) -> bytes | None:
        """Return an object, or None where the place has none of this name.

        Raises:
            CopycarError: as `put`.
        """
        with self._explaining(name):
            try:
                return bytes(self._obstore.get(self._store, name).bytes())
            except FileNotFoundError as error:
                if is_missing_bucket(error):
                    raise
                return None

    def stream(self, name: str, start: int = 0) -> Iterator[bytes]:
        """Yield an object piece by piece, from byte `start` on, which is less than its size.

        Raises:
            CopycarError: as `get`.
        """
        with self._explaining(name):
            options = {"range": {"offset": start}} if start else {}
            for piece in self._obstore.get(self._store, name, options=options).stream():
                yield bytes(piece)

    def find(self, prefix: str = "") -> list[Found]:
        """Return the objects whose names begin with the folder `prefix`, by name; nothing where there are none.

        Raises:
            CopycarError: as `put`.
        """
        with self._explaining(prefix):
            listed = self._obstore.list(self._store, prefix or None).collect()
        found = [Found(each["path"], each["size"], each["last_modified"]) for each in listed]
        return sorted(found, key=lambda each: each.name)

    def has(self, name: str) -> bool:
        """Return whether there is an object of this name.

        Raises:
            CopycarError: as `put`.
        """
        with self._explaining(name):
            try:
                self._obstore.head(self._store, name)
            except FileNotFoundError as error:
                if is_missing_bucket(error):
                    raise
                return False
        return True

    def remove(self, name: str) -> None:
        """Delete an object.

        Raises:
            CopycarError: as `put`.
        """
        with self._explaining(name):
            self._obstore.delete(self._store, name)

    @contextmanager
    def _explaining(self, name: str = "") -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError, self._obstore.exceptions.BaseError) as error:
            raise explained(error, f"{self.url}/{name}".rstrip("/")) from error


def as_url(given: str | Path) -> str:
    """Return the URL without a slash at its end; a path becomes a `file://` one.

    Raises:
        CopycarError: an unknown kind of URL, or one without a bucket.
    """
    text = str(given)
    if "://" not in text:
        return Path(text).expanduser().resolve().as_uri()
    parts = urlsplit(text)
    if parts.scheme not in SCHEMES:
        kinds = ", ".join(f"{scheme}://" for scheme in SCHEMES)
        raise CopycarError(f"{text} is no object storage that copycar knows", fix=f"use one of {kinds}")
    if parts.scheme != "file" and not parts.netloc:
        raise CopycarError(
            f"{text} names no bucket", fix=f"write {parts.scheme}://BUCKET or {parts.scheme}://BUCKET/FOLDER"
        )
    return text.rstrip("/")


def is_url(text: str) -> bool:
    """Return whether this is a URL rather than a path.

    >>> is_url("s3://rides/monday"), is_url("data/monday")
    (True, False)
    """
    return "://" in text


def local_folder(url: str) -> Path | None:
    """Return the folder of a `file://` URL; None for every other kind."""
    parts = urlsplit(url)
    return Path(url2pathname(unquote(parts.path))) if parts.scheme == "file" else None


def _open(url: str) -> Any:
    stores: Any = require("obstore.store", "remote")
    folder = local_folder(url)
    if folder is not None:
        return stores.LocalStore(folder, mkdir=True)
    scheme = urlsplit(url).scheme
    config = store_config(scheme)
    return stores.from_url(
        url,
        config=config or None,
        client_options={"allow_http": True} if is_plain_http(scheme, config) else None,
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRY_S)},
    )
