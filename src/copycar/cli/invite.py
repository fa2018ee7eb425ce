"""Start the browser's server and tell how to get there: link, and in a network a QR code for phones. Knows no page."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from copycar.cli.output import log, tell
from copycar.core.errors import CopycarError, require
from copycar.tubs.user_cache import user_cache

Port = Annotated[int, Parameter(validator=Number(gte=1, lte=65535))]

USUAL_PORT = 8887
"""donkeycar's web controller has it: people's fingers know it."""


def serve_pages(
    pages: str,
    given: Any,
    *,
    port: int = USUAL_PORT,
    lan: bool = False,
    certificate: Path | None = None,
    key: Path | None = None,
    new_token: bool = False,
) -> None:
    """Serve pages until Ctrl-C.

    Args:
        pages: name of a table in `copycar.studio.pages`.
        given: what each of its pages gets.
        port: TCP port.
        lan: let the whole network in, rather than this machine alone.
        certificate: PEM file, for HTTPS.
        key: the certificate's own key.
        new_token: let nobody in who had the link before.

    Raises:
        CopycarError: the extra [studio] is missing, the port is taken, or a file cannot be used.
    """
    require("nicegui", "studio")
    from copycar.studio import pages as tables  # noqa: PLC0415 - the web server: only who needs it waits
    from copycar.studio.server import Address, serve  # noqa: PLC0415
    from copycar.studio.token import own_token  # noqa: PLC0415

    check_certificate(certificate, key)
    address = Address(own_token(user_cache(), new=new_token), port, lan, certificate, key)
    table = getattr(tables, pages)
    path = next(iter(table))
    serve(
        table,
        given,
        address,
        on_ready=lambda port: _tell_links(address.token, port, path, lan, certificate is not None),
    )


def check_certificate(certificate: Path | None, key: Path | None) -> None:
    """Make sure that both files are there, or neither is asked for.

    Raises:
        CopycarError: one is missing.
    """
    for path, name, other in ((certificate, "certificate", key), (key, "key", certificate)):
        if path is None and other is not None:
            raise CopycarError(f"--{name} is missing", "HTTPS needs a certificate and its key")
        if path is not None and not path.is_file():
            raise CopycarError(f"there is no file {path}", fix=f"check --{name}")


def _tell_links(token: str, port: int, path: str, lan: bool, is_secure: bool) -> None:
    from copycar.studio.invitation import lan_addresses, link, qr_code  # noqa: PLC0415

    here = link("localhost", port, token, path, is_secure=is_secure)
    tell(log, f"open {here}")
    if lan:
        addresses = lan_addresses()
        if not addresses:
            tell(log, "this machine is in no network, so nobody else can come in")
        for address in addresses:
            tell(log, f"or, from another device, {link(address, port, token, path, is_secure=is_secure)}")
        if addresses:
            tell(log, qr_code(link(addresses[0], port, token, path, is_secure=is_secure)))
    tell(log, "Ctrl-C ends it")
