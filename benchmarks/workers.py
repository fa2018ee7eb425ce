"""Does a training with several workers learn like one with a single process, and how much faster is it?

    python benchmarks/workers.py --tub path/to/tub --seeds 3
    python benchmarks/workers.py --tub path/to/tub --seeds 3 --ray http://127.0.0.1:8265 --bucket s3://rides

The same global batch, epochs and seeds each way. What is compared: validation score and loss of every epoch, beside how
much they differ between seeds; and frames per second of steady epochs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean, median
from typing import Any

COPYCAR = (sys.executable, "-m", "copycar")
Epochs = list[dict[str, Any]]


def main() -> None:
    """Train, compare, print one JSON object."""
    asked = _arguments()
    options = ["--type", asked.type, "--epochs", str(asked.epochs), "--every", str(asked.every), "--threads", "1"]
    options += ["--precision", "fp32", "--augmentation", "off"]
    ways: dict[str, list[Epochs]] = {"one": [], "two": [], **({"ray": []} if asked.ray else {})}
    with tempfile.TemporaryDirectory(prefix="copycar-workers-") as scratch:
        for seed in range(asked.seeds):  # in turns: whatever else the machine does hits all of them
            for way, found in ways.items():
                words = ["train", str(asked.tub), *options, "--seed", str(seed)]
                folder = Path(scratch) / f"{way}{seed}"
                found.append(_on_ray(words, folder, asked) if way == "ray" else _here(words, folder, way))
    print(json.dumps({"load": os.getloadavg(), "curves": ways, "compared": _compared(ways)}, indent=2))


def _here(words: list[str], folder: Path, way: str) -> Epochs:
    workers = ["--workers", "2"] if way == "two" else []
    subprocess.run([*COPYCAR, *words, *workers, "--out", str(folder)], check=True, capture_output=True)
    return _epochs(folder)


def _on_ray(words: list[str], folder: Path, asked: argparse.Namespace) -> Epochs:
    job = ["--on", "ray", "--out", asked.bucket, "--target.address", asked.ray, "--workers", "2", "--target.cpus", "1"]
    submitted = _json("remote", "submit", *words, *job)["job"]
    _json("remote", "wait", submitted)
    _json("remote", "pull", f"{asked.bucket}/runs/{submitted}", "-o", str(folder))
    return _epochs(folder)


def _compared(ways: dict[str, list[Epochs]]) -> dict[str, Any]:
    """Return, for every way but `one`, how far it is from `one` beside how far the seeds of `one` are apart."""
    found: dict[str, Any] = {}
    for way in ways.keys() - {"one"}:
        for figure in ("score", "loss"):
            pairs = [
                (_value(mine, figure), _value(alone, figure))
                for run, other in zip(ways[way], ways["one"], strict=True)
                for mine, alone in zip(run, other, strict=True)
            ]
            found[f"{way}_{figure}_difference"] = mean(abs(mine - alone) / alone for mine, alone in pairs)
        found[f"{way}_speed"] = median(
            _rate(run) / _rate(other) for run, other in zip(ways[way], ways["one"], strict=True)
        )
    for figure in ("score", "loss"):
        by_epoch = zip(*([_value(epoch, figure) for epoch in run] for run in ways["one"]), strict=True)
        found[f"seeds_{figure}_difference"] = mean((max(values) - min(values)) / mean(values) for values in by_epoch)
    return found


def _value(epoch: dict[str, Any], figure: str) -> float:
    return float(epoch["loss"] if figure == "loss" else epoch["figures"]["score"])


def _rate(run: Epochs) -> float:
    return median(epoch["images_per_s"] for epoch in run[1:])


def _epochs(folder: Path) -> Epochs:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]


def _json(*words: str) -> dict[str, Any]:
    done = subprocess.run([*COPYCAR, *words, "--json"], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tub", type=Path, required=True)
    parser.add_argument("--type", default="linear")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--ray", help="dashboard of a Ray cluster; its token in RAY_AUTH_TOKEN")
    parser.add_argument("--bucket", help="that the cluster reaches")
    return parser.parse_args()


if __name__ == "__main__":
    main()
