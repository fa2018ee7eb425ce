"""Requests to the services that run jobs: their refusals in words. Knows no service."""

from collections.abc import Mapping
from typing import Any

from copycar.core.errors import CopycarError, require

TIMEOUT_S = 60.0


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    service: str,
    fix: Mapping[int, str],
    json: Any = None,
    content: bytes | None = None,
) -> Any:
    """Send a request and return what the service answers: JSON, or text.

    Args:
        method: "GET", "POST" or "PUT".
        url: of the service.
        headers: with the token that proves who asks.
        service: its name, for messages.
        fix: what to do about an answer of this status.
        json: what is sent.
        content: or bytes.

    Returns:
        None where the service knows nothing of what was asked for (404).

    Raises:
        CopycarError: it cannot be reached, or refuses.
    """
    httpx: Any = require("httpx", "remote")
    try:
        answer = httpx.request(method, url, headers=dict(headers), json=json, content=content, timeout=TIMEOUT_S)
    except httpx.HTTPError as error:
        raise CopycarError(
            f"{service} at {url} cannot be reached",
            str(error) or type(error).__name__,
            "check its address and the network",
        ) from error
    if answer.status_code == 404:
        return None
    if answer.status_code >= 400:
        what = fix.get(answer.status_code, "look at what it says")
        raise CopycarError(f"{service} refuses with {answer.status_code}", _reason(answer), what)
    return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text


def _reason(answer: Any) -> str:
    """Return the service's own words: Google's `error.message`, or the first line."""
    try:
        error = answer.json().get("error", {})
        text = error.get("message", "") if isinstance(error, dict) else str(error)
    except (ValueError, AttributeError):
        text = ""
    return (text or answer.text).strip().partition("\n")[0][:300]
