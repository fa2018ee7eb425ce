"""Mistyped, missing and impossible: what a newcomer meets first."""

import pytest

from copycar.cli.main import run


def test_a_mistyped_verb(refused):
    assert 'Did you mean "evaluate"?' in refused("evalute")


def test_a_mistyped_option_names_the_right_one_and_where_to_read(refused, tub):
    message = refused("train", tub, "--epoch", "3")
    assert "Did you mean --epochs?" in message
    assert "fix: copycar train --help" in message


def test_a_missing_argument(refused):
    assert "ENVIRONMENT" in refused("drive").upper()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["train", "tub", "--epochs", "0"], "--epochs"),
        (["train", "tub", "--epochs", "many"], "--epochs"),
        (["train", "tub", "--learning-rate", "-1"], "--learning-rate"),
        (["train", "tub", "--validation-share", "1"], "--validation-share"),
        (["train", "tub", "--augmentation", "wild"], "--augmentation"),
        (["drive", "oval", "--laps", "0"], "--laps"),
        (["drive", "oval", "--seconds", "-1"], "--seconds"),
        (["drive", "oval", "--rate", "0"], "--rate"),
        (["drive", "oval", "--start", "7"], "--start"),
        (["drive", "oval", "--noise", "2"], "--noise"),
        (["evaluate", "expert", "--on", "oval", "--trials", "0"], "--trials"),
        (["evaluate", "expert", "--on", "oval", "--workers", "-2"], "--workers"),
        (["evaluate", "expert", "--on", "oval", "--least-autonomy", "195"], "--least-autonomy"),
        (["demo", "--trials", "0"], "--trials"),
        (["demo", "--seed", "-1"], "--seed"),
    ],
)
def test_an_impossible_value_names_its_option_before_anything_is_done(refused, in_empty_folder, arguments, told):
    message = refused(*arguments)
    assert told in message
    assert "pydantic" not in message
    assert list(in_empty_folder.iterdir()) == []


def test_every_impossible_setting_is_reported_at_once(refused):
    message = refused("train", "tub", "--epochs", "0", "--batch-size", "x")
    assert "--epochs" in message
    assert "--batch-size" in message


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["train", "nowhere", "--type", "liner"], "did you mean linear"),
        (["drive", "ovla", "--driver", "expert"], "did you mean track:oval"),
        (["drive", "oval", "--driver", "exprt"], "did you mean expert"),
        (["drive", "oval", "--driver", "nowhere.onnx"], "no policy file nowhere.onnx"),
        (["evaluate", "nowhere.onnx", "--on", "oval"], "no policy file nowhere.onnx"),
        (["evaluate", "nowhere.onnx", "--on", "."], "no policy file nowhere.onnx"),
        (["runs", "nowhere"], "no folder nowhere"),
        (["tub", "info", "nowhere"], "nowhere"),
        (["tub", "info"], "no tub was named"),
        (["train"], "no tub was named"),
        (["train", "--resume"], "--resume needs the run"),
        (["train", "--resume", "--out", "nowhere"], "nowhere holds no run"),
        (["train", "nowhere", "--transfer", "elsewhere"], "elsewhere has no weights"),
    ],
)
def test_an_unknown_name_gets_the_known_ones(refused, in_empty_folder, arguments, told):
    pytest.importorskip("panda3d")
    assert told in refused(*arguments)
    assert list(in_empty_folder.iterdir()) == []


def test_type_without_a_name_lists_the_networks(capsys):
    assert run(["train", "--type"]) == 0
    assert "pilotnet-1164" in capsys.readouterr().out
