"""How fast the built-in track steps on one core, as one JSON object. Run: `python benchmarks/track_speed.py`.

`steps_per_s` is by wall time, `steps_per_cpu_s` by the process's own time, which a busy machine disturbs less. With
gymnasium's CarRacing installed (`pip install "gymnasium[box2d]"`) its speed in the same run is told too.
"""

import json
import os
import platform
import time
from importlib.metadata import version
from typing import Any

import gymnasium
import numpy as np

from copycar.environments import make_environment

ROUNDS = {
    "physics_only": {"pictures": False},
    "front_160x120": {},
    "front_160x120_not_supersampled": {"supersample": 1},
    "front_and_4_cameras_320x180": {"cameras": 4},
    "front_and_4_cameras_320x180_and_4_cars": {"cameras": 4, "cars": 4},
}


def measure(environment: gymnasium.Env[Any, Any], action: Any, n_steps: int = 1000) -> dict[str, float]:
    """Drive `n_steps` after 50 to warm up; a drive that ends is begun anew."""
    environment.reset(seed=0)
    for _ in range(50):
        environment.step(action)
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    for _ in range(n_steps):
        _, _, terminated, truncated, _ = environment.step(action)
        if terminated or truncated:
            environment.reset()
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    environment.close()
    return {"steps_per_s": round(n_steps / wall_s, 1), "steps_per_cpu_s": round(n_steps / cpu_s, 1)}


def car_racing() -> dict[str, float] | None:
    """Return the speed of gymnasium's CarRacing, or None where Box2D is missing."""
    try:
        environment = gymnasium.make("CarRacing-v3")
    except gymnasium.error.DependencyNotInstalled:
        return None
    return measure(environment, np.array([0.0, 0.3, 0.0], dtype=np.float32), 300)


def main() -> None:
    """Measure every round and print."""
    action = np.array([0.3, 0.2], dtype=np.float32)
    results = {
        f"{track}/{name}": measure(make_environment(f"track:{track}", **options), action)
        for track in ("oval", "hairpins")
        for name, options in ROUNDS.items()
    }
    print(
        json.dumps(
            {
                "benchmark": "track_speed",
                "results": results,
                "car_racing": car_racing(),
                "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()},
                "versions": {name: version(name) for name in ("panda3d", "gymnasium", "numpy")},
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
