"""Letters of three by five pixels, for pictures made with numpy alone. Knows nothing of what they say."""

import numpy as np

from copycar.core.frame import Image

_LETTERS = """
0 75557  1 26227  2 71747  3 71717  4 55711  5 74717  6 74757  7 71111  8 75757  9 75717
A 25755  B 65656  C 34443  D 65556  E 74647  F 74644  G 34553  H 55755  I 72227  J 11152  K 55655  L 44447  M 57755
N 65555  O 25552  P 65644  Q 25563  R 65655  S 34216  T 72222  U 55557  V 55552  W 55775  X 55255  Y 55222  Z 71247
. 00002  / 11244  - 00700  : 02020  % 51245
"""
"""Each letter and its five rows: an octal digit is three pixels, from left to right."""

_WORDS = _LETTERS.split()
_ROWS = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))

ADVANCE, HEIGHT = 4, 5
"""Pixels from one letter to the next, and from top to bottom, at scale 1."""


def write(picture: Image, text: str, left: int, top: int, scale: int, colour: tuple[int, int, int]) -> None:
    """Write `text` into `picture` in place; letters are capitals, unknown characters are left blank.

    Args:
        picture: uint8 (H, W, 3).
        text: must fit inside: `4 * scale` pixels a letter.
        left: of the first letter.
        top: of the letters.
        scale: size of one of its pixels.
        colour: RGB.
    """
    for place, character in enumerate(text.upper()):
        rows = _ROWS.get(character, "00000")
        bits = np.array([[int(row) >> bit & 1 for bit in (2, 1, 0)] for row in rows], dtype=bool)
        ink = np.kron(bits, np.ones((scale, scale), dtype=bool))
        x = left + place * ADVANCE * scale
        picture[top : top + HEIGHT * scale, x : x + 3 * scale][ink] = colour
