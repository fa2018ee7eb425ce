"""Trains every network for six short epochs, as donkeycar's own test does, and compares how far the loss falls.

    python benchmarks/convergence.py ../shared/data/tub-donkeycar-fixture

donkeycar's `test_train.py` asks that the last training loss is below a share of the first: `BOUNDS`. Its fixture knows
no sensors, behaviours or places: those are added to a copy. Exits with 1 where a bound is missed.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from copycar.core.frame import Action
from copycar.learning.policies.network import NETWORKS
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training
from copycar.testing.tub import donkey_extras

EPOCHS, BATCH_SIZE = 6, 64  # donkeycar's test_train.py
BOUNDS = {
    "linear": 0.6,
    "categorical": 0.9,
    "inferred": 0.9,
    "imu": 0.7,
    "memory": 0.8,
    "behavior": 0.9,
    "localizer": 0.85,
    "rnn": 0.85,
    "conv3d": 0.6,
}
"""Largest share of the first epoch's loss that may be left after the last, as donkeycar asks of its own networks."""


def equip(tub: Path, copy: Path) -> Path:
    """Copy a tub of one catalog, with what a fully equipped donkeycar records besides."""
    shutil.copytree(tub, copy)
    catalog = copy / "catalog_0.catalog"
    lines = []
    for step, line in enumerate(catalog.read_text(encoding="utf-8").splitlines()):
        raw = json.loads(line)
        lines.append(json.dumps({**donkey_extras(step, Action(raw["user/angle"], raw["user/throttle"])), **raw}))
    catalog.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (copy / "catalog_0.catalog_manifest").unlink()  # the lengths of the lines have changed; it is made anew on opening
    return copy


def fall(tub: Path, network: str, seed: int, folder: Path) -> float:
    """Return the last epoch's training loss as a share of the first's."""
    settings = TrainSettings(
        type=network, seed=seed, epochs=EPOCHS, batch_size=BATCH_SIZE, augmentation="off", precision="fp32"
    )
    run = Training([tub], settings, out=folder / f"{network}-{seed}").train().run
    losses = [epoch["loss"] for epoch in run.epochs()]
    return losses[-1] / losses[0]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tub", type=Path)
    parser.add_argument("--networks", nargs="+", default=NETWORKS.names())
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    n_missed = 0
    print("| network | loss after 6 epochs, share of the first | donkeycar asks |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        tub = equip(arguments.tub, Path(folder) / "tub")
        for network in arguments.networks:
            share, bound = fall(tub, network, arguments.seed, Path(folder)), BOUNDS.get(network)
            n_missed += bound is not None and share >= bound
            print(f"| `{network}` | {share:.2f} | {'-' if bound is None else bound} |", flush=True)
    return int(n_missed > 0)


if __name__ == "__main__":
    sys.exit(main())
