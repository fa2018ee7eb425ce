"""The cars that were connected to: their addresses, and the certificates that somebody has trusted. Keeps no token."""

import json
from contextlib import suppress
from pathlib import Path

from copycar.core.files import write_json

FILE = "cars.json"
MOST = 20  # of a workshop; the latest ones


class KnownCars:
    """Cars, the latest first.

    Args:
        folder: the user's own; made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def addresses(self) -> list[str]:
        """Return their addresses, as `https://192.168.1.7:8887`."""
        return list(self._read())

    def certificate(self, address: str) -> str:
        """Return the certificate that was trusted for an address, PEM; "" where none was."""
        return self._read().get(address, "")

    def remember(self, address: str, certificate: str) -> None:
        """Put a car first; `certificate` is "" where it needs no trust of ours.

        Raises:
            OSError: the folder cannot be written.
        """
        others = {known: trusted for known, trusted in self._read().items() if known != address}
        kept = [(address, certificate), *others.items()][:MOST]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_json(self._file, dict(kept))

    def _read(self) -> dict[str, str]:
        with suppress(OSError, ValueError, AttributeError):
            return {str(address): str(pem) for address, pem in json.loads(self._file.read_text("utf-8")).items()}
        return {}
