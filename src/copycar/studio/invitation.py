"""How a browser gets to the server: the addresses of this machine, the link with the token, a QR code of it."""

import io
import ipaddress
import socket

import ifaddr
import qrcode


def lan_addresses() -> list[str]:
    """Return this machine's IPv4 addresses in its networks, most likely first; empty without a network.

    Home and school networks come first (RFC 1918, in the order of how often people have them), loopback not at all.
    """
    found = {
        str(address.ip)
        for adapter in ifaddr.get_adapters()
        for address in adapter.ips
        if address.is_IPv4 and not ipaddress.ip_address(str(address.ip)).is_loopback
    }
    return sorted(found, key=lambda address: (_likelihood(address), address))


def own_names() -> frozenset[str]:
    """Return the names and addresses that others in the network may call this machine by."""
    name = socket.gethostname().lower()
    return frozenset({name, f"{name}.local", *lan_addresses()})


def link(address: str, port: int, token: str, path: str = "/", *, is_secure: bool = False) -> str:
    """Return the link that lets a browser in."""
    return f"http{'s' if is_secure else ''}://{address}:{port}{path}?token={token}"


def qr_code(text: str) -> str:
    """Return a QR code as lines of text: light on dark, as terminals are, readable by phones on both."""
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    return drawn.getvalue()


def _likelihood(address: str) -> int:
    starts = ("192.168.", "10.", "172.")
    return next((place for place, start in enumerate(starts) if address.startswith(start)), len(starts))
