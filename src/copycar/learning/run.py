"""One training's folder on disk: settings, figures, checkpoint, policy. Knows no networks and no tubs.

```
runs/<name>/
  run.json         what was run: command, settings, versions, data fingerprint, state, result
  run.toml         its settings alone, to be given to another training: --config
  metrics.jsonl    one line per epoch, appended: the truth about the training
  checkpoint.pt    everything that resuming needs, replaced after every epoch
  best.pt          weights of the best epoch
  policy.onnx      what the car loads
  held_out.json    a few held-out frames, what the driver did and what the network says so far
  process.json     which process trains it
  scores.jsonl     one line per closed-loop evaluation of the policy: where, and its score card
```
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic, write_json
from copycar.core.toml import as_toml

RUN_FILE = "run.json"


@dataclass(frozen=True, slots=True)
class Run:
    """A run's folder.

    Attributes:
        folder: where it lies.
    """

    folder: Path

    @classmethod
    def create(cls, folder: Path | None, network: str) -> "Run":
        """Make a new run's folder; without a name it is `runs/<date>-<time>-<network>`.

        Raises:
            CopycarError: the folder holds a run already, or cannot be made.
        """
        name = f"{datetime.now():%Y%m%d-%H%M%S}-{network}"
        folder = folder or Path("runs") / name
        if (folder / RUN_FILE).exists():
            raise CopycarError(
                f"{folder} holds a run already", fix=f"go on with it (--resume --out {folder}) or name another --out"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CopycarError(f"cannot make the folder {folder}", str(error), "name another one with --out") from error
        return cls(folder)

    @classmethod
    def open(cls, folder: Path) -> "Run":
        """Open an existing run.

        Raises:
            CopycarError: there is none in this folder.
        """
        if not (folder / RUN_FILE).is_file():
            raise CopycarError(f"{folder} holds no run", f"it has no {RUN_FILE}", "list your runs: copycar runs")
        return cls(folder)

    @property
    def policy(self) -> Path:
        """Where the policy file lies once training is done."""
        return self.folder / "policy.onnx"

    @property
    def checkpoint(self) -> Path:
        """The resumable state."""
        return self.folder / "checkpoint.pt"

    @property
    def best(self) -> Path:
        """The best epoch's weights."""
        return self.folder / "best.pt"

    def describe(self) -> dict[str, Any]:
        """Return what `run.json` says.

        Raises:
            CopycarError: the file is damaged.
        """
        path = self.folder / RUN_FILE
        try:
            described = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CopycarError(f"{path} cannot be read", str(error), "mend or remove it") from error
        if not isinstance(described, dict):
            raise CopycarError(f"{path} does not describe a run", f"it holds {described!r:.60}", "mend or remove it")
        return described

    def update(self, **values: Any) -> None:
        """Set keys of `run.json`, atomically; the others stay."""
        known = self.describe() if (self.folder / RUN_FILE).exists() else {}
        write_json(self.folder / RUN_FILE, known | values)

    def write_settings(self, settings: Mapping[str, Any], command: str) -> None:
        """Write `run.toml`: `settings` as `copycar train --config` reads them, below the command as a remark."""
        remark = f"# {' '.join(command.split())}\n" if command else ""
        write_atomic(self.folder / "run.toml", remark + as_toml("train", settings))

    def note_score(self, card: Mapping[str, Any], about: Mapping[str, Any]) -> None:
        """Append a score card to `scores.jsonl`, with plain facts: `date`, where `on`, `report`."""
        self._append("scores.jsonl", {**about, "score_card": dict(card)})

    def scores(self) -> list[dict[str, Any]]:
        """Return the lines of `scores.jsonl`, oldest first."""
        return self._lines("scores.jsonl")

    def log(self, line: Mapping[str, Any]) -> None:
        """Append one line to `metrics.jsonl`."""
        self._append("metrics.jsonl", line)

    def restore_log(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Replace `metrics.jsonl` by `lines`."""
        write_atomic(self.folder / "metrics.jsonl", "".join(json.dumps(dict(line)) + "\n" for line in lines))

    def epochs(self) -> list[dict[str, Any]]:
        """Return the lines of `metrics.jsonl`; a line torn by a crash is left out."""
        return self._lines("metrics.jsonl")

    def _append(self, name: str, line: Mapping[str, Any]) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(dict(line)) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _lines(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / name
        lines = []
        for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                lines.append(json.loads(text))
            except ValueError:
                continue
        return lines


def now_utc() -> str:
    """Return the time as ISO 8601 UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def find_runs(folder: Path) -> list[Run]:
    """Return the runs directly below `folder`, by name; an empty list where there are none."""
    return [Run(path.parent) for path in sorted(folder.glob(f"*/{RUN_FILE}"))]
