"""Trainings sent elsewhere from the form; nothing is really started."""

import pytest

from copycar.core.errors import CopycarError
from copycar.remote import watch
from copycar.studio.train.jobs import latest_jobs
from copycar.studio.train.started import THIS_MACHINE, Wish, places, start
from copycar.studio.workplace import Workplace
from copycar.testing.tub import make_tub

pytest.importorskip("obstore", reason="the extra [remote] is missing")


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    make_tub(tmp_path / "work" / "data", n_frames=8, image_size=(24, 32))
    return Workplace(tmp_path / "work")


@pytest.fixture
def submitted(monkeypatch):
    found = []
    monkeypatch.setattr(watch, "submit", found.append)
    return found


def test_the_form_s_settings_and_tubs_go_with_the_job(workplace, submitted):
    name = start(workplace, Wish(("data",), {"type": "linear", "epochs": 2}, on="local"))
    (spec,) = submitted
    assert (spec.name, spec.on, spec.command[0]) == (name, "local", "train")
    assert "--config" in spec.command
    assert len(spec.inputs) == 2  # the recording and the settings
    assert spec.bucket.endswith("/work/remote")
    assert [job.name for job in latest_jobs()] == [name]


def test_a_bucket_that_is_a_folder_must_lie_in_the_workplace(workplace, submitted):
    for bucket in ("../elsewhere", "/tmp", "file:///tmp"):
        with pytest.raises(CopycarError, match="is outside"):
            start(workplace, Wish(("data",), {}, on="local", bucket=bucket))
    assert submitted == []


def test_a_cluster_needs_a_bucket(workplace, submitted):
    with pytest.raises(CopycarError, match="needs a bucket"):
        start(workplace, Wish(("data",), {}, on="ray"))


def test_settings_that_do_not_fit_start_nothing(workplace, submitted):
    with pytest.raises(CopycarError, match="epochs"):
        start(workplace, Wish(("data",), {"epochs": 0}))
    with pytest.raises(CopycarError, match="no tub is chosen"):
        start(workplace, Wish((), {}))
    assert not workplace.path("runs").exists()


def test_this_machine_comes_first():
    assert places()[0] == THIS_MACHINE
    assert {"local", "ray", "vertex"} <= set(places())
