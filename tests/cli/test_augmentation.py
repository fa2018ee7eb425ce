"""`copycar train` and its variations: by flag, by file, and as a picture."""

import json
from pathlib import Path

import pytest

from copycar.cli.main import run

MEASURED = "[camera]\nheight_m = 0.2\npitch_deg = 15\nfov_deg = 100\n[car]\nwheelbase_m = 0.26\nmax_steering_deg = 27\n"


def kept(folder):
    return json.loads((folder / "run.json").read_text())["settings"]


def test_the_table_lies_over_the_preset_and_flags_over_the_table(tub, in_empty_folder, result_of):
    (in_empty_folder / "copycar.toml").write_text("[augment]\ngamma = 0.3\nnoise_levels = 4\n[train]\nepochs = 1\n")
    result_of("train", tub, "--augmentation", "light", "--augment.noise-levels", "7", "--out", "run")
    augment = kept(in_empty_folder / "run")["augment"]
    assert (augment["gamma"], augment["noise_levels"], augment["turn_deg"]) == (0.3, 7, 3)


def test_an_unknown_variation_names_the_right_one(refused, tub, in_empty_folder):
    assert "--augment.blur-sigma-px" in refused("train", tub, "--augment.blur-sigma", "2")
    (in_empty_folder / "copycar.toml").write_text("[augment]\ngama = 0.3\n")
    message = refused("train", tub)
    assert "gama" in message
    assert "--augment.gamma" in message


def test_an_impossible_variation_names_its_option(refused, tub):
    assert "--augment.jpeg-quality" in refused("train", tub, "--augment.jpeg-quality", "0")


def test_half_a_description_of_the_car_is_refused_before_anything_is_read(refused, in_empty_folder):
    message = refused("train", "nowhere", "--car.wheelbase-m", "0.2", "--car.max-steering-deg", "25")
    assert "no [camera]" in message
    assert "camera.height_m" in message


def test_a_tub_that_does_not_say_its_camera_learns_shifts_from_the_file(tub, in_empty_folder, result_of, capsys):
    (in_empty_folder / "copycar.toml").write_text(MEASURED)
    assert run(["train", str(tub), "--epochs", "1", "--out", "run"]) == 0
    assert "does not say" not in capsys.readouterr().err


def test_a_picture_shows_the_variations_and_nothing_is_trained(tub, in_empty_folder, capsys):
    pytest.importorskip("av")
    (in_empty_folder / "copycar.toml").write_text(MEASURED)
    assert run(["train", str(tub), "--show-augmentation", "seen.png"]) == 0
    assert Path("seen.png").read_bytes().startswith(b"\x89PNG")
    assert "nothing was trained" in capsys.readouterr().err
    assert not Path("runs").exists()
