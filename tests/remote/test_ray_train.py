"""What a worker of Ray Train does when its training fails, with a stand-in for Ray."""

from types import SimpleNamespace

import pytest

from copycar.remote import ray_train
from copycar.remote.job import JobSpec, Status, ended, read_result
from copycar.remote.notes import note
from copycar.remote.place import Place

pytest.importorskip("obstore", reason="obstore is not installed: pip install 'copycar[remote]'")


@pytest.fixture
def job(in_empty_folder, monkeypatch):
    """A noted job whose worker runs here, as the first of two."""
    spec = JobSpec("test-1", ("train", "nowhere"), "ray", Place(in_empty_folder / "bucket").url, workers=2)
    note(spec)
    monkeypatch.setenv(ray_train.STARTED, "x")  # the worker sets it, and this process is none
    context = SimpleNamespace(get_local_rank=lambda: 0, get_world_rank=lambda: 0)
    parts = SimpleNamespace(get_context=lambda: context, barrier=lambda: None)
    monkeypatch.setattr(ray_train, "require", lambda *_: parts)
    monkeypatch.setattr(ray_train.work, "work_folder", lambda _: in_empty_folder)
    return spec


@pytest.fixture
def ends_with(monkeypatch):
    """Makes every command end with an exit code."""

    def give(exit_code):
        monkeypatch.setattr(ray_train, "import_module", lambda _: SimpleNamespace(run=lambda _: exit_code))

    return give


def test_what_the_user_can_mend_ends_the_job_and_is_not_tried_again(job, ends_with):
    ends_with(2)
    ray_train.worker({"url": job.url})  # nothing is raised: Ray is content
    assert ended(read_result(job)) == Status("failed", 2, "its command ended with exit code 2")


@pytest.mark.parametrize("exit_code", [70, 75, 137])
def test_everything_else_is_tried_again(job, ends_with, exit_code):
    ends_with(exit_code)
    with pytest.raises(RuntimeError, match=f"exit code {exit_code}"):
        ray_train.worker({"url": job.url})
    assert read_result(job) is None
