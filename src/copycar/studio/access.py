"""Who may ask this server for what: pure decisions on the facts of a request. Knows nothing of ASGI and of pages.

A page that drives a car must not be driven by another website, by a neighbour in the same network, or by a name that
suddenly points here (DNS rebinding). So every request needs the token, a host name that is ours, and, where it could
change something, an origin that is this very server.
"""

import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

READS = frozenset({"GET", "HEAD"})
"""Methods that change nothing; WebSockets, although opened by a GET, are not among them."""

METHODS = READS | {"POST"}

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts of one request.

    Attributes:
        host: header `Host`.
        origin: header `Origin`; None where there is none, as from programs that are no browser.
        cookie_token: the token that a browser keeps; "" where it has none.
        bearer_token: the token of `Authorization: Bearer …`, as programs send it; "" where there is none.
        method: in capitals.
        is_socket: whether a WebSocket is asked for.
    """

    host: str
    origin: str | None = None
    cookie_token: str = ""
    bearer_token: str = ""
    method: str = "GET"
    is_socket: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered.

    Attributes:
        status: of HTTP.
        what, fix: for the page that says so.
    """

    status: int
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Access:
    """What a request has to bring.

    Attributes:
        token: the secret.
        hosts: names and addresses that this server is reached by, in small letters and without port.
    """

    token: str
    hosts: frozenset[str] = LOOPBACK

    def knows(self, token: str) -> bool:
        """Return whether it is the token, in a time that does not tell how much of it was right."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def refusal(self, asked: Asked) -> Refusal | None:
        """Return why the request is refused; None where it may pass."""
        if host_name(asked.host) not in self.hosts:
            return Refusal(400, f"this server is not called {asked.host!r}", "open the link that it printed")
        if asked.method not in METHODS:
            return Refusal(405, f"{asked.method} is not answered here", "use GET or POST")
        is_program = self.knows(asked.bearer_token)
        if not is_program and not self.knows(asked.cookie_token):
            return Refusal(401, "the token is missing or wrong", "open the link that the server printed")
        could_change = asked.is_socket or asked.method not in READS
        if could_change and not (is_own_origin(asked) or (is_program and asked.origin is None)):
            return Refusal(
                403, f"{asked.origin or 'a page without origin'} may not use this server", "open its own page"
            )
        return None


def is_own_origin(asked: Asked) -> bool:
    """Return whether the page that asks came from this server, port included.

    >>> is_own_origin(Asked("localhost:8887", "http://localhost:8887"))
    True
    >>> is_own_origin(Asked("localhost:8887", "http://localhost:9000"))
    False
    """
    return asked.origin is not None and urlsplit(asked.origin).netloc.lower() == asked.host.lower() != ""


def host_name(host: str) -> str:
    """Return the name of a `Host` header without its port.

    >>> host_name("[::1]:8887"), host_name("Robot.local:80")
    ('::1', 'robot.local')
    """
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
