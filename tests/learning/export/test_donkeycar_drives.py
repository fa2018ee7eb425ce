"""The real donkeycar drives what we export, and we drive its pilots alike. Needs a Python that has donkeycar."""

import json

import numpy as np
import pytest
import torch
from example_networks import batch_for, frames, made

from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.driving.runtime.policy import Policy
from copycar.learning.export.export import export_policy
from copycar.learning.export.onnx import export_onnx
from copycar.learning.import_pilot import import_pilot
from copycar.testing.tub import make_tub
from copycar.tubs.load import load_images
from copycar.tubs.tub import Tub

pytestmark = pytest.mark.slow

SIZE = (120, 160)

DRIVE = """
import json, sys
import numpy as np
from donkeycar.config import Config
from donkeycar.utils import get_model_by_type
settings = Config()
settings.from_dict({"IMAGE_H": 120, "IMAGE_W": 160, "IMAGE_DEPTH": 3, "MODEL_CATEGORICAL_MAX_THROTTLE_RANGE": 0.8})
images, actions = np.load(sys.argv[1]), {}
for kind, file in zip(sys.argv[2::2], sys.argv[3::2]):
    pilot = get_model_by_type(kind, settings)
    pilot.load(file)
    actions[file] = [[float(number) for number in pilot.run(image)] for image in images]
print(json.dumps(actions))
"""

MAKE = """
import sys
import tensorflow as tf
from donkeycar.parts.keras import KerasCategorical, KerasLinear
tf.random.set_seed(5)
for kind in (KerasLinear, KerasCategorical):
    model = kind().interpreter.model
    for weights in model.weights:  # fresh networks say nearly the same to every picture
        weights.assign(1.5 * weights + 0.01 * tf.random.normal(weights.shape))
    for suffix in ("h5", "keras"):
        model.save(f"{sys.argv[1]}/{model.name}.{suffix}")
"""

EXPORTED = {"p.tflite": ("tflite", "tflite_linear"), "p.h5": ("keras", "linear"), "p.keras": ("keras", "linear")}
"""Files, the target that writes them, and donkeycar's type that drives them."""
NETWORKS = ("linear", "categorical", "copycar", "pilotnet")
PILOTS = ("linear.h5", "linear.keras", "categorical.h5", "categorical.keras")


@pytest.fixture(scope="module")
def road(tmp_path_factory):
    """A folder with a tub, and ten of its pictures in a file."""
    folder = tmp_path_factory.mktemp("road")
    tub = make_tub(folder / "tub", n_frames=20, image_size=SIZE)
    np.save(folder / "pictures.npy", load_images(Tub.open(tub).records)[np.arange(0, 20, 2)])
    return folder


@pytest.fixture(scope="module")
def driven(donkeycar, road):
    """What donkeycar makes of our exports and of its own pilots, by file; starting it takes seconds, so all at once."""
    donkeycar(MAKE, road)
    pilots = {road / pilot: pilot.partition(".")[0] for pilot in PILOTS}
    for name in NETWORKS:
        (road / name).mkdir()
        policy = policy_file(name, road / name)
        for file, (target, kind) in EXPORTED.items():
            export_policy(policy, target, road / name / file, is_for_donkeycar=True, calibrate=road / "tub")
            pilots[road / name / file] = kind
    asked = [word for file, kind in pilots.items() for word in (kind, file)]
    actions = json.loads(donkeycar(DRIVE, road / "pictures.npy", *asked).splitlines()[-1])
    return {file: np.clip(rows, -1, 1) for file, rows in actions.items()}  # as donkeycar's motors do


def by_us(policy, road):
    loaded = Policy.load(policy)
    return np.array([loaded.act({"image": image}) for image in np.load(road / "pictures.npy")])


def policy_file(name, folder):
    network = made(name, SIZE)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1.4)
    export_onnx(network, folder / "policy.onnx", PolicyMetadata(name, SIZE), batch_for(network, frames(2, SIZE)))
    return folder / "policy.onnx"


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("file", EXPORTED)
def test_donkeycar_decides_as_the_policy_it_was_given(driven, road, name, file):
    actions = by_us(road / name / "policy.onnx", road)
    assert np.ptp(actions, axis=0).min() > 1e-3
    np.testing.assert_allclose(driven[str(road / name / file)], actions, atol=1e-4)


@pytest.mark.parametrize("pilot", PILOTS)
def test_we_decide_as_the_pilot_that_donkeycar_made(driven, road, tmp_path, pilot):
    imported = import_pilot(road / pilot, tmp_path / "run")
    np.testing.assert_allclose(by_us(imported.run.policy, road), driven[str(road / pilot)], atol=1e-4)
