"""Stands before every page, picture and socket: lets in what `access` allows, keeps answers to safe bounds.

An ASGI middleware. Knows nothing of pages.
"""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from copycar.studio.access import Access, Asked, Refusal
from copycar.studio.error_page import error_page, token_page

COOKIE_S = 30 * 24 * 3600  # a month: a course's phones need not be let in every lesson
MOST_BODY_BYTES = 1 << 20
"""Of a request: pages send clicks and a few numbers. A socket's message is limited likewise (`server`)."""

POLICY_VIOLATION = 1008  # RFC 6455, 7.4.1

# NiceGUI compiles its templates in the browser ('unsafe-eval'); nothing at all is fetched from elsewhere.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Wraps an application.

    Args:
        app: what is guarded.
        access: what a request has to bring.
        cookie: name of the cookie; cookies are shared between the ports of a host, so it should hold the port.
    """

    def __init__(self, app: ASGIApp, access: Access, cookie: str) -> None:
        self._app, self._access, self._cookie = app, access, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or socket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = self._facts(scope)
        offered = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("token", "")
        if scope["type"] == "http" and asked.method == "GET" and offered:
            await self._let_in(scope, asked, offered)(scope, receive, _with_headers(send))
        elif refusal := self._access.refusal(asked) or too_long(scope):
            await _refuse(refusal, scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._app(scope, _limited(receive), _with_headers(send))

    def _facts(self, scope: Scope) -> Asked:
        headers = Headers(scope=scope)
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        return Asked(
            host=headers.get("host", ""),
            origin=headers.get("origin"),
            cookie_token=_cookies(headers.get("cookie", "")).get(self._cookie, ""),
            bearer_token=bearer.strip() if kind.lower() == "bearer" else "",
            method=scope.get("method", "GET"),
            is_socket=scope["type"] == "websocket",
        )

    def _let_in(self, scope: Scope, asked: Asked, offered: str) -> Response:
        """Return the answer to the link: the token goes into a cookie and out of the address bar."""
        if refusal := self._access.refusal(Asked(asked.host, cookie_token=offered)):
            return _page(refusal)
        rest = [(key, value) for key, value in parse_qsl(scope["query_string"].decode("latin-1")) if key != "token"]
        # one slash alone in front: "//elsewhere" would lead to another server
        path = "/" + scope["path"].lstrip("/\\") + (f"?{urlencode(rest)}" if rest else "")
        answer = RedirectResponse(path, status_code=303)
        answer.set_cookie(
            self._cookie,
            offered,
            max_age=COOKIE_S,
            httponly=True,
            samesite="strict",
            secure=scope.get("scheme") == "https",
        )
        return answer


def too_long(scope: Scope) -> Refusal | None:
    """Return the refusal of a request that announces more than `MOST_BODY_BYTES`."""
    announced = Headers(scope=scope).get("content-length", "0")
    if announced.isdigit() and int(announced) <= MOST_BODY_BYTES:
        return None
    return Refusal(413, f"more than {MOST_BODY_BYTES} bytes are not taken", "send less")


def _limited(receive: Receive) -> Receive:
    """Return `receive`, cut off where more comes than was announced."""
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= MOST_BODY_BYTES else {"type": "http.disconnect"}

    return receive_limited


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return send_with_headers


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await _page(refusal)(scope, receive, _with_headers(send))
        return
    await receive()  # the socket's own "connect"
    await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": refusal.what[:100]})


def _page(refusal: Refusal) -> Response:
    return token_page(refusal) if refusal.status == 401 else error_page(refusal.status, refusal.what, fix=refusal.fix)


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
