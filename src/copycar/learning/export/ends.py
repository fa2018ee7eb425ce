"""The names and forms that a written file's inputs and outputs have. Knows no formats."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ends:
    """How the program that drives hands a frame over, and what it asks for.

    Attributes:
        image: name of the picture's input.
        brightest: what a white pixel is: 255 as the camera gives it, 1 where the program scales it first.
        names: names of outputs where they differ from the policy's own.
        is_column: whether an output is (1, 1) rather than (1,).
    """

    image: str = "image"
    brightest: int = 255
    names: Mapping[str, str] = field(default_factory=dict)
    is_column: bool = False


OURS = Ends()
"""As a policy file."""

DONKEYCAR = Ends("img_in", 1, {"steering": "n_outputs0", "throttle": "n_outputs1"}, is_column=True)
"""As donkeycar's `linear` pilots, which take any two numbers as steering and throttle, whatever network they come from.

Layer names of its `parts/keras.py`, scaling of its `utils.normalize_image`.
"""
