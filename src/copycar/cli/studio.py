"""`copycar studio`: drive, look after recordings, train and compare in the browser."""

from pathlib import Path

from copycar.cli.invite import USUAL_PORT, Port, serve_pages
from copycar.core.errors import CopycarError, require


def studio(
    folder: Path = Path(),
    *,
    port: Port = USUAL_PORT,
    lan: bool = False,
    certificate: Path | None = None,
    key: Path | None = None,
    new_token: bool = False,
) -> None:
    """Open the studio in a browser.

    Args:
        folder: where recordings and trainings are; pages see nothing outside it.
        port: TCP port.
        lan: let other devices of this network in, by a link and a QR code.
        certificate: PEM file for HTTPS, without which browsers keep the tilt of a phone to themselves.
        key: the certificate's own key.
        new_token: make a new link; nobody gets in by the old one.
    """
    require("nicegui", "studio")
    from copycar.studio.workplace import Workplace  # noqa: PLC0415 - only who needs it waits

    if not folder.is_dir():
        raise CopycarError(f"there is no folder {folder}", fix="name the folder that your recordings are in")
    serve_pages(
        "STUDIO_PAGES",
        Workplace(folder),
        port=port,
        lan=lan,
        certificate=certificate,
        key=key,
        new_token=new_token,
    )
