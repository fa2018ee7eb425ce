"""Put a title and a body into the page. Knows nothing of what they say."""

from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic


def write_page(path: Path, title: str, body: str) -> Path:
    """Write a self-contained page and return its path.

    Args:
        path: the file; its folder must exist.
        title: plain text.
        body: HTML.

    Raises:
        CopycarError: `path` cannot be written.
    """
    template = Template((files("copycar.tubs.pages") / "page.html").read_text(encoding="utf-8"))
    date = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        write_atomic(path, template.substitute(title=escape(title), body=body, date=date))
    except OSError as error:
        raise CopycarError(
            f"cannot write the page {path}", error.strerror or str(error), "name another path"
        ) from error
    return path
