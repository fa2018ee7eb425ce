"""Runs one training of the peer or of ours from its command line, and says what it cost. Compares nothing."""

import json
import sys
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from peer import Peer, make_car
from process import Measured, run

HERE = Path(__file__).parent
COPYCAR = [sys.executable, "-m", "copycar.cli.main"]
"""Our command line in the environment that runs the benchmark."""


@dataclass(frozen=True)
class Training:
    """One training from its command to its finished file.

    Attributes:
        who: `peer`, or our network.
        pilot: the finished file.
        config: what it was trained with: the peer's config.py, our run.json.
        precision: what the training steps were computed in.
        measured: what the process cost.
        epochs: the lines it logged, each with `images_per_s` (training part), `seconds` (with validation) and
            `n_images` (training images).
    """

    who: str
    pilot: Path
    config: Path
    precision: str
    measured: Measured
    epochs: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Return every raw figure; the steady ones are medians over the epochs after the first, which warms up."""
        measured = asdict(self.measured)
        measured.pop("stdout")
        steady = self.epochs[1:] or self.epochs
        return {
            "who": self.who,
            "precision": self.precision,
            **measured,
            "first_epoch_s": self.measured.lines[0][0],
            "cpu_ms_per_image": self._cpu_ms_per_image(),
            "n_epochs": len(self.epochs),
            "train_images_per_s": median(epoch["images_per_s"] for epoch in steady),
            "whole_epoch_images_per_s": median(epoch["n_images"] / epoch["seconds"] for epoch in steady),
            "epochs": [
                {name: epoch[name] for name in ("n_images", "images_per_s", "seconds")} for epoch in self.epochs
            ],
        }

    def _cpu_ms_per_image(self) -> float | None:
        """Processor time of whole epochs after the first, over their training images."""
        marks = [cpu_s for _, cpu_s in self.measured.lines]
        spent = [later - before for before, later in pairwise(marks) if before is not None and later is not None]
        images = [epoch["n_images"] for epoch in self.epochs[1:]]
        return 1e3 * sum(spent) / sum(images) if spent and len(spent) == len(images) else None


def train_peer(peer: Peer, tub: Path, folder: Path, *, epochs: int | None = None) -> Training:
    """Train the peer's linear pilot with its default settings, `.tflite` included.

    Args:
        peer: the peer.
        tub: what to train on.
        folder: a new folder for its `mycar` and logs.
        epochs: at most so many; None leaves its default (100, stopping early after 5 without gain).
    """
    car = make_car(peer, folder / "mycar", epochs=epochs)
    events = folder / "epochs.jsonl"
    command: list[str | Path] = [peer.python, HERE / "peer_train.py", events, "train", "--tub", tub, "--type", "linear"]
    command += ["--model", car / "models" / "pilot.savedmodel"]
    measured = run(command, log=folder / "train.log", watch=events, cwd=car, environment=peer.environment)
    return Training("peer", car / "models" / "pilot.tflite", car / "config.py", "float32", measured, _lines(events))


def train_ours(tub: Path, folder: Path, network: str, *options: str) -> Training:
    """Train one of our networks as a user does: `copycar train TUB --type …`.

    Args:
        tub: what to train on.
        folder: a new folder for the run and its logs.
        network: its name.
        options: further flags of `copycar train`; without them everything is our default.
    """
    folder.mkdir(parents=True)
    metrics = folder / "run" / "metrics.jsonl"
    command: list[str | Path] = [*COPYCAR, "train", tub, "--type", network, "--seed", "1"]
    command += ["--out", metrics.parent, "--json", *options]
    measured = run(command, log=folder / "train.log", watch=metrics)
    config = metrics.parent / "run.json"
    described = json.loads(config.read_text(encoding="utf-8"))
    epochs = [line | {"n_images": described["data"]["train"]} for line in _lines(metrics)]
    policy = Path(json.loads(measured.stdout)["policy"])
    return Training(network, policy, config, described["machine"]["precision"], measured, epochs)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
