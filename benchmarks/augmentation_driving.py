"""How variations of training frames change driving, as one JSON object per policy. Compares nothing else.

Run: `python benchmarks/augmentation_driving.py --out WORK --variant strong '{}' --variant no-blur '{"blur_share": 0}'`.

Every variant learns from the same recordings, one per seed, made as `copycar demo` makes them: nominal light, pushed
off the line now and then. Each policy then drives tracks that it has never seen, under drawn light, colours, ground,
camera pose and delay; the conditions of a trial are the same for all policies.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from copycar.cli.drive import drive_once
from copycar.core.config import build
from copycar.evaluation.rollout import evaluate_rollout
from copycar.evaluation.score_card import ScoreCard
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training

N_TRACKS, LAPS_EACH, NOISE = 6, 2, 0.8  # as `copycar demo`
UNSEEN = ("s-bends", "hairpins", "random:991")
TRIALS, LAPS = 6, 2
FIGURES = ("interventions_per_lap", "autonomy_pct", "route_completion_pct", "cross_track_error_m")


def main() -> None:
    """Train and drive every variant with every seed; figures that are there already are not measured again."""
    options = _options()
    for seed in range(options.seeds):
        tub = _recorded(options.out / f"tub-{seed}", seed)
        for name, overrides in options.variant:
            place = options.out / f"{name}-{seed}"
            if not (place / "driving.json").exists():
                policy = _trained(tub, place, seed, json.loads(overrides))
                figures = {"variant": name, "seed": seed} | _driven(policy, options.randomise, options.workers)
                (place / "driving.json").write_text(json.dumps(figures))
            print((place / "driving.json").read_text(), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of recordings, runs and figures")
    parser.add_argument("--variant", nargs=2, action="append", metavar=("NAME", "AUGMENT"), required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--randomise", type=float, default=1.0, help="strength of what every trial draws anew")
    parser.add_argument("--workers", type=int, default=1)
    return parser.parse_args()


def _recorded(tub: Path, seed: int) -> Path:
    for number in range(0 if tub.exists() else N_TRACKS):
        place, start = f"track:random:{seed * N_TRACKS + number}", {"direction": -1} if number % 2 else {}
        drive_once(place, "expert", record=tub, laps=LAPS_EACH, noise=NOISE, start=start, seed=seed)
    return tub


def _trained(tub: Path, run: Path, seed: int, augment: dict[str, Any]) -> Path:
    values: dict[str, Any] = {"seed": seed, "threads": 1} | ({"augment": augment} if augment else {})
    return Training([tub], build(TrainSettings, values), out=run).train().run.policy


def _driven(policy: Path, randomise: float, workers: int) -> dict[str, Any]:
    traces = evaluate_rollout(
        policy, UNSEEN, trials=TRIALS, laps=LAPS, workers=workers, options={"randomise": randomise}
    )
    card = ScoreCard.from_trials(traces, 0).as_json()
    return {name: card[name] for name in FIGURES}


if __name__ == "__main__":
    main()
