"""One car in the network, by address and token. Knows what it can be asked; keeps nothing but the connection.

A car that encrypts with a certificate of its own is known by that certificate and no other: nobody else vouches for it.
"""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.studio.certificate import fingerprint

PREFIX = "/api/car"  # see `surface`
USUAL_PORT = 8887
PATIENCE_S = 5.0
HOLD_PATIENCE_S = 0.5  # a wish to move the wheels that takes longer is none any more
FILE_PATIENCE_S = 60.0  # a car may have to hash a whole recording first


@dataclass(frozen=True, slots=True)
class CarHealth:
    """How a car is.

    Attributes:
        told: what it says, see `surface`.
        link_ms: how long the question and the answer took together, milliseconds.
    """

    told: dict[str, Any]
    link_ms: float


class UnknownCertificateError(CopycarError):
    """A car shows a certificate that neither anybody else vouches for nor was trusted before.

    Attributes:
        certificate: PEM.
        fingerprint: of it, as the car prints it.
    """

    def __init__(self, certificate: str) -> None:
        self.certificate, self.fingerprint = certificate, fingerprint(certificate)
        super().__init__(
            "nobody vouches for the certificate of this car",
            f"its fingerprint is {self.fingerprint}",
            "compare it with the line `proof` that the car printed",
        )


class CarLink:
    """A connection to a car. Its methods wait for the answer; they may be called from any thread.

    Args:
        address: `HOST`, `HOST:PORT`, or the whole link that the car printed, which holds the token too.
        token: the car's; "" where the address holds it.
        trusted: tells for an address the one certificate that this car may show, PEM; "" where others must vouch.

    Raises:
        CopycarError: that is no address, or there is no token.

    Attributes:
        host: name of the car, for folders.
        address: with scheme and port, without the token.
        trusted: the certificate that it is known by; "" where others vouch for it, or it does not encrypt.
        page: link to its own pages, token included.
    """

    def __init__(self, address: str, token: str = "", trusted: Callable[[str], str] = lambda address: "") -> None:
        url = urlsplit(address if "://" in address else f"http://{address.strip()}")
        try:
            port = url.port or USUAL_PORT
        except ValueError as error:
            raise CopycarError(f"{address!r} is no address", str(error), "such as 192.168.1.7:8887") from error
        token = token or parse_qs(url.query).get("token", [""])[0]
        if url.scheme not in ("http", "https") or not url.hostname:
            raise CopycarError(f"{address!r} is no address", fix="such as 192.168.1.7:8887, or the car's whole link")
        if not token:
            raise CopycarError("the token is missing", fix="it stands in the link that the car printed")
        host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
        self.address = f"{url.scheme}://{host}:{port}"
        self.host = f"{url.hostname}-{port}".replace(":", "-")
        self.page = f"{self.address}/drive?token={token}"
        self.trusted = trusted(self.address)
        self._client = httpx.Client(
            base_url=self.address,
            verify=trusting(self.trusted) if self.trusted else True,
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE_S,
            trust_env=False,  # a car in the own network is not behind a proxy
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def health(self) -> CarHealth:
        """Return how the car is.

        Raises:
            CopycarError: it does not answer, or refuses.
        """
        started = time.perf_counter()
        told = self._asked("GET", "")
        return CarHealth(told, (time.perf_counter() - started) * 1e3)

    def calibration(self) -> dict[str, Any]:
        """Return its calibration, see `copycar.driving.calibration`."""
        told: dict[str, Any] = self._asked("GET", "/calibration")
        return told

    def calibrate(self, values: dict[str, Any], *, save: bool = False) -> dict[str, Any]:
        """Change some of its calibration at once; with `save` also in its TOML file. Return all of it."""
        told: dict[str, Any] = self._asked("POST", "/calibration", json={"values": values, "save": save})
        return told

    def hold(self, action: Action) -> tuple[float, float]:
        """Hold its wheels there for a fifth of a second; return what its motors were told."""
        told = self._asked(
            "POST", "/hold", json={"steering": action.steering, "throttle": action.throttle}, timeout=HOLD_PATIENCE_S
        )
        return tuple(told["executed"])

    def tubs(self) -> list[dict[str, Any]]:
        """Return its recordings: `{"name", "files", "bytes"}`."""
        told: list[dict[str, Any]] = self._asked("GET", "/tubs")
        return told

    def tub_files(self, name: str) -> list[dict[str, Any]]:
        """Return the files of a recording: `{"path", "bytes", "sha256"}`, its manifest last."""
        told: list[dict[str, Any]] = self._asked("GET", "/tub", params={"name": name}, timeout=FILE_PATIENCE_S)
        return told

    def policies(self) -> list[str]:
        """Return the names of its policies."""
        told: list[str] = self._asked("GET", "/policies")
        return told

    def fetch(self, tub: str, path: str, to: Path) -> int:
        """Append what is missing of one file to `to`; return how many bytes came.

        Raises:
            CopycarError: as `health`.
        """
        have = to.stat().st_size if to.exists() else 0
        headers = {"Range": f"bytes={have}-"} if have else {}
        answer = self._request("GET", "/file", params={"tub": tub, "path": path}, headers=headers)
        with to.open("ab" if answer.status_code == httpx.codes.PARTIAL_CONTENT else "wb") as file:
            file.write(answer.content)
        return len(answer.content)

    def received(self, sha256: str) -> int:
        """Return how many bytes of a policy the car has already."""
        return int(self._asked("GET", "/policy", params={"sha256": sha256})["received"])

    def send(self, name: str, sha256: str, offset: int, data: bytes, *, is_last: bool) -> int:
        """Send one piece of a policy; return the bytes that the car has now."""
        asked = {"name": name, "sha256": sha256, "offset": offset, "last": "true" if is_last else "false"}
        told = self._asked("POST", "/policy", params=asked, content=data, timeout=FILE_PATIENCE_S)
        return int(told["received"])

    def _shown_certificate(self) -> str:
        url = urlsplit(self.address)
        assert url.hostname and url.port
        try:
            return ssl.get_server_certificate((url.hostname, url.port), timeout=PATIENCE_S)
        except OSError as error:
            raise CopycarError("the car does not answer", str(error), "try again") from error

    def _asked(self, method: str, path: str, **more: Any) -> Any:
        return self._request(method, path, **more).json()

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, PREFIX + path, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if _is_unvouched(error):
                raise UnknownCertificateError(self._shown_certificate()) from error
            why = f"{type(error).__name__}: {error}"
            raise CopycarError(
                "the car does not answer", why, "look whether `copycar studio --lan` runs on it, and its address"
            ) from error
        if answer.is_success:
            return answer
        raise _refusal(answer)


def _is_unvouched(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__context__
    return error is not None


def trusting(certificate: str) -> ssl.SSLContext:
    """Return what lets this one certificate through, whatever it says the car is called, and no other."""
    context = ssl.create_default_context(cadata=certificate)
    context.check_hostname = False  # the address of a car changes; its certificate does not
    return context


def _refusal(answer: httpx.Response) -> CopycarError:
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return CopycarError("the car does not know this token", fix="take the one of the link that the car printed")
    if answer.status_code == httpx.codes.NOT_FOUND:
        return CopycarError("this address is no car of copycar's", f"{answer.url.path} is not there", "update copycar")
    try:
        told = answer.json()
        return CopycarError(str(told["what"]), str(told.get("why", "")), str(told.get("fix", "")))
    except (ValueError, KeyError, TypeError):
        return CopycarError("the car refuses", f"status {answer.status_code}", "look at the window that it runs in")
