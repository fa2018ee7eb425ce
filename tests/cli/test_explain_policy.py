"""`copycar explain`: films and sheets of what a policy looks at."""

import shutil
from pathlib import Path

import av
import numpy as np
import pytest
import torch

from copycar.evaluation.explain.open_network import open_network
from copycar.evaluation.explain.samples import Samples
from copycar.evaluation.offline.answers import answers
from copycar.evaluation.offline.frames import choose_frames
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training
from copycar.testing.tub import donkey_extras, make_tub
from copycar.tubs.formats.png import decode_png


def pictures(path):
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


@pytest.mark.parametrize("method", ["visualbackprop", "integrated", "gradcam"])
def test_a_film_has_a_picture_for_every_frame(finished_run, tub, result_of, method):
    words = ("explain", "movie", finished_run, tub, "-o", "why.mp4", "--method", method, "--split", "validation")
    made = result_of(*words)
    film = pictures("why.mp4")
    assert len(film) == made["frames"] > 20
    assert film[0].shape[1] >= 384  # 64 pixels, enlarged
    assert not np.array_equal(film[0], film[-1])
    assert 0 < made["steering_mae"] < 1


def test_a_recording_alone_is_filmed_with_its_driver(tub, result_of, refused):
    assert result_of("explain", "movie", tub, "-o", "drive.mp4")["frames"] == 160
    assert len(pictures("drive.mp4")) == 160
    assert "no recording was named" in refused("explain", "movie", "policy.onnx", "-o", "x.mp4")


def test_every_layer_is_drawn(finished_run, tub, result_of, refused):
    made = result_of("explain", "activations", finished_run / "policy.onnx", tub, "-o", "layers.png", "--frame", "7")
    assert [layer["name"] for layer in made["layers"]][:2] == ["convolutions.0", "convolutions.2"]
    assert decode_png(Path("layers.png").read_bytes()).shape[1] == 1200
    words = ("explain", "activations", finished_run, tub, "-o", "x.png", "--frame", "7777")
    assert "no usable frame 7777" in refused(*words)


def test_a_policy_without_its_run_says_where_to_get_it(finished_run, tub, refused, in_empty_folder):
    shutil.copy(finished_run / "policy.onnx", in_empty_folder / "pilot.onnx")
    message = refused("explain", "movie", "pilot.onnx", tub, "-o", "why.mp4")
    assert "gradients need the weights" in message
    assert "copycar remote pull" in message
    assert not (in_empty_folder / "why.mp4").exists()


def test_a_policy_of_another_training_is_noticed(finished_run, tub, refused, in_empty_folder):
    mixed = in_empty_folder / "mixed"
    shutil.copytree(finished_run, mixed)
    weights = torch.load(mixed / "best.pt", weights_only=True)
    torch.save({name: value * 3 for name, value in weights.items()}, mixed / "best.pt")
    assert "differ by" in refused("explain", "movie", mixed, tub, "-o", "why.mp4")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rnn", "memory", "imu"])
def test_networks_that_remember_or_feel_are_given_what_the_car_gives(name, tmp_path):
    tub = make_tub(tmp_path / "tub", n_frames=60, n_episodes=2, image_size=(70, 80), extras=donkey_extras)
    settings = TrainSettings(type=name, epochs=1, augmentation="off", threads=1, precision="fp32")
    run = Training([tub], settings, out=tmp_path / "run").train().run
    opened = open_network(run.folder)
    frames = choose_frames([tub], [opened.policy.metadata])
    said = answers(opened.policy, frames).actions
    inputs = Samples(frames, opened.network.reads, said).of(range(len(frames)))
    with torch.no_grad():
        actions = opened.network.action(opened.network(inputs)).numpy()
    assert np.abs(actions - said).max() < 1e-4
