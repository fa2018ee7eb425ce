"""What a conversion has to tell: what it left out, what it changed, what it assumed. Prints nothing."""

from typing import Any


class Notes:
    """Collects remarks while frames stream by; takes no memory per frame.

    Attributes:
        expected: how many frames the source seems to have; 0 while unknown. For progress bars.
        dropped: how many frames were left out.
        metadata: what the source knew about the recording as a whole; goes into the tub's metadata.
        inputs: extra record key -> tub type, declared in the tub.
    """

    def __init__(self) -> None:
        self.expected = 0
        self.dropped = 0
        self.metadata: dict[str, Any] = {}
        self.inputs: dict[str, str] = {}
        self._remarks: dict[str, None] = {}
        self._counts: dict[str, int] = {}
        self._first: dict[str, str] = {}

    def say(self, remark: str) -> None:
        """Remember a remark about the recording as a whole; a repeated one counts once."""
        self._remarks[remark] = None

    def drop(self, fault: str, place: str) -> None:
        """Remember a frame that is left out, e.g. `drop("without a picture", "data.csv line 7")`."""
        self.dropped += 1
        self.change(f"{fault}: left out", place)

    def change(self, fault: str, place: str) -> None:
        """Remember a frame that is kept, but not as it was."""
        self._counts[fault] = self._counts.get(fault, 0) + 1
        self._first.setdefault(fault, place)

    def sentences(self) -> list[str]:
        """Return everything to tell, one sentence each: remarks first, then faults with count and first place."""
        counts = [(f"{count} frame{'s' if count > 1 else ''}", fault) for fault, count in self._counts.items()]
        return [*self._remarks, *(f"{count} {fault} (first: {self._first[fault]})" for count, fault in counts)]
