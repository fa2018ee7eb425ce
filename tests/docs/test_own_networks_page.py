"""What the page about networks says of your own ones runs, in its order, on a small recording."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from copycar.cli.main import run
from copycar.testing.tub import make_tub

PAGE = (
    (Path(__file__).resolve().parents[2] / "docs/networks.md").read_text(encoding="utf-8").partition("## Your own")[2]
)
COMMANDS = [line.split("#")[0] for line in re.findall(r"^copycar .*", PAGE, flags=re.MULTILINE)]
NETWORK, PROGRAM, SUBCLASS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture
def here(tmp_path, monkeypatch):
    make_tub(tmp_path / "data", n_frames=60, n_episodes=2, image_size=(60, 80))
    (tmp_path / "my_net.py").write_text(NETWORK)
    (tmp_path / "my_package").mkdir()
    (tmp_path / "my_package/my_module.py").write_text(NETWORK)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop("my_package.my_module", None)
    sys.modules.pop("my_package", None)


@pytest.mark.slow
def test_every_command_runs(here, capsys):
    for number, command in enumerate(COMMANDS):
        more = ["--epochs", "1", "--out", f"runs/{number}"] if " train " in command else []
        assert run([*shlex.split(command)[1:], *more]) == 0, f"{command}\n{capsys.readouterr().err}"
    out, err = capsys.readouterr()
    assert "Steering and throttle from a small picture." in out
    assert "your network takes pictures as colours x height x width, 3 x 60 x 80" in err


@pytest.mark.slow
def test_the_program_runs(here, capsys):
    exec(compile(NETWORK + PROGRAM, "docs/networks.md", "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out.strip() == str(Path("runs/mine/policy.onnx"))


def test_the_subclass_is_a_network_of_copycars_own_kind(here, capsys):
    (here / "tiny.py").write_text(SUBCLASS)
    assert run(["networks", "tiny.py:Tiny", "--network.width", "64"]) == 0
    assert "Two numbers from a very small picture." in capsys.readouterr().out
