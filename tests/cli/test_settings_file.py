import json

from copycar.cli.main import run


def write(folder, text):
    (folder / "copycar.toml").write_text(text)


def settings_of(folder):
    return json.loads((folder / "run.json").read_text())["settings"]


def test_settings_of_the_file_lie_under_the_flags(tub, in_empty_folder, result_of):
    write(in_empty_folder, '[train]\nepochs = 9\nseed = 4\nout = "from-file"\n')
    result = result_of("train", tub, "--epochs", "1")
    settings = settings_of(in_empty_folder / "from-file")
    assert (settings["epochs"], settings["seed"], result["epochs"]) == (1, 4, 1)


def test_a_file_above_this_folder_counts_too(in_empty_folder, monkeypatch, refused):
    write(in_empty_folder, "[drive]\nlaps = 0\n")
    (in_empty_folder / "deep").mkdir()
    monkeypatch.chdir(in_empty_folder / "deep")
    assert "laps" in refused("drive", "oval")


def test_an_unknown_key_is_named_with_the_file_and_the_right_one(tub, in_empty_folder, refused):
    write(in_empty_folder, "[train]\nepoch = 3\n")
    message = refused("train", tub)
    assert "epoch" in message
    assert "copycar.toml" in message
    assert "--epochs" in message


def test_an_unknown_section_is_named_with_the_right_one(in_empty_folder, refused):
    write(in_empty_folder, "[trian]\nepochs = 3\n")
    message = refused("environments")
    assert "[trian]" in message
    assert "did you mean train" in message


def test_an_impossible_value_is_named(tub, in_empty_folder, refused):
    write(in_empty_folder, "[train]\nepochs = 0\n")
    assert "epochs" in refused("train", tub)


def test_a_file_that_is_no_toml_is_named_with_its_line(in_empty_folder, refused):
    write(in_empty_folder, "[train]\nepochs = \n")
    message = refused("environments")
    assert "copycar.toml is not TOML" in message
    assert "line 2" in message


def test_sections_of_other_verbs_are_left_alone(in_empty_folder):
    write(in_empty_folder, "[train]\nepochs = 3\n[demo]\nseed = 1\n")
    assert run(["environments"]) == 0


def test_the_car_s_calibration_is_no_verb_s_and_disturbs_none(in_empty_folder, capsys):
    write(in_empty_folder, "[calibration]\nsteering_left = 0.7\n")
    assert run(["environments"]) == 0
