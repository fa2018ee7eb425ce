import tomllib

import pytest

from copycar.learning.donkeycar.carry import NETWORKS as NETWORK_OF
from copycar.learning.donkeycar.carry import carry_over
from copycar.learning.donkeycar.python_settings import read_settings
from copycar.learning.donkeycar.settings_file import as_settings_file
from copycar.learning.donkeycar.transformations import DEFAULTS, FIELDS
from copycar.learning.pipeline import Pipeline, read_steps
from copycar.learning.policies.network import NETWORKS, network_options


def carried(text):
    return carry_over(read_settings(text, "myconfig.py"))


def values(text):
    return carried(text).values


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("DEFAULT_MODEL_TYPE = 'tflite_categorical'", {"type": "categorical"}),
        ("DEFAULT_MODEL_TYPE = '3d'\nSEQUENCE_LENGTH = 5", {"type": "conv3d", "network": {"length": 5}}),
        ("DEFAULT_MODEL_TYPE = 'memory'\nMEM_DEPTH = 1", {"type": "memory", "network": {"depth": 1}}),
        (
            "TRAIN_BEHAVIORS = True\nBEHAVIOR_LIST = ['Left_Lane', 'Right_Lane']",
            {"type": "behavior", "network": {"states": "Left_Lane,Right_Lane"}},
        ),
        ("TRAIN_LOCALIZER = True\nNUM_LOCATIONS = 8", {"type": "localizer", "network": {"locations": 8}}),
        (
            "BATCH_SIZE = 64\nMAX_EPOCHS = 30\nLEARNING_RATE = 0.002",
            {"batch_size": 64, "epochs": 30, "learning_rate": 0.002},
        ),
        ("TRAIN_TEST_SPLIT = 0.9", {"validation_share": 0.1}),
        ("EARLY_STOP_PATIENCE = 7", {"patience": 7}),
        ("EARLY_STOP_PATIENCE = 7\nUSE_EARLY_STOP = False", {}),
        ("IMAGE_W = 80\nIMAGE_H = 60", {"resize": "80x60"}),
        ("IMAGE_DEPTH = 1", {"pipeline": [{"op": "grey"}]}),
        ("TRAIN_FILTER = lambda r: r.underlying['user/throttle'] > 0.1", {"where": "throttle > 0.1"}),
        ("TRAIN_FILTER = None", {}),
        ("AUGMENTATIONS = ['BLUR']", {"augment": {"blur_sigma_px": 3.0, "blur_share": 0.5}}),
        (
            "AUGMENTATIONS = ['BRIGHTNESS', 'SEPIA']\nAUG_BRIGHTNESS_RANGE = 0.3",
            {"augment": {"brightness": 0.3, "contrast": 0.3, "tone_share": 0.5}},
        ),
        ("AUGMENTATIONS = ['BRIGHTNESS']\nAUG_BRIGHTNESS_RANGE = 3", {}),
        ("AUGMENTATIONS = ['BLUR', 'BRIGHTNESS']\nAUG_BLUR_RANGE = 'far'\nAUG_BRIGHTNESS_RANGE = []", {}),
        ("TRANSFORMATIONS = 'CROP'\nAUGMENTATIONS = 3", {}),
        ("BATCH_SIZE = 0", {}),
        ("TRANSFORMATIONS = []", {}),
    ],
)
def test_what_a_setting_becomes(text, settings):
    assert values(text) == settings


def test_transformations_keep_their_order_and_their_numbers():
    text = """
TRANSFORMATIONS = ['CROP', 'RGB2GRAY', 'GRAY2RGB']
POST_TRANSFORMATIONS = ['BLUR', 'CANNY', 'TRAPEZE_EDGE', 'RESIZE']
ROI_CROP_TOP = 40
ROI_CROP_BOTTOM = None
BLUR_GAUSSIAN = False
BLUR_KERNEL = 3
CANNY_HIGH_THRESHOLD = 90
ROI_TRAPEZE_LR = 0
RESIZE_WIDTH = 80
RESIZE_HEIGHT = 60
"""
    corners = {"upper_left": 20, "upper_right": 140, "lower_left": 0, "lower_right": 0, "top": 60, "bottom": 120}
    assert values(text)["pipeline"] == [
        {"op": "mask", "top": 40, "bottom": 0, "left": 0, "right": 0},
        {"op": "grey"},
        {"op": "blur", "kind": "box", "kernel": 3},
        {"op": "canny", "low": 60, "high": 90, "aperture": 3},
        {"op": "trapezoid_edges", **corners},
        {"op": "resize", "width": 80, "height": 60},
    ]


@pytest.mark.parametrize(
    "name",
    [
        *(name for name in FIELDS if name != "TRAPEZE_EDGE"),
        "RGB2BGR",
        "BGR2HSV",
        "RGB2HSV",
        "HSV2RGB",
        "HSV2BGR",
        "BGR2GRAY",
    ],
)
def test_every_transformation_with_donkeycars_defaults_is_a_pipeline(name):
    tables = values(f"TRANSFORMATIONS = ['{name}']")["pipeline"]
    assert Pipeline((120, 160), read_steps(tables)).output_size == (120, 160)


def test_a_transformation_that_cannot_be_carried_is_told_of_and_the_others_stay():
    sheet = carried("TRANSFORMATIONS = ['CUSTOM_X', 'HSV2GRAY', 'CROPP', 'CROP']")
    assert [step["op"] for step in sheet.values["pipeline"]] == ["mask"]
    told = " ".join(sheet.notes)
    for said in ("CUSTOM_X is missing in the pipeline: it is code of your own", "HSV2GRAY", "CROPP"):
        assert said in told


def test_every_setting_has_its_end():
    text = "\n".join(
        [
            *(f"{name} = {value!r}" for name, value in DEFAULTS.items()),
            "TRANSFORMATIONS = ['CROP']",
            "OPTIMIZER = None",
            "PRUNE_CNN = False",
            "PRUNE_PERCENT_TARGET = 75",
            "CAMERA_TYPE = 'PICAM'",
            "SOMETHING_ELSE = 3",
            "DATA_PATH = os.path.join('a', 'b')",
            "lower_case = 3",
            "DEFAULT_MODEL_TYPE = 'latent'",
            "EARLY_STOP_PATIENCE = 'many'",
            "SEQUENCE_LENGTH = 3",
            "TRAIN_FILTER = lambda r: compute(r)",
        ]
    )
    sheet = carried(text)
    assert sheet.carried.keys().isdisjoint(sheet.left)
    assert {*sheet.carried, *sheet.left} == {name for name in read_settings(text, "") if name.isupper()}
    assert sheet.carried["ROI_CROP_TOP"] == "op CROP"
    assert sheet.left["CANNY_APERTURE"] == "CANNY is in neither list of transformations"
    assert sheet.left["PRUNE_CNN"] == "it is off"
    assert "`os.path.join('a', 'b')` would have to be run" in sheet.left["DATA_PATH"]
    assert "no network 'latent'" in sheet.left["DEFAULT_MODEL_TYPE"]
    assert "patience cannot be 'many'" in sheet.left["EARLY_STOP_PATIENCE"]
    assert "the network is copycar" in sheet.left["SEQUENCE_LENGTH"]
    assert "write it as `where`" in sheet.left["TRAIN_FILTER"]


def test_the_file_says_what_was_left_out_and_where_it_stands():
    sheet = carried("CAMERA_TYPE = 'PICAM'\nDATA_PATH = f()\nBATCH_SIZE = 32\n")
    text = as_settings_file(sheet, "myconfig.py")
    assert "# DATA_PATH (myconfig.py, line 2): `f()` would have to be run" in text
    assert "# CAMERA_TYPE: it is about the car" in text
    assert tomllib.loads(text) == {"train": {"batch_size": 32}}


@pytest.mark.parametrize("text", ['a "quoted" \\ word', "ü\t\x7f\x01", "two\nlines"])
def test_any_text_survives_the_file(text):
    sheet = carried("")
    sheet.values["where"] = text
    assert tomllib.loads(as_settings_file(sheet, "myconfig.py"))["train"]["where"] == text


def test_the_networks_and_their_options_are_there():
    assert set(NETWORK_OF.values()) <= set(NETWORKS)
    for text in (
        "DEFAULT_MODEL_TYPE = 'rnn'\nSEQUENCE_LENGTH = 4",
        "TRAIN_BEHAVIORS = True\nBEHAVIOR_LIST = ['a', 'b']",
    ):
        found = values(text)
        network_options(NETWORKS.get(found["type"]), found["network"], found["type"])
