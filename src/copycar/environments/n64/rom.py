"""Reads what a cartridge's file says of itself. Knows nothing of emulators, and no game."""

from dataclasses import dataclass
from pathlib import Path

from copycar.core.errors import CopycarError

_HEADER_BYTES = 0x40
_BOOT_BYTES = 0x1000
_ORDERS = {
    b"\x80\x37\x12\x40": (0, 1, 2, 3),  # .z64, as on the cartridge
    b"\x37\x80\x40\x12": (1, 0, 3, 2),  # .v64, bytes swapped in pairs
    b"\x40\x12\x37\x80": (3, 2, 1, 0),  # .n64, words turned round
}
"""The first four bytes of a file to the order of bytes in each word."""

_BRING = "copycar brings no games: copy a cartridge that you own to a file (*.z64, *.v64, *.n64) and name that file"


@dataclass(frozen=True, slots=True)
class Rom:
    """One cartridge's file.

    Attributes:
        path: of the file.
        name: what the cartridge calls itself, e.g. "MARIOKART64".
    """

    path: Path
    name: str


def read_rom(path: Path) -> Rom:
    """Read the header of a cartridge's file.

    Raises:
        CopycarError: no such file, or it is no cartridge; what is wrong with it is said.
    """
    if not path.is_file():
        raise CopycarError(f"there is no ROM {path}", fix=_BRING)
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    order = _ORDERS.get(header[:4])
    if order is None:
        raise CopycarError(f"{path} is no Nintendo 64 ROM", _seems(header), _BRING)
    if path.stat().st_size <= _BOOT_BYTES:
        raise CopycarError(f"{path} is cut off", f"it has {path.stat().st_size} bytes, less than any game", _BRING)
    words = [header[word : word + 4] for word in range(0, _HEADER_BYTES, 4)]
    native = b"".join(bytes(word[place] for place in order) for word in words)
    return Rom(path, native[0x20:0x34].decode("ascii", "replace").strip("\0 "))


def _seems(header: bytes) -> str:
    if header.startswith(b"PK\x03\x04"):
        return "it is a ZIP archive: unpack it first"
    return f"it begins with {header[:4].hex(' ') or 'nothing'}, not with 80 37 12 40 in any order"
