from pathlib import Path

import pytest

from copycar.core.files import write_atomic, write_json


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    write_json(path, {"laps": 3})
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, {"laps": float("nan")})
    assert '"laps": 3' in path.read_text()


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a.txt", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
