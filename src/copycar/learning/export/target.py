"""What a file format must bring along to be exported to, and the list of their names. Knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from copycar.core.registry import Registry
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.learning.export.compare import Act, Precision
from copycar.learning.export.ends import DONKEYCAR, OURS, Ends
from copycar.learning.export.frames import ExportFrames


@dataclass(frozen=True)
class Order:
    """What is to be written.

    Attributes:
        policy: the float32 policy file.
        metadata: its identity card.
        precision: of the weights to be written.
        frames: to calibrate and compare on.
        is_for_donkeycar: whether donkeycar is to load it.
        out: where the file will lie once it has passed.
    """

    policy: Path
    metadata: PolicyMetadata
    precision: Precision
    frames: ExportFrames
    is_for_donkeycar: bool
    out: Path

    @property
    def card(self) -> str:
        """The identity card of the file to be written, as JSON."""
        return replace(self.metadata, precision=self.precision).to_json()

    @property
    def ends(self) -> Ends:
        """How the program that drives hands over frames."""
        return DONKEYCAR if self.is_for_donkeycar else OURS


@dataclass(frozen=True)
class Target:
    """A file format.

    Attributes:
        suffixes: how its files end; the first is the usual one.
        precisions: that it can hold, and those of them that donkeycar runs rightly (none: not for donkeycar).
        donkeycar_precisions: the latter.
        write: writes the file.
        load: runs a written file on this machine; None where this machine cannot.
        how_to_drive: what to type next, in words.
    """

    suffixes: tuple[str, ...]
    precisions: tuple[Precision, ...]
    donkeycar_precisions: tuple[Precision, ...]
    write: Callable[[Order, Path], None]
    load: Callable[[Order, Path], Act] | None
    how_to_drive: Callable[[Order, Path], str]


TARGETS: Registry[Target] = Registry(
    "format",
    "copycar.targets",
    {name: f"copycar.learning.export.targets.{name}:TARGET" for name in ("keras", "onnx", "tensorrt", "tflite")},
)
