"""Measures copycar beside donkeycar, in one run on one machine: `make bench`.

    python benchmarks/bench.py                  # everything, about half an hour on two cores
    python benchmarks/bench.py --quick          # does it all work? about three minutes; its figures mean little
    python benchmarks/bench.py --only latency
    python benchmarks/bench.py --training-cores 1   # on a busy machine: two threads that wait for each other measure it

Both sides get the same tub, frames and cores, and take turns, so whatever else the machine does hits both. Quote the
ratios, not the times. Every raw figure goes to `benchmarks/results/<date>-<machine>.json`. Knows nothing of how a
figure is measured: that is in the files beside this one.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

import machine
import ratios
from heldout import HeldOut, errors, hold_out
from peer import Peer, ensure_peer
from pilots import latencies_ms, our_pilot, peer_pilot, ready_times_s, running
from startup import install_for_the_car, start_times_s
from trainings import COPYCAR, Training, train_ours, train_peer
from tub_rates import tub_rates

HERE = Path(__file__).parent
REAL_TUB = HERE.parent.parent / "shared" / "data" / "tub-rc-car"
LIKE_THE_PEER = ("--batch-size", "128", "--augmentation", "off")
"""The peer's defaults, for comparing speed alone; the full trainings use ours."""
LATENCY_FRAMES = 200
RECORDED_FRAMES = 1500
"""For appending; more than one catalog of both sides."""

Raw = dict[str, Any]


@dataclass
class Bench:
    """What the sections share.

    Attributes:
        peer: the installed peer.
        held_out: the tub and the frames held out of it.
        work: a folder for everything that is made on the way.
        quick: whether this is only a smoke run.
        rounds: of short trainings.
        raw: the results so far.
        trained: finished trainings by name.
    """

    peer: Peer
    held_out: HeldOut
    work: Path
    quick: bool
    rounds: int
    raw: Raw
    trained: dict[str, Training]


def short_trainings(bench: Bench) -> None:
    """Train both for a few epochs with the peer's settings, in turns: throughput, cold start, memory."""
    epochs, rounds = (2, 1) if bench.quick else (3, bench.rounds)
    precisions = ("fp32", "bf16", "auto") if machine.has_bf16() else ("fp32", "auto")
    runs: list[Raw] = []
    for number in range(rounds):
        folder = bench.work / f"short{number}"
        options = (*LIKE_THE_PEER, "--epochs", str(epochs))
        peers = train_peer(bench.peer, bench.held_out.tub, folder / "peer", epochs=epochs)
        runs.append({"round": number, "label": "peer"} | peers.as_json())
        for precision in precisions:
            ours = train_ours(bench.held_out.tub, folder / precision, "linear", *options, "--precision", precision)
            runs.append({"round": number, "label": precision} | ours.as_json())
    bench.raw["short_trainings"] = runs


def full_trainings(bench: Bench) -> None:
    """Train each once with its own defaults, from the command to the finished file, and judge what came out."""
    epochs = 2 if bench.quick else None
    options = ("--epochs", str(epochs)) if epochs else ()
    tub, folder = bench.held_out.tub, bench.work / "full"
    bench.trained["peer"] = train_peer(bench.peer, tub, folder / "peer", epochs=epochs)
    for network in ("linear", "copycar"):
        bench.trained[network] = train_ours(tub, folder / network, network, *options)
    bench.raw["full_trainings"] = {name: training.as_json() for name, training in bench.trained.items()}
    bench.raw["quality"] = _quality(bench)


def latency(bench: Bench) -> None:
    """Time single calls of both linear pilots on the same frames, in turns."""
    peers, ours = _linear_pilots(bench)
    frames = bench.work / "latency-frames.npy"
    np.save(frames, bench.held_out.images[:LATENCY_FRAMES])
    start_peer = partial(peer_pilot, bench.peer, peers.pilot, peers.config, frames)
    files = {"copycar": ours.pilot, **_exports(bench, ours.pilot)}
    pilots = {"peer": start_peer(), "peer_2_threads_forced": start_peer(threads=2)}
    for name, file in files.items():
        pilots |= {name: our_pilot(file, frames), f"{name}_1_thread": our_pilot(file, frames, threads=1)}
        pilots[f"{name}_2_threads"] = our_pilot(file, frames, threads=2)
    with running(pilots):
        bench.raw["latency_ms"] = latencies_ms(pilots, 2 if bench.quick else 10)
    start_ours = partial(our_pilot, ours.pilot, frames)
    bench.raw["pilot_ready"] = ready_times_s({"peer": start_peer, "copycar": start_ours}, 1 if bench.quick else 5)


def cli_start(bench: Bench) -> None:
    """Time the bare command lines, in turns."""
    commands: dict[str, list[str | Path]] = {"copycar": [*_our_command(), "--help"], "peer": [bench.peer.donkey]}
    environments = {"copycar": None, "peer": bench.peer.environment}
    bench.raw["cli_start"] = start_times_s(commands, environments, 3 if bench.quick else 10)


def install(bench: Bench) -> None:
    """Install copycar as a car needs it, and set it beside the peer's environment."""
    bench.raw["install"] = {
        "copycar": install_for_the_car(bench.work / "car-environment"),
        "peer": {"seconds": bench.peer.install_s, "size_mb": bench.peer.size_mb},
    }


def track_speed(bench: Bench) -> None:
    """Run `track_speed.py`."""
    bench.raw["track_speed"] = _script("track_speed.py")


def record_rate(bench: Bench) -> None:
    """Run `record_rate.py`."""
    bench.raw["record_rate"] = _script("record_rate.py", *(["--seconds", "3"] if bench.quick else []))


def long_tub(bench: Bench) -> None:
    """Run `long_tub.py`."""
    bench.raw["long_tub"] = _script("long_tub.py", *(["--frames", "20000"] if bench.quick else []))


def tubs(bench: Bench) -> None:
    """Append, read and deliver in batches, in turns."""
    folder = bench.work / "tub-rates"
    folder.mkdir()
    images = bench.held_out.images
    np.save(folder / "pictures.npy", images[np.arange(300 if bench.quick else RECORDED_FRAMES) % len(images)])
    rounds = 1 if bench.quick else bench.rounds
    bench.raw["tubs"] = tub_rates(bench.peer, bench.held_out.tub, folder / "pictures.npy", folder, rounds)


def storage(bench: Bench) -> None:
    """Run `storage_rate.py`."""
    options = ["--frames", "200", "--rounds", "1"] if bench.quick else ["--tub", str(bench.held_out.tub)]
    bench.raw["storage"] = _script("storage_rate.py", *options)


SECTIONS: dict[str, Callable[[Bench], None]] = {
    "cli-start": cli_start,
    "install": install,
    "track-speed": track_speed,
    "record-rate": record_rate,
    "tubs": tubs,
    "long-tub": long_tub,
    "storage": storage,
    "short": short_trainings,
    "full": full_trainings,
    "latency": latency,
}
TRAININGS = {"short", "full"}


def main() -> None:
    """Measure what was asked for, write the results, print the table."""
    asked = _arguments()
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="copycar-bench-") as folder:
        bench = _prepare(asked, Path(folder))
        for name in asked.only or SECTIONS:
            console.print(f"{name} … (load {os.getloadavg()[0]:.1f})")
            with _cores(asked.training_cores if name in TRAININGS else None):
                SECTIONS[name](bench)
            bench.raw["load"][name] = os.getloadavg()
            _finish(bench.raw, asked.out)  # after every section: a long run that fails late has still measured
    _print(bench.raw)
    console.print(f"results: {asked.out}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a smoke run: few epochs, few repeats")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, help="some sections only")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of short trainings")
    parser.add_argument("--training-cores", type=int, help="let both sides train on only so many cores")
    parser.add_argument("--tub", type=Path, help="train on this tub (default: a real one beside the checkout, if any)")
    parser.add_argument("--out", type=Path, help="results file")
    asked = parser.parse_args()
    quick = "-quick" if asked.quick else ""
    asked.out = asked.out or HERE / "results" / f"{datetime.now(UTC):%Y-%m-%d}-{machine.short_name()}{quick}.json"
    return asked


def _prepare(asked: argparse.Namespace, work: Path) -> Bench:
    peer = ensure_peer()
    source = asked.tub or (REAL_TUB if REAL_TUB.is_dir() else _record_one(work / "recorded"))
    held_out = hold_out(source, work / "tub")
    raw: Raw = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["python", "benchmarks/bench.py", *sys.argv[1:]]),
        "quick": asked.quick,
        "machine": machine.describe() | {"training_cores": asked.training_cores or os.cpu_count()},
        "load": {"start": os.getloadavg()},
        "versions": {"copycar": machine.our_versions(), "peer": peer.versions},
        "tub": {
            "name": source.name,
            "trained_on": held_out.n_train,
            "held_out": len(held_out.labels),
            "split": held_out.split,
        },
    }
    return Bench(peer, held_out, work, asked.quick, asked.rounds, raw, {})


def _record_one(tub: Path) -> Path:
    command = [*COPYCAR, "drive", "oval", "--driver", "expert", "--record", str(tub), "--laps", "20", "--json"]
    subprocess.run(command, check=True, capture_output=True)
    return tub


def _quality(bench: Bench) -> Raw:
    frames = bench.work / "held-out-frames.npy"
    np.save(frames, bench.held_out.images)
    labels, trained = bench.held_out.labels, bench.trained
    pilots = {name: our_pilot(training.pilot, frames) for name, training in trained.items() if name != "peer"}
    pilots["peer"] = peer_pilot(bench.peer, trained["peer"].pilot, trained["peer"].config, frames)
    with running(pilots):
        judged = {name: errors(pilot.ask("predict"), labels) for name, pilot in pilots.items()}
    return judged | {"always the mean": errors(np.broadcast_to(labels.mean(axis=0), labels.shape), labels)}


@contextmanager
def _cores(n_cores: int | None) -> Iterator[None]:
    """Keep to the first cores, with everything that is started meanwhile; None changes nothing."""
    if n_cores is None:
        yield
        return
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(usable)[:n_cores])
    yield
    os.sched_setaffinity(0, usable)


def _linear_pilots(bench: Bench) -> tuple[Training, Training]:
    if not bench.trained:  # latency does not depend on how well a network was trained
        folder = bench.work / "latency"
        bench.trained["peer"] = train_peer(bench.peer, bench.held_out.tub, folder / "peer", epochs=1)
        bench.trained["linear"] = train_ours(bench.held_out.tub, folder / "linear", "linear", "--epochs", "1")
    return bench.trained["peer"], bench.trained["linear"]


def _exports(bench: Bench, policy: Path) -> dict[str, Path]:
    """Write our pilot in int8 and for LiteRT."""
    formats = {
        "copycar_int8": ("onnx", "int8"),
        "copycar_litert": ("tflite", "fp32"),
        "copycar_litert_int8": ("tflite", "int8"),
    }
    files = {}
    for name, (target, precision) in formats.items():
        file = bench.work / f"{name}.{target}"
        options = ["--to", target, "--precision", precision, "--calibrate", str(bench.held_out.tub), "--out", str(file)]
        subprocess.run([*_our_command(), "export", str(policy), *options, "--json"], check=True, capture_output=True)
        files[name] = file
    return files


def _our_command() -> list[str | Path]:
    installed = Path(sys.executable).parent / "copycar"
    return [installed] if installed.exists() else [*COPYCAR]


def _script(name: str, *options: str) -> Raw | None:
    path = HERE / name
    if not path.exists():
        return None
    finished = subprocess.run([sys.executable, path, *options], check=True, capture_output=True, text=True)
    printed: Raw = json.loads(finished.stdout)
    return printed


def _finish(raw: Raw, out: Path) -> None:
    raw["ratios"], raw["reasons"] = ratios.compute(raw)
    raw["spread"] = ratios.spread(raw)
    raw["figures"] = ratios.figures(raw)
    raw["promises"] = [
        {
            "figure": promise.figure,
            "limit": promise.limit,
            "at_least": promise.at_least,
            "kept": promise.is_kept((raw["ratios"] | raw["figures"])[promise.figure]),
        }
        for promise in ratios.PROMISES
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(raw, indent=2) + "\n", encoding="utf-8")


def _print(raw: Raw) -> None:
    peer = raw["versions"]["peer"]
    title = f"copycar beside donkeycar {peer['donkeycar']} (TensorFlow {peer['tensorflow']}), {raw['machine']['cpu']}"
    table = Table("what", "measured", "promised", "", title=title + (", SMOKE RUN" if raw["quick"] else ""))
    values = raw["ratios"] | raw["figures"]
    for promise in ratios.PROMISES:
        value = values[promise.figure]
        kept = promise.is_kept(value)
        mark = {True: "[green]kept[/]", False: "[red]missed[/]", None: raw["reasons"].get(promise.figure, "")}[kept]
        sign = "≥" if promise.at_least else "≤"
        table.add_row(promise.what, "-" if value is None else f"{value:.2f}", f"{sign} {promise.limit:g}", mark)
    Console().print(table)


if __name__ == "__main__":
    main()
