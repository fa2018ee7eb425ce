import pytest

from copycar.core.errors import CopycarError
from copycar.evaluation.entrants import Entrant, entrants


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for run in ("runs/first", "runs/second", "old/first"):
        (tmp_path / run).mkdir(parents=True)
        (tmp_path / run / "policy.onnx").touch()


def test_a_policy_is_named_after_its_run_and_another_file_after_itself(runs):
    found = entrants(["runs/first/policy.onnx", "runs/second", "models/small.onnx", "expert"])
    assert [one.name for one in found] == ["first", "second", "small", "expert"]
    assert found[1] == Entrant("second", "runs/second/policy.onnx")
    assert found[3].driver == "expert"


def test_those_that_would_share_a_name_are_named_by_their_path(runs):
    found = entrants(["runs/first", "old/first", "runs/second"])
    assert [one.name for one in found] == ["runs/first/policy.onnx", "old/first/policy.onnx", "second"]


def test_nobody_and_somebody_twice_are_refused(runs):
    with pytest.raises(CopycarError, match="no policy to evaluate"):
        entrants([])
    with pytest.raises(CopycarError, match="named twice"):
        entrants(["runs/first", "runs/first/policy.onnx"])


def test_a_folder_without_a_policy_is_refused(runs):
    with pytest.raises(CopycarError, match=r"runs is a folder without policy\.onnx"):
        entrants(["runs"])
