"""The check writes what a training needs, out of the seed pipeline's own configuration."""

import pytest

from copycar.cli.main import run
from copycar.core.errors import CopycarError
from copycar.core.toml import read_toml
from copycar.ground.layouts.train_config import settings_of, write_train_config
from copycar.ground.open_scene import open_scene
from ground.scenes import make_project

MARMOT = """
--main: {--name: model, --device: cuda, --print_frequency: 2500}
--training: {--lr: 0.001, --max_epoch: 30}
--dataset: {--batch_size: 3, --crop_size: "48 64", --hm_size: "160 100", --aug_train: true}
"""


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path / "project")


def test_marmots_flags_become_our_settings(project):
    (project / "2-training/train_config.yaml").write_text(MARMOT)
    written = write_train_config(open_scene(project))
    assert written == project / "2-training/train_config.toml"
    assert read_toml(written)["ground"]["train"] == {"epochs": 30, "batch_size": 3, "width_px": 64, "match_m": 0.15}


def test_what_somebody_wrote_is_not_written_again(project):
    first = write_train_config(open_scene(project))
    first.write_text("[ground.train]\nepochs = 3\n")
    assert write_train_config(open_scene(project)) is None
    assert "epochs = 3" in first.read_text()


@pytest.mark.parametrize(("flag", "value"), [("max_epoch", 0), ("batch_size", "many"), ("crop_size", "wide")])
def test_values_that_cannot_be_are_named(tmp_path, flag, value):
    with pytest.raises(CopycarError, match=r"train_config\.yaml"):
        settings_of({flag: value}, tmp_path / "train_config.yaml")


@pytest.mark.slow
def test_train_takes_the_file_that_check_wrote(project, capsys):
    config = project / "2-training/train_config.toml"
    assert run(["ground", "check", str(project)]) == 0
    assert "train_config.toml" in capsys.readouterr().out
    config.write_text(config.read_text() + "epochs = 1\nwidth_px = 64\ncell_m = 0.1\nthreads = 1\n")
    assert run(["ground", "train", str(project), "--config", str(config), "--json"]) == 0
    assert '"epochs": 1' in capsys.readouterr().out
    assert (project / "2-training/weights/best_checkpoint.pth.tar").is_file()
