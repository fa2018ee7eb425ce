import os
import subprocess
import sys
from pathlib import Path

import pytest

from copycar.environments.track.environment import TrackEnvironment


@pytest.mark.skipif(sys.platform != "linux", reason="libX11 is a matter of Linux")
def test_missing_libx11_is_named_with_the_command_that_brings_it(tmp_path: Path) -> None:
    # A file that is no library shadows libX11: the loader fails as on a machine without it.
    (tmp_path / "libX11.so.6").write_bytes(b"not a library")
    code = """
from copycar.core.errors import DeviceError
from copycar.environments import make_environment
try:
    make_environment("track:oval")
except DeviceError as error:
    print(error)
"""
    environment = {**os.environ, "LD_LIBRARY_PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "libX11" in result.stdout
    assert "apt-get install libx11-6" in result.stdout


def test_auto_always_finds_a_renderer() -> None:
    environment = TrackEnvironment("oval", renderer="auto", width=32, height=24)
    observation, _ = environment.reset(seed=0)
    environment.close()
    assert observation["image"].std() > 10
