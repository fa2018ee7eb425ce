"""A film inside the page: the mp4 and its poster as data, so that one file is the whole report."""

import base64
from pathlib import Path


def film_section(film: Path) -> str:
    """Return the video element.

    Raises:
        OSError: no such film.
        CopycarError: the extra [sim] is missing, which decodes the poster.
    """
    from copycar.evaluation.film import poster_jpeg  # noqa: PLC0415 - needs [sim]; a report without a film does not

    poster = base64.b64encode(poster_jpeg(film)).decode("ascii")
    data = base64.b64encode(film.read_bytes()).decode("ascii")
    return (
        f'<video controls playsinline muted loop preload="metadata" poster="data:image/jpeg;base64,{poster}" '
        f'src="data:video/mp4;base64,{data}"></video>'
    )
