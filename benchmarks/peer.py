"""The peer: donkeycar from the package index, in an environment of its own that is built once and kept.

    python benchmarks/peer.py            # build it, or say what is there

donkeycar 5.3.0 is the newest version on the index; it installs at the first try on Python 3.11 (the only Python that
it accepts) and trains, so no older one was needed. `peer-constraints.txt` is the `pip freeze` of what was measured.
TensorFlow's thread settings stay as they are: two inter-op threads deadlock the peer's generator pipeline.
Knows nothing of what is measured.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

VERSION = "5.3.0"
HERE = Path(__file__).parent
ENVIRONMENT = HERE.parent / ".venv-peer"
CONSTRAINTS = HERE / "peer-constraints.txt"
BUILT = "copycar-benchmark.json"
"""Left in the environment when its installation is complete: how long that took."""


@dataclass(frozen=True)
class Peer:
    """An installed donkeycar.

    Attributes:
        folder: its virtual environment.
        install_s: what its installation took, seconds.
        size_mb: size of the environment's files, MB (10^6 bytes).
        versions: of the packages that matter here.
    """

    folder: Path
    install_s: float
    size_mb: float
    versions: dict[str, str]

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.folder / "bin" / "python"

    @property
    def donkey(self) -> Path:
        """Its command line."""
        return self.folder / "bin" / "donkey"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of a user who works in the peer's environment."""
        ours = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return kept | {"PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def ensure_peer(folder: Path = ENVIRONMENT) -> Peer:
    """Return the peer, installing it where it is missing (about a minute and 2.5 GB).

    Raises:
        RuntimeError: there is no Python 3.11.
        subprocess.CalledProcessError: the installation failed.
    """
    if not (folder / BUILT).exists():
        _install(folder)
    built = json.loads((folder / BUILT).read_text())
    return Peer(folder, built["install_s"], folder_size_mb(folder), _versions(folder))


def new_environment(folder: Path, python: str, *packages: str) -> float:
    """Make a virtual environment with some packages, nothing cached, and return the seconds that took."""
    shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    subprocess.run([python, "-m", "venv", folder], check=True)
    pip = [str(folder / "bin" / "pip"), "install", "-qq", "--no-cache-dir", "--disable-pip-version-check"]
    subprocess.run([*pip, *packages], check=True)
    return time.perf_counter() - started


def folder_size_mb(folder: Path) -> float:
    """Return the size of a folder's files in MB (10^6 bytes), links not followed."""
    sizes = (path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(sizes) / 1e6


def make_car(peer: Peer, folder: Path, *, epochs: int | None = None) -> Path:
    """Make a `mycar` folder with the peer's default settings.

    Args:
        peer: whose.
        folder: where.
        epochs: replaces its MAX_EPOCHS (100); None leaves it.
    """
    command: list[str | Path] = [peer.donkey, "createcar", "--path", folder]
    subprocess.run(command, check=True, env=peer.environment, capture_output=True)
    if epochs is not None:
        with (folder / "myconfig.py").open("a") as settings:
            settings.write(f"\nMAX_EPOCHS = {epochs}\n")
    return folder


def _install(folder: Path) -> None:
    python = shutil.which("python3.11") or (sys.executable if sys.version_info[:2] == (3, 11) else None)
    if python is None:
        raise RuntimeError(f"donkeycar {VERSION} needs Python 3.11: install one, or run the benchmark with it")
    constraints = ["--constraint", str(CONSTRAINTS)] if CONSTRAINTS.exists() else []
    seconds = new_environment(folder, python, f"donkeycar[pc]=={VERSION}", *constraints)
    (folder / BUILT).write_text(json.dumps({"install_s": seconds}))


def _versions(folder: Path) -> dict[str, str]:
    names = "donkeycar", "tensorflow", "keras", "numpy"
    script = f"import json, importlib.metadata as m; print(json.dumps({{n: m.version(n) for n in {names!r}}}))"
    python = subprocess.run([folder / "bin" / "python", "-c", script], check=True, capture_output=True, text=True)
    found: dict[str, str] = json.loads(python.stdout)
    return found


if __name__ == "__main__":
    found = ensure_peer()
    print(f"{found.folder.name}: {found.versions}, {found.size_mb:.0f} MB, installed in {found.install_s:.0f} s")
