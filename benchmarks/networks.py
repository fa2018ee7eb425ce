"""Trains every network on one recording over several seeds, and lets each drive tracks it has never seen.

    python benchmarks/networks.py                          # all of it: hours; goes on where it was stopped
    python benchmarks/networks.py --networks copycar linear --seeds 2 --threads 1
    python benchmarks/networks.py --table                  # what is known so far
    python benchmarks/networks.py --latency                # the same, with latencies: quiet machine

Everything is the network's own default but the options in `OPTIONS`. The recording is an expert's, pushed off its line
now and then, on six random tracks on a clear day; on the unseen tracks light, colours, scenery, camera pose, grip,
latency and noise are drawn anew for each drive, as far as the track allows. No two drives of one policy are alike, and
every network meets the same ones. One line per policy that has driven goes to `networks.jsonl` beside the recording;
one that is trained is not trained again.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from copycar.cli.free_cores import free_cores
from copycar.core.vehicle import VEHICLE_KEY
from copycar.driving.loop import drive
from copycar.driving.make import make_driver
from copycar.driving.recorder import Recorder
from copycar.environments.make import make_environment
from copycar.evaluation.rollout import evaluate_rollout
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trace import Trace
from copycar.learning.policies.network import NETWORKS
from copycar.learning.run import Run
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training
from copycar.tubs.write import TubWriter

N_TRACKS, LAPS_RECORDED, NOISE = 6, 2, 0.8
RANDOMISE = 1.0
UNSEEN = ("track:s-bends", "track:hairpins", "track:figure", "track:kidney", "track:long")
TRIALS, LAPS = 4, 1
FIRST_DRIVE = 1000
"""Seed of the first drives; those of other networks with the same seed are the same ones."""

FEWEST_SEEDS = 3
"""Of fewer trainings than that no interval is told."""

LATENCY = "latency.json"
TURNS, WARM_UP = 40, 5

OPTIONS: dict[str, dict[str, str]] = {
    "imu": {"sensors": "track/speed_mps", "mirror": "1"},  # the one sensor of the built-in car
    "behavior": {"key": "user/mode"},  # one behaviour: the recording knows no other
    "resnet18": {"size": "64"},  # a third of the default's work, which takes an hour of a core per training
}
HEADINGS = (
    "network",
    "driving score",
    "drives without help",
    "autonomy %",
    "help a lap",
    "off the line cm",
    "lap s",
    "steering error",
    "ms a frame",
    "seeds",
)


def record(tub: Path) -> None:
    """Record the demonstrations; a recording that is there is kept."""
    if (tub / "manifest.json").exists():
        return
    for number in range(N_TRACKS):
        place = make_environment(f"track:random:{number}", look=number)
        metadata = {VEHICLE_KEY: place.unwrapped.vehicle.as_json()}  # type: ignore[attr-defined]
        recorder = Recorder(TubWriter(tub, metadata=metadata))
        start = {"direction": -1 if number % 2 else 1}
        who = make_driver("expert", place, noise=NOISE, seed=number)
        drive(place, who, recorder=recorder, laps=LAPS_RECORDED, seed=number, start=start)
        place.close()


def train(network: str, seed: int, folder: Path, threads: int) -> Run:
    """Train once, or go on with what was stopped; what is trained stays."""
    run = Run(folder / f"{network}-{seed}")
    if not run.folder.exists():
        options = OPTIONS.get(network, {})
        settings = TrainSettings(type=network, seed=seed, threads=threads, network=options)
        Training([folder / "tub"], settings, out=run.folder).train()
    elif run.describe()["state"] != "done":
        Training.resume(run.folder, threads=threads).train()
    for rest in (run.checkpoint, run.best):
        rest.unlink(missing_ok=True)
    return run


def drive_unseen(policy: Path, seed: int) -> list[Trace]:
    """Let a policy drive every unseen track; no two drives have their conditions in common."""
    traces: list[Trace] = []
    for place, track in enumerate(UNSEEN):
        drawn = FIRST_DRIVE + seed * len(UNSEEN) + place
        options = {"randomise": RANDOMISE}
        traces += evaluate_rollout(policy, [track], trials=TRIALS, laps=LAPS, seed=drawn, options=options, workers=1)
    return traces


def measure(network: str, seed: int, folder: Path, threads: int) -> dict[str, Any]:
    """Train and drive once."""
    run = train(network, seed, folder, threads)
    card = ScoreCard.from_trials(drive_unseen(run.policy, seed)).as_json()
    steering_mae = run.describe()["result"]["offline"]["steering"]["mae"]
    return {"network": network, "seed": seed, "steering_mae": steering_mae, **card}


def latencies_ms(policies: dict[str, Path]) -> dict[str, float]:
    """Return the median time of a decision of each policy, measured in turns."""
    place = make_environment("track:oval")
    seen = place.reset(seed=0)
    drivers = {name: make_driver(str(policy), place) for name, policy in policies.items()}
    times: dict[str, list[float]] = {name: [] for name in policies}
    for _ in range(TURNS):
        for name, driver in drivers.items():
            for turn in range(2 * WARM_UP):
                started = time.perf_counter()
                driver.act(*seen)
                if turn >= WARM_UP:  # the first ones still find the other networks in the processor's caches
                    times[name].append(1e3 * (time.perf_counter() - started))
    place.close()
    return {name: statistics.median(taken) for name, taken in times.items()}


def table(lines: Sequence[dict[str, Any]], folder: Path) -> str:
    """Return the table, best driving score first; intervals are 95 %, by bootstrap over seeds."""
    latency_ms = json.loads((folder / LATENCY).read_text()) if (folder / LATENCY).exists() else {}
    rows = []
    for network in {line["network"] for line in lines}:
        mine = [line for line in lines if line["network"] == network]
        score = [line["driving_score"] for line in mine]
        cells = (
            f"{statistics.mean(score):.1f}{_interval(score)}",
            f"{sum(line['clean_trials'] for line in mine)} of {sum(line['n_trials'] for line in mine)}",
            f"{statistics.mean(line['autonomy_pct'] for line in mine):.1f}",
            f"{statistics.mean(line['interventions_per_lap'] for line in mine):.2f}",
            f"{100 * statistics.mean(line['cross_track_error_m']['mean'] for line in mine):.1f}",
            f"{statistics.mean(line['lap_time_s']['median'] for line in mine):.1f}",
            f"{statistics.mean(line['steering_mae'] for line in mine):.3f}",
            f"{latency_ms[network]:.2f}" if network in latency_ms else "",
            str(len(mine)),
        )
        rows.append((statistics.mean(score), f"| `{network}` | {' | '.join(cells)} |"))
    head = f"| {' | '.join(HEADINGS)} |"
    return "\n".join([head, "|---" * len(HEADINGS) + "|", *(row for _, row in sorted(rows, reverse=True))])


def _interval(values: Sequence[float]) -> str:
    if len(values) < FEWEST_SEEDS:
        return ""
    rng = np.random.default_rng(0)
    means = rng.choice(values, (2000, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return f" ({low:.1f} … {high:.1f})"


def main() -> None:
    """Measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/networks"))
    parser.add_argument("--networks", nargs="+", default=NETWORKS.names())
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--threads", type=int, help="to train with; default: as many as are idle")
    parser.add_argument("--table", action="store_true", help="only print what is known")
    parser.add_argument("--latency", action="store_true", help="time the first policy of each network, and do no more")
    arguments = parser.parse_args()
    log = arguments.out / "networks.jsonl"
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    if not (arguments.table or arguments.latency):
        record(arguments.out / "tub")
        known = {(line["network"], line["seed"]) for line in lines}
        for seed in range(arguments.seeds):
            for network in arguments.networks:
                if (network, seed) not in known:
                    lines.append(measure(network, seed, arguments.out, arguments.threads or free_cores()))
                    with log.open("a") as file:
                        file.write(json.dumps(lines[-1]) + "\n")
                    print(table(lines, arguments.out), flush=True)
    if arguments.latency:
        policies = {
            network: Run(arguments.out / f"{network}-0").policy for network in {line["network"] for line in lines}
        }
        (arguments.out / LATENCY).write_text(json.dumps(latencies_ms(policies)))
    print(table(lines, arguments.out))


if __name__ == "__main__":
    main()
