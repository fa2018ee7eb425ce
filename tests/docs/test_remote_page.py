"""The commands of docs/remote.md do what the page says, with a folder for a bucket."""

import re
import shlex
from pathlib import Path

import pytest

from copycar.cli.main import run
from copycar.remote import watch
from copycar.remote.notes import find_job
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub

pytest.importorskip("obstore", reason="obstore is not installed: pip install 'copycar[remote]'")
PAGE = Path(__file__).resolve().parents[2] / "docs/remote.md"


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """Runs the commands of a section; returns what they ended with."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONPATH", str(PAGE.parents[1] / "src"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(watch, "POLL_S", 0.1)
    bucket = (tmp_path / "bucket").as_uri()

    def drive(section: str, change=lambda line: line) -> dict[str, int]:
        text = PAGE.read_text(encoding="utf-8").partition(f"## {section}\n")[2].partition("\n## ")[0]
        (block,) = re.findall(r"```\n(copycar.*?)```", text, flags=re.DOTALL)
        lines = [line.split("  #")[0].strip() for line in block.splitlines()]
        codes = {}
        for line in lines:
            if typed := change(line).replace("s3://rides", bucket):  # now, for a job has its name by now
                codes[typed] = run(shlex.split(typed)[1:])
        return codes

    return drive


def test_recordings_go_there_and_back(driver):
    for day in ("monday", "tuesday"):
        make_tub(f"data/{day}", n_frames=12, image_size=(48, 64))
    Path("run.toml").write_text("[train]\nepochs = 3\n")
    assert set(driver("Recordings there and back").values()) == {0}
    assert len(Tub.open("week/tuesday")) == 12
    assert Path("week/run.toml").exists()
    assert len(Tub.open("monday-again")) == 12


def test_archives_go_there_and_back(driver):
    make_tub("mycar/data", n_frames=12, image_size=(48, 64))
    Path("mycar/config.py").write_text("BATCH_SIZE = 128\n")
    Path("mycar/myconfig.py").write_text("MAX_EPOCHS = 5\n")
    assert set(driver("Archives of donkeycar's cloud scripts").values()) == {0}
    assert "epochs = 5" in Path("data/run.toml").read_text()


@pytest.mark.slow
def test_a_job_is_sent_watched_and_its_policy_comes_back(driver):
    make_tub("data", n_frames=24, image_size=(70, 80))

    def change(line: str) -> str:
        """No cluster is here, the local job is short, and by the time it can be stopped it is over."""
        if "--on ray" in line and "--dry-run" not in line:
            return ""
        line = line.replace("--epochs 20 --on local", "--epochs 1 --type linear --on local --out s3://rides")
        return re.sub(r"models/train-[\w-]+", lambda _: f"models/{find_job(None).name}", line)

    codes = driver("A job", change)
    assert {code for line, code in codes.items() if not line.startswith("copycar remote stop")} == {0}
    assert len(codes) == 7
    assert list(Path().glob("train-*.onnx"))
