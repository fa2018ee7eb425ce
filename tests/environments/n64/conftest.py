import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
COMPILER = "mips-linux-gnu-gcc"
FOR_THE_MACHINE = ("-march=vr4300", "-mabi=32", "-EB", "-mno-abicalls", "-mno-check-zero-division", "-G0")
ON_ITS_OWN = ("-ffreestanding", "-nostdlib", "-static", "-no-pie", "-fno-pic", "-fno-stack-protector")
FLAGS = (*FOR_THE_MACHINE, *ON_ITS_OWN, "-O2", "-Wall", "-Wextra", "-Werror", "-Wl,--build-id=none", "-Wl,-N")
SIZE = 0x4000


@pytest.fixture(scope="session")
def cartridge(tmp_path_factory) -> Path:
    """Our own test cartridge, built from `road_rom`."""
    if shutil.which(COMPILER) is None:
        pytest.skip(f"{COMPILER} is not installed: apt-get install gcc-mips-linux-gnu")
    folder = tmp_path_factory.mktemp("cartridge")
    sources = [HERE / "road_rom" / name for name in ("boot.S", "road.c")]
    program, image = folder / "road.elf", folder / "road.z64"
    subprocess.run([COMPILER, *FLAGS, "-T", HERE / "road_rom" / "road.ld", "-o", program, *sources], check=True)
    subprocess.run(["mips-linux-gnu-objcopy", "-O", "binary", f"--pad-to={SIZE}", program, image], check=True)
    return image


@pytest.fixture(scope="session")
def game(cartridge) -> Path:
    """A TOML file that describes the test cartridge, on a machine with everything that it takes to play it."""
    pytest.importorskip("mss", reason="mss is not installed: pip install 'copycar[games]'")
    for program, package in (("Xvfb", "xvfb"), ("cc", "gcc"), ("mupen64plus", "mupen64plus-ui-console")):
        if shutil.which(program) is None and shutil.which(program, path="/usr/games") is None:
            pytest.skip(f"{program} is not installed: apt-get install {package}")
    file = cartridge.with_name("road.toml")
    file.write_text(
        f'rom = "{cartridge.name}"\nguide = "{HERE / "road_game.py"}:RoadGame"\n'
        "screen_width = 320\nscreen_height = 240\n"
        "hud = [{left = 0, top = 0, width = 160, height = 5}]\n"
    )
    return file
