"""donkeycar's configuration becomes a settings file that `copycar train` takes."""

import json
from pathlib import Path

import pytest

from copycar.cli.main import app, run

MYCONFIG = """
import os
DATA_PATH = os.path.join("~", "data")
IMAGE_W = 64
IMAGE_H = 48
DEFAULT_MODEL_TYPE = 'categorical'
BATCH_SIZE = 16
MAX_EPOCHS = 1
TRANSFORMATIONS = ['CROP', 'BLUR']
POST_TRANSFORMATIONS = ['CANNY']
ROI_CROP_TOP = 12
AUGMENTATIONS = ['BLUR']
AUG_BLUR_RANGE = (0, 2)
TRAIN_FILTER = lambda record: record.underlying['user/throttle'] > 0.05
"""


@pytest.fixture
def myconfig(in_empty_folder):
    Path("mycar").mkdir()
    Path("mycar/myconfig.py").write_text(MYCONFIG)
    return Path("mycar/myconfig.py")


def settings_given(*arguments):
    _, bound, _ = app.parse_args(["train", "data", *arguments], exit_on_error=False, print_error=False)
    return bound.arguments["settings"]


def test_the_file_that_it_writes_is_understood_by_train(myconfig, capsys):
    assert run(["import-config", str(myconfig), "-o", "mine.toml"]) == 0
    settings = settings_given("--config", "mine.toml")
    assert (settings.type, settings.batch_size, settings.epochs) == ("categorical", 16, 1)
    assert (settings.resize, settings.where) == ("64x48", "throttle > 0.05")
    assert [step["op"] for step in settings.pipeline] == ["mask", "blur", "canny"]
    assert (settings.augment.blur_sigma_px, settings.augment.mirror) == (2.0, True)
    out = capsys.readouterr().out
    assert "copycar train TUB --config mine.toml" in out
    assert "DATA_PATH (myconfig.py, line 3): `os.path.join('~', 'data')` would have to be run" in out


def test_what_the_network_sees_can_be_looked_at_with_it(myconfig, tub):
    run(["import-config", str(myconfig)])
    assert run(["train", str(tub), "--config", "run.toml", "--type", "copycar", "--show-pipeline"]) == 0
    assert Path("pipeline.png").stat().st_size > 1000


def test_options_of_a_network_arrive(in_empty_folder):
    Path("config.py").write_text("TRAIN_BEHAVIORS = True\nBEHAVIOR_LIST = ['Left_Lane', 'Right_Lane']\n")
    run(["import-config", "config.py"])
    assert settings_given("--config", "run.toml").network == {"states": "Left_Lane,Right_Lane"}


def test_myconfig_lies_over_config(myconfig, result_of):
    config = myconfig.with_name("config.py")
    config.write_text("BATCH_SIZE = 128\nROI_CROP_LEFT = 7\nCANNY_LOW_THRESHOLD = 10\n")
    result = result_of("import-config", myconfig, config)
    assert result["settings"]["batch_size"] == 16
    assert result["settings"]["pipeline"][0] == {"op": "mask", "top": 12, "bottom": 0, "left": 7, "right": 0}
    assert result["carried"]["CANNY_LOW_THRESHOLD"] == "op CANNY"
    assert result["left_out"] == [
        {
            "name": "DATA_PATH",
            "why": "`os.path.join('~', 'data')` would have to be run",
            "file": "myconfig.py",
            "line": 3,
        }
    ]
    assert json.dumps(result["file"]) == '"run.toml"'


def test_a_config_that_lies_beside_and_was_not_named_is_mentioned(myconfig, capsys):
    myconfig.with_name("config.py").write_text("BATCH_SIZE = 128\n")
    run(["import-config", str(myconfig)])
    assert "mycar/config.py was not read" in capsys.readouterr().err


def test_the_configuration_is_never_run(in_empty_folder):
    Path("evil.py").write_text("BATCH_SIZE = 4\nopen('harm', 'w')\nMAX_EPOCHS = __import__('os').mkdir('harm2') or 3\n")
    assert run(["import-config", "evil.py"]) == 0
    assert sorted(path.name for path in in_empty_folder.iterdir()) == ["evil.py", "run.toml"]


def test_an_existing_file_is_not_overwritten(myconfig, refused):
    Path("run.toml").write_text("mine")
    assert "run.toml exists already" in refused("import-config", myconfig)
    assert Path("run.toml").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "content"), [("nowhere.py", None), ("bad.py", b"X = = 1"), ("picture.py", b"\xff\xd8\xff")]
)
def test_what_is_no_configuration_is_refused_in_words(name, content, refused):
    if content is not None:
        Path(name).write_bytes(content)
    assert name in refused("import-config", name)
    assert not Path("run.toml").exists()
