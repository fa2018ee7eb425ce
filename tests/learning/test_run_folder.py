import json

import pytest

from copycar.core.errors import CopycarError
from copycar.learning.run import Run, find_runs


def test_a_new_run_gets_its_folder_and_a_taken_one_is_refused(tmp_path):
    run = Run.create(tmp_path / "deep" / "run", "linear")
    assert run.folder.is_dir()
    run.update(state="training")
    with pytest.raises(CopycarError, match="holds a run already") as caught:
        Run.create(run.folder, "linear")
    assert f"--resume --out {run.folder}" in caught.value.fix


def test_without_a_name_it_is_named_by_time_and_network(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Run.create(None, "linear").folder.match("runs/????????-??????-linear")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CopycarError, match="cannot make the folder"):
        Run.create(tmp_path / "file" / "run", "linear")


def test_updates_change_their_keys_and_keep_the_others(tmp_path):
    run = Run.create(tmp_path / "run", "linear")
    run.update(state="training", seed=3)
    run.update(state="done")
    assert run.describe() == {"state": "done", "seed": 3}


def test_a_log_line_torn_by_a_crash_is_left_out(tmp_path):
    run = Run.create(tmp_path, "linear")
    run.log({"number": 1})
    run.log({"number": 2})
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write('{"number": 3, "lo')
    assert [line["number"] for line in run.epochs()] == [1, 2]
    run.restore_log([{"number": 1}])
    assert (tmp_path / "metrics.jsonl").read_text() == '{"number": 1}\n'


def test_a_run_without_epochs_has_none(tmp_path):
    assert Run.create(tmp_path, "linear").epochs() == []


def test_a_folder_without_a_run_is_named(tmp_path):
    with pytest.raises(CopycarError, match="holds no run"):
        Run.open(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "\x00"])
def test_a_damaged_description_is_named(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(CopycarError, match=r"run\.json"):
        Run.open(tmp_path).describe()


def test_runs_are_found_by_name_and_other_folders_are_not(tmp_path):
    for name in ("b", "a"):
        Run.create(tmp_path / name, "linear").update(state="done")
    (tmp_path / "c").mkdir()
    assert [run.folder.name for run in find_runs(tmp_path)] == ["a", "b"]
    assert find_runs(tmp_path / "nowhere") == []


def test_no_number_never_reaches_the_description(tmp_path):
    run = Run.create(tmp_path, "linear")
    run.update(state="training")
    with pytest.raises(ValueError, match="not JSON compliant"):
        run.update(score=float("nan"))
    assert json.loads((tmp_path / "run.json").read_text()) == {"state": "training"}
