"""Every command and the program on the page about recordings run, in their order, on a small recording."""

import json
import re
import shlex
from pathlib import Path

import pytest

from copycar.cli.main import run
from copycar.testing.tub import make_tub
from copycar.tubs.doctor.registry import ORDER

PAGE = (Path(__file__).resolve().parents[2] / "docs/recordings.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```\n(.*?)```", PAGE, flags=re.DOTALL)
    for line in block.splitlines()
    if line.startswith("copycar ")
]


def test_every_command_on_the_page_runs(tmp_path, monkeypatch, capsys):
    make_tub(tmp_path / "data", n_frames=160, n_episodes=2, image_size=(24, 32))
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS:
        assert run(shlex.split(command)[1:]) == 0, f"{command}\n{capsys.readouterr().err}"
    for name in ("check.html", "hist.html", "data.mp4", "data-mirrored", "both", "parts/train", "arrays/X.npy"):
        assert (tmp_path / name).exists(), name


def test_the_table_names_every_check():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE) == list(ORDER)


def test_the_program_on_the_page_runs(tmp_path, monkeypatch, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "docs/recordings.md", "exec"), {})
    assert capsys.readouterr().out == "1500\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_shows_a_result_has_one_for_scripts(command, tmp_path, monkeypatch, capsys):
    make_tub(tmp_path / "data", n_frames=60, n_episodes=2, image_size=(24, 32))
    monkeypatch.chdir(tmp_path)
    for before in COMMANDS[: COMMANDS.index(command)]:
        if any(verb in before for verb in (" flip ", " merge ", " delete ", " clean ", " undo ")):
            run(shlex.split(before)[1:])
    capsys.readouterr()
    assert run([*shlex.split(command)[1:], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
