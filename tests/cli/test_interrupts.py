"""Ctrl-C, kill and a full disk in the middle of the work, in a process of its own as from a shell."""

import json
import shlex
import signal
from pathlib import Path

import pytest

from copycar.cli.main import run
from copycar.driving.runtime.policy import Policy
from copycar.tubs.tub import Tub

DRIVE = """
import os, gymnasium
from copycar.cli.main import main
from copycar.testing.environment import CircleTrack

class Struck(CircleTrack):
    def step(self, action):
        if len(self.actions) == 30:
            os.kill(os.getpid(), {signal})
        return super().step(action)

gymnasium.register("Struck-v0", entry_point=Struck)
main(["drive", "Struck-v0", "--driver", "expert", "--record", "tub"])
"""

TRAIN = """
import os
from copycar.cli import training_lines
from copycar.cli.main import main
line = training_lines.epoch_line

def struck(epoch):
    if epoch.number == 2:
        os.kill(os.getpid(), {signal})
    return line(epoch)

training_lines.epoch_line = struck
main(["train", {tub!r}, "--epochs", "3", "--precision", "fp32", "--device", "cpu", "--out", "my run"])
"""

FULL_DISK = """
import resource
from copycar.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
main(["train", {tub!r}, "--epochs", "2", "--out", "my run"])
"""

SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)


@SIGNALS
def test_a_struck_drive_keeps_its_recording_and_says_what_next(python, number):
    result = python(DRIVE.format(signal=int(number)))
    assert result.returncode == 130, result.stderr
    assert "Traceback" not in result.stderr
    assert "copycar train tub" in result.stderr
    tub = Tub.open("tub")
    assert len(tub) in {30, 31}  # the signal may come before or after its frame is recorded
    assert tub.repairs == []


@pytest.mark.slow
@SIGNALS
def test_a_struck_training_keeps_its_epochs_and_the_printed_command_finishes_it(python, tub, number):
    result = python(TRAIN.format(signal=int(number), tub=str(tub)))
    assert result.returncode == 130, result.stderr
    assert "Traceback" not in result.stderr
    described = json.loads(Path("my run/run.json").read_text())
    assert described["state"] == "interrupted"
    assert "2 finished epochs are safe, and the best policy so far is my run/policy.onnx" in result.stderr
    assert Policy.load("my run/policy.onnx").metadata.network == "copycar"
    assert len(Path("my run/metrics.jsonl").read_text().splitlines()) == 2
    command = result.stderr.partition("go on with: ")[2].splitlines()[0]
    assert run(shlex.split(command)[1:]) == 0
    assert json.loads(Path("my run/run.json").read_text())["state"] == "done"
    assert [json.loads(line)["number"] for line in Path("my run/metrics.jsonl").read_text().splitlines()] == [1, 2, 3]


@pytest.mark.parametrize("limit", [2_000, 300_000], ids=["at the weights' first bytes", "in their middle"])
def test_a_full_disk_ends_the_training_in_words(python, tub, limit):
    pytest.importorskip("resource")
    result = python(FULL_DISK.format(limit=limit, tub=str(tub)))
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    assert "File too large" in result.stderr
    assert "copycar train --resume --out 'my run'" in result.stderr
    assert not [path for path in Path("my run").iterdir() if "partial" in path.name]
