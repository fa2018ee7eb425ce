"""Serve pages in the browser until Ctrl-C: print the link that lets one in, and a QR code for phones."""

import os
import sys
from pathlib import Path
from typing import Any

from copycar.cli.output import print_json, show, tell
from copycar.studio.invitation import lan_addresses, link, qr_code
from copycar.studio.pages import Pages
from copycar.studio.server import Address, serve
from copycar.studio.token import own_token


def serve_pages(pages: Pages, given: Any, *, port: int, lan: bool, json: bool) -> None:
    """Serve pages and say where.

    Args:
        pages: the table of pages.
        given: what every page gets.
        port: 0 takes a free one.
        lan: let others of the network in, who have the link.
        json: print one JSON object as soon as the server answers, instead of lines.
    """
    token = own_token(state_folder())

    def on_ready(bound: int) -> None:
        links = [link(address, bound, token) for address in ("localhost", *(lan_addresses() if lan else ()))]
        if json:
            print_json({"links": links, "port": bound})
            sys.stdout.flush()  # whoever reads it waits for it, and this program goes on
            return
        for address in links:
            tell(show, f"open    {address}")
        if lan and len(links) > 1:
            show.print(qr_code(links[1]))
        tell(show, "stop    Ctrl-C")

    serve(pages, given, Address(token, port, lan), on_ready)


def state_folder() -> Path:
    """Return the user's own folder for what is no setting and no cache (XDG base directory specification)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "copycar"
