import json

import pytest

from copycar.cli.main import run
from copycar.core.errors import EXIT_DONE, EXIT_GATE_FAILED, EXIT_USER
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub


@pytest.fixture
def folder(tmp_path):
    return make_tub(tmp_path / "tub", n_frames=60, image_size=(24, 32))


def result(capsys, *arguments, code=EXIT_DONE):
    assert run([*map(str, arguments), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_check_says_with_its_exit_code_whether_something_is_broken(folder, capsys):
    assert run(["tub", "check", str(folder)]) == EXIT_DONE
    (folder / "images" / "5_cam_image_array_.jpg").write_bytes(b"")
    assert run(["tub", "check", str(folder)]) == EXIT_GATE_FAILED
    assert f"copycar tub check {folder} --fix" in capsys.readouterr().out
    told = result(capsys, "tub", "check", folder, "--fix")
    fixed = [verdict["name"] for verdict in told["verdicts"] if verdict["is_fixed"]]
    assert fixed == ["unreadable_pictures"]
    assert run(["tub", "check", str(folder)]) == EXIT_DONE


def test_edits_are_told_and_undone(folder, capsys):
    assert result(capsys, "tub", "delete", folder, "10:20", "35")["changed"] == 11
    assert result(capsys, "tub", "delete", folder, "--last", "2")["deleted"] == 13
    assert result(capsys, "tub", "restore", folder, "10:12")["deleted"] == 11
    assert [edit["verb"] for edit in result(capsys, "tub", "history", folder)["edits"]] == [
        "delete",
        "delete",
        "restore",
    ]
    told = result(capsys, "tub", "undo", folder, "--times", "9")
    assert (told["deleted"], len(told["undone"])) == (0, 3)
    assert run(["tub", "undo", str(folder)]) == EXIT_USER


@pytest.mark.parametrize("arguments", [["delete"], ["delete", "99"], ["delete", "x"], ["restore", "1"]])
def test_a_frame_that_is_not_there_is_an_error_in_words(folder, arguments, capsys):
    verb, *frames = arguments
    assert run(["tub", verb, str(folder), *frames]) == EXIT_USER
    assert "frame" in capsys.readouterr().err


def test_a_dry_run_deletes_nothing(folder, capsys):
    told = result(capsys, "tub", "clean", folder, "--where", "index < 5", "--dry-run")
    assert (told["changed"], told["deleted"]) == (5, 0)
    assert result(capsys, "tub", "clean", folder, "--where", "index < 5")["deleted"] == 5


def test_a_bad_expression_changes_no_tub_at_all(folder, tmp_path, capsys):
    other = make_tub(tmp_path / "other", n_frames=10, image_size=(24, 32))
    assert run(["tub", "clean", str(folder), str(other), "--where", "speed < 5"]) == EXIT_USER
    assert "no field 'speed'" in capsys.readouterr().err
    assert not Tub.open(folder).deleted


def test_a_rectangle_is_four_numbers(folder, tmp_path, capsys):
    assert run(["tub", "flip", str(folder), "--out", str(tmp_path / "x"), "--hud", "1,2,3"]) == EXIT_USER
    assert "left,top,right,bottom" in capsys.readouterr().err
    assert run(["tub", "flip", str(folder), "--out", str(tmp_path / "x"), "--hud", "0,0,9,9"]) == EXIT_DONE
