"""What came of making a new tub. Knows nothing of how."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Made:
    """A finished tub.

    Attributes:
        path: its folder.
        frames: how many it has.
        notes: what was left out or changed on the way, in plain words.
    """

    path: Path
    frames: int
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the same for scripts; the folder under `tub`."""
        return {"tub": str(self.path), "frames": self.frames, "notes": list(self.notes)}
