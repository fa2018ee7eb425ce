"""Send a policy to a car in pieces: an interrupted one goes on where it was, and the car checks the whole."""

from pathlib import Path

from copycar.core.progress import OnProgress
from copycar.studio.car.files import sha256_of
from copycar.studio.car.link import CarLink

PIECE_BYTES = 256 * 1024
"""A quarter of what the guard takes in one request: a second of slow Wi-Fi."""


def push_policy(car: CarLink, policy: Path, name: str, on_bytes: OnProgress) -> int:
    """Send a policy file; return the bytes that had to be sent.

    Args:
        car: to whom.
        policy: the file.
        name: that it gets in the car's `policies/`.
        on_bytes: called with (bytes that the car has, bytes in all).

    Raises:
        CopycarError: the car does not answer, or finds it damaged or no policy.
    """
    sha256, total = sha256_of(policy), policy.stat().st_size
    begun = at = car.received(sha256)
    with policy.open("rb") as file:
        file.seek(at)
        while at < total or at == begun:
            data = file.read(PIECE_BYTES)
            at = car.send(name, sha256, at, data, is_last=at + len(data) >= total)
            on_bytes(at, total)
            if at >= total:
                break
    return total - begun
