"""What a game itself gives for drives by several drivers, side by side, without anybody's help.

`copycar evaluate` has a referee who puts a car back that left the road; a game has none. All drivers get the same
seeds.

    python benchmarks/game_score.py gym:CarRacing-v3 expert runs/first/policy.onnx --drives 20 --seed 50
"""

import argparse
import json
import sys
from collections import deque
from typing import Any

import numpy as np

from copycar.driving.driver import Driver
from copycar.driving.loop import Tick, drive
from copycar.driving.make import make_driver
from copycar.environments import make_environment

SECONDS = 40.0
"""Twice CarRacing's own limit: its score stands after that."""


def scores(environment_name: str, driver_name: str, seeds: range) -> list[float]:
    """Return the game's score of one drive for each seed."""
    environment = make_environment(environment_name)
    try:
        driver = make_driver(driver_name, environment)
        return [one_score(environment, driver, seed) for seed in seeds]
    finally:
        environment.close()


def one_score(environment: Any, driver: Driver, seed: int) -> float:
    """Return the game's score of one drive."""
    latest: deque[Tick] = deque(maxlen=1)
    drive(environment, driver, laps=1, seconds=SECONDS, seed=seed, on_frame=latest.append)
    return float(latest[0].outcome["reward_total"])


def main() -> None:
    """Print each driver's scores and their mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("environment")
    parser.add_argument("drivers", nargs="+")
    parser.add_argument("--drives", type=int, default=20)
    parser.add_argument("--seed", type=int, default=50)
    asked = parser.parse_args()
    found = {}
    for driver in asked.drivers:
        values = scores(asked.environment, driver, range(asked.seed, asked.seed + asked.drives))
        found[driver] = {
            "mean": round(float(np.mean(values)), 1),
            "standard_error": round(float(np.std(values, ddof=1) / len(values) ** 0.5), 1),
            "worst": round(min(values), 1),
            "scores": [round(value, 1) for value in values],
        }
    json.dump(found, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
