"""Serve pages in the browser until Ctrl-C: print the link that lets one in, and a QR code for phones."""

import sys
from pathlib import Path
from typing import Any

from copycar.cli.output import log, print_json, tell
from copycar.core.errors import CopycarError
from copycar.core.state_folder import state_folder
from copycar.studio.access import LOOPBACK
from copycar.studio.certificate import fingerprint, own_certificate
from copycar.studio.invitation import lan_addresses, link, own_names, qr_code
from copycar.studio.pages import Pages
from copycar.studio.server import Address, serve
from copycar.studio.token import own_token


def serve_pages(
    pages: Pages,
    given: Any,
    *,
    port: int,
    lan: bool,
    https: bool = False,
    json: bool = False,
    certificate: Path | None = None,
    key: Path | None = None,
    new_token: bool = False,
) -> None:
    """Serve pages and say where.

    Args:
        pages: the table of pages.
        given: what every page gets.
        port: 0 takes a free one.
        lan: let others of the network in, who have the link.
        https: with a certificate of our own, made where there is none.
        json: print one JSON object as soon as the server answers, instead of lines.
        certificate: PEM file, for HTTPS with another one.
        key: the certificate's own key.
        new_token: let nobody in who had the link before.

    Raises:
        CopycarError: the port is taken, or a file is missing.
    """
    check_certificate(certificate, key)
    if https and certificate is None:
        certificate, key = own_certificate(state_folder(), LOOPBACK | own_names())
    proof = fingerprint(certificate.read_text()) if certificate else None
    token = own_token(state_folder(), new=new_token)

    def on_ready(bound: int) -> None:
        addresses = ["localhost", *(lan_addresses() if lan else ())]
        links = [link(address, bound, token, is_secure=certificate is not None) for address in addresses]
        if json:
            print_json({"links": links, "port": bound, "fingerprint": proof})
            sys.stdout.flush()  # whoever reads it waits for it, and this program goes on
            return
        for address in links:
            tell(log, f"open    {address}")
        if lan and len(links) > 1:
            tell(log, qr_code(links[1]))
        if proof:
            tell(log, f"proof   {proof}")
        tell(log, "stop    Ctrl-C")

    serve(pages, given, Address(token, port, lan, certificate, key), on_ready)


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
