import os

import pytest
import torch

from copycar.core.errors import CopycarError
from copycar.learning.weights import load_state, save_state


def test_what_was_saved_comes_back(tmp_path):
    save_state(tmp_path / "a.pt", {"weight": torch.arange(3.0), "epoch": 2})
    loaded = load_state(tmp_path / "a.pt")
    assert torch.equal(loaded["weight"], torch.arange(3.0))
    assert loaded["epoch"] == 2


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    save_state(tmp_path / "a.pt", {"epoch": 1})

    def refuse(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        save_state(tmp_path / "a.pt", {"epoch": 2})
    assert load_state(tmp_path / "a.pt") == {"epoch": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["a.pt"]


@pytest.mark.parametrize("content", [b"", b"no weights", b"PK\x03\x04torn"])
def test_a_file_that_holds_no_state_is_named(tmp_path, content):
    (tmp_path / "a.pt").write_bytes(content)
    with pytest.raises(CopycarError, match=r"a\.pt cannot be read"):
        load_state(tmp_path / "a.pt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CopycarError, match=r"a\.pt cannot be read"):
        load_state(tmp_path / "a.pt")


def test_a_file_that_would_run_code_is_refused(tmp_path):
    torch.save(print, tmp_path / "a.pt")
    with pytest.raises(CopycarError, match=r"a\.pt cannot be read"):
        load_state(tmp_path / "a.pt")
