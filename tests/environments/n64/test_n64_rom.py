import pytest

from copycar.core.errors import CopycarError
from copycar.environments.n64.rom import read_rom

HEADER = bytes.fromhex("80371240") + bytes(28) + b"SOME GAME".ljust(20) + bytes(12)


def reordered(content: bytes, order: tuple[int, ...]) -> bytes:
    return bytes(content[word + place] for word in range(0, len(content), 4) for place in order)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 0, 3, 2), (3, 2, 1, 0)])
def test_the_name_is_read_in_every_order_of_bytes(tmp_path, order):
    file = tmp_path / "game.rom"
    file.write_bytes(reordered(HEADER + bytes(0x2000), order))
    assert read_rom(file).name == "SOME GAME"


def test_a_missing_rom_says_that_the_user_brings_it(tmp_path):
    with pytest.raises(CopycarError, match="copycar brings no games"):
        read_rom(tmp_path / "game.z64")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04" + bytes(100), "unpack it first"),
        (b"", "begins with nothing"),
        (b"\x7fELF" + bytes(0x2000), "begins with 7f 45 4c 46"),
        (HEADER, "cut off"),
    ],
)
def test_a_wrong_rom_says_what_is_wrong(tmp_path, content, fault):
    file = tmp_path / "game.z64"
    file.write_bytes(content)
    with pytest.raises(CopycarError, match=fault):
        read_rom(file)
