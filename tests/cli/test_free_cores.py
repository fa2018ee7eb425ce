from pathlib import Path

import pytest

from copycar.cli import free_cores as module
from copycar.cli.free_cores import free_cores


@pytest.mark.parametrize(
    ("idle", "busy", "cores", "free"), [(60, 0, 2, 2), (30, 30, 2, 1), (0, 60, 2, 1), (45, 15, 8, 6)]
)
def test_as_many_cores_are_free_as_are_idle(
    idle: int, busy: int, cores: int, free: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 0 0 1000 0 0 0 0 0 0\n")
    monkeypatch.setattr(module, "STAT", stat)
    monkeypatch.setattr(module, "usable_cores", lambda: cores)
    monkeypatch.setattr(
        module.time, "sleep", lambda _: stat.write_text(f"cpu  {100 + busy} 0 0 {1000 + idle} 0 0 0 0 0 0\n")
    )
    assert free_cores() == free


def test_where_the_system_does_not_tell_all_cores_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STAT", tmp_path / "nothing")
    monkeypatch.setattr(module.time, "sleep", lambda _: None)
    assert free_cores() == module.usable_cores()
