"""`copycar studio`: drive, look after recordings, train and compare in the browser."""

from pathlib import Path

from copycar.cli.numbers import Natural
from copycar.core.errors import CopycarError, require


def studio(
    folder: Path = Path(),
    *,
    port: Natural = 8887,
    lan: bool = False,
    https: bool = False,
    certificate: Path | None = None,
    key: Path | None = None,
    new_token: bool = False,
    json: bool = False,
) -> None:
    """Open the studio in a browser. Ctrl-C ends it.

    Args:
        folder: where recordings and trainings are; pages see nothing outside it.
        port: of the pages; 0 takes a free one.
        lan: let other devices of this network in, by a link and a QR code.
        https: encrypt with a certificate that is made the first time; the tilt of a phone needs it.
        certificate: PEM file, for HTTPS with another certificate.
        key: the certificate's own key.
        new_token: make a new link; nobody gets in by the old one.
        json: print one JSON object with the links as soon as the pages can be opened.
    """
    require("nicegui", "studio")
    from copycar.cli.serve_pages import serve_pages  # noqa: PLC0415 - the web server takes a second to load
    from copycar.studio.pages import STUDIO_PAGES  # noqa: PLC0415
    from copycar.studio.workplace import Workplace  # noqa: PLC0415

    if not folder.is_dir():
        raise CopycarError(f"there is no folder {folder}", fix="name the folder that your recordings are in")
    serve_pages(
        STUDIO_PAGES,
        Workplace(folder),
        port=port,
        lan=lan,
        https=https,
        json=json,
        certificate=certificate,
        key=key,
        new_token=new_token,
    )
