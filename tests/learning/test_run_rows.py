"""All trainings in a folder, one row each."""

from copycar.core.files import write_json
from copycar.learning.run import Run
from copycar.learning.run_rows import run_rows
from copycar.learning.training_process import PROCESS_FILE


def run(folder, name, **told):
    (folder / name).mkdir()
    Run(folder / name).update(**told)


def test_what_has_just_been_started_comes_first_then_the_newest(tmp_path):
    run(tmp_path, "old", state="done", started="2026-01-01T00:00:00+00:00")
    run(tmp_path, "new", state="done", started="2026-02-01T00:00:00+00:00")
    (tmp_path / "a-started-one").mkdir()
    write_json(tmp_path / "a-started-one" / PROCESS_FILE, {"number": 1, "began": "never"})
    rows = run_rows(tmp_path)
    assert [row["name"] for row in rows] == ["a-started-one", "new", "old"]
    assert [row["state"] for row in rows] == ["died", "done", "done"]


def test_a_damaged_run_is_listed_all_the_same(tmp_path):
    run(tmp_path, "damaged")
    (tmp_path / "damaged" / "run.json").write_text("{")
    assert [row["name"] for row in run_rows(tmp_path)] == ["damaged"]


def test_a_run_of_before_processes_were_noted_says_what_it_knows(tmp_path):
    run(tmp_path, "terminal", state="training")
    assert [row["state"] for row in run_rows(tmp_path)] == ["training"]


def test_no_folder_has_no_runs(tmp_path):
    assert run_rows(tmp_path / "runs") == []
