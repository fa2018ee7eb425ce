"""A training as a process of its own, found again by its folder."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict

import pytest

from copycar.core.errors import CopycarError
from copycar.core.files import write_json
from copycar.core.process import ProcessMark
from copycar.learning.delete_run import delete_run
from copycar.learning.pausing import PAUSE_FILE, rest_while_asked
from copycar.learning.run import Run
from copycar.learning.training_process import PROCESS_FILE, go_on, launch, log_of, pause, state_of, stop


@pytest.fixture
def living(tmp_path):
    """A folder whose process lives until it is told to end."""
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    write_json(tmp_path / PROCESS_FILE, asdict(ProcessMark.of(process.pid)))
    yield tmp_path, process
    process.kill()
    process.wait()


def test_a_process_that_has_no_run_yet_is_starting(living):
    folder, _ = living
    assert state_of(folder) == "starting"


def test_what_the_run_says_counts_while_its_process_lives(living):
    folder, _ = living
    Run(folder).update(state="training")
    assert state_of(folder) == "training"


def test_a_training_whose_process_is_gone_has_died(living):
    folder, process = living
    Run(folder).update(state="training")
    process.kill()
    process.wait()
    assert state_of(folder) == "died"


def test_another_process_with_the_same_number_is_not_the_training(living):
    folder, process = living
    Run(folder).update(state="training")
    write_json(folder / PROCESS_FILE, {"number": process.pid, "began": "long ago"})
    assert state_of(folder) == "died"


def test_an_ended_run_says_itself_how_it_ended(tmp_path):
    Run(tmp_path).update(state="interrupted")
    assert state_of(tmp_path) == "interrupted"


def test_a_paused_training_rests_until_it_goes_on(living):
    folder, _ = living
    Run(folder).update(state="training")
    rest_while_asked(folder)  # nobody has asked
    pause(folder)
    assert state_of(folder) == "paused"
    looks = []

    def sleep(seconds):
        looks.append(seconds)
        if len(looks) == 3:
            go_on(folder)

    rest_while_asked(folder, sleep)
    assert len(looks) == 3
    assert state_of(folder) == "training"


def test_a_training_whose_pauser_is_gone_ends_as_by_ctrl_c(living):
    folder, process = living
    write_json(folder / PAUSE_FILE, asdict(ProcessMark.of(process.pid)))
    process.kill()
    process.wait()
    with pytest.raises(KeyboardInterrupt):
        rest_while_asked(folder, pytest.fail)
    rest_while_asked(folder, pytest.fail)  # and the next one does not find the wish of a dead process


def test_stop_ends_a_paused_training_too(living):
    folder, process = living
    Run(folder).update(state="training")
    pause(folder)
    stop(folder)
    assert process.wait() == -signal.SIGTERM
    rest_while_asked(folder, pytest.fail)


def test_only_a_training_can_be_paused(living):
    folder, _ = living
    with pytest.raises(CopycarError, match="it is starting"):
        pause(folder)


@pytest.mark.parametrize("control", [stop, go_on])
def test_what_is_done_can_neither_be_stopped_nor_go_on(tmp_path, control):
    Run(tmp_path).update(state="done")
    with pytest.raises(CopycarError, match="it is done"):
        control(tmp_path)


def test_a_run_is_not_started_over_another(tmp_path):
    Run(tmp_path).update(state="done")
    with pytest.raises(CopycarError, match="holds a run already"):
        launch(tmp_path, [], {})


@pytest.mark.slow
def test_a_training_that_cannot_start_leaves_its_words(tmp_path):
    folder = tmp_path / "run"
    launch(folder, [tmp_path / "no-such-tub"], {"epochs": 1})
    os.waitid(os.P_PID, json.loads((folder / PROCESS_FILE).read_text())["number"], os.WEXITED | os.WNOWAIT)
    assert state_of(folder) == "died"
    assert "no-such-tub" in log_of(folder)


def test_a_run_that_trains_is_not_deleted(living):
    folder, _ = living
    with pytest.raises(CopycarError, match="still trains"):
        delete_run(folder)
    assert folder.exists()


def test_only_runs_are_deleted(tmp_path):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(CopycarError, match="holds no run"):
        delete_run(tmp_path)
    Run(tmp_path).update(state="done")
    delete_run(tmp_path)
    assert not tmp_path.exists()
