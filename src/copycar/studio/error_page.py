"""The page that says what went wrong, why and how to mend it, where no other page could be built.

One plain answer without scripts, so that it works when nothing else does. Knows nothing of what failed.
"""

import html

from starlette.responses import HTMLResponse

from copycar.core.errors import CopycarError
from copycar.studio.access import Refusal

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 12vh auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } label { display: block; margin: 1rem 0 .25rem; }
input, button { font: inherit; padding: .5rem; max-width: 100%; } a { color: LinkText; }
"""


def error_page(status: int, what: str, why: str = "", fix: str = "", more: str = "") -> HTMLResponse:
    """Return the page.

    Args:
        status: of HTTP.
        what: plain text, as in `CopycarError`.
        why: likewise.
        fix: likewise.
        more: HTML at the end of it.
    """
    lines = "".join(
        f"<p>{f'<b>{name}</b> ' if name else ''}{html.escape(text)}</p>"
        for name, text in (("", why), ("What to do:", fix))
        if text
    )
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>copycar: something went wrong</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{html.escape(what)}</h1>{lines}{more}</main></body></html>"
    )
    return HTMLResponse(body, status, {"Cache-Control": "no-store"})


def token_page(refusal: Refusal) -> HTMLResponse:
    """Return the page for somebody without the token, with a place to type it."""
    form = (
        '<form><label for="token">Token, from the window in which the studio was started</label>'
        '<input id="token" name="token" autocomplete="off" required> <button>Open</button></form>'
    )
    return error_page(refusal.status, refusal.what, fix=refusal.fix, more=form)


def in_words(error: Exception) -> tuple[str, str, str]:
    """Return what, why and fix of any error: a `CopycarError` says them itself, another one is our fault."""
    if isinstance(error, CopycarError):
        return error.what, error.why, error.fix
    fix = "look at the window in which the studio runs: the whole error is there"
    return "that did not work", f"{type(error).__name__}: {error}", fix
