"""How long a user waits for the command line, and what an installation for the car costs. Compares nothing."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from peer import folder_size_mb, new_environment

ROOT = Path(__file__).parent.parent


def start_times_s(
    commands: Mapping[str, Sequence[str | Path]], environments: Mapping[str, Mapping[str, str] | None], n_runs: int
) -> dict[str, dict[str, Any]]:
    """Return the wall times of short commands, run in turns, after one unmeasured run of each.

    Args:
        commands: by name.
        environments: the environment variables of each; None leaves ours.
        n_runs: measured runs of each.
    """
    times: dict[str, list[float]] = {name: [] for name in commands}
    for i in range(n_runs + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, env=environments[name], capture_output=True, check=True)
            if i > 0:
                times[name].append(time.perf_counter() - started)
    return {name: {"median_s": median(values), "runs_s": values} for name, values in times.items()}


def install_for_the_car(folder: Path) -> dict[str, Any]:
    """Install copycar without extras into a fresh environment, nothing cached; return its cost."""
    seconds = new_environment(folder, sys.executable, str(ROOT))
    packages = subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    return {"seconds": seconds, "size_mb": folder_size_mb(folder), "packages": packages.stdout.split()}
