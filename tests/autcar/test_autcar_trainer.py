import json
from pathlib import Path

import numpy as np
import pytest
import torch
from arrows import draw_arrow, drive, write_captures
from torch import nn

from copycar import Trainer
from copycar.core.errors import CopycarError
from copycar.driving.runtime.policy import Policy
from copycar.testing.policy import write_policy
from copycar.tubs.formats.autcar_balanced import write_set
from copycar.tubs.formats.autcar_commands import CLASSES, action_of
from copycar.tubs.formats.png import encode_png


def of_torch(n_classes=12):
    look = [nn.Conv2d(3, 16, 5, 2, 2), nn.ReLU(), nn.Conv2d(16, 16, 3, 2, 1), nn.ReLU(), nn.Flatten()]
    torch.manual_seed(0)
    return nn.Sequential(*look, nn.Linear(16 * 6 * 8, n_classes))


def of_keras(keras, n_classes=12):
    keras.utils.set_random_seed(0)
    layers = keras.layers
    return keras.models.Sequential(
        [
            layers.InputLayer(shape=(24, 32, 3)),
            layers.Conv2D(filters=16, kernel_size=5, strides=2, padding="same", activation="relu"),
            layers.MaxPool2D(pool_size=2, padding="same"),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(n_classes, activation="softmax"),
        ]
    )


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def trained(captures, tmp_path_factory):
    """A folder in which the tutorial was followed with a torch network; not to be written to."""
    folder = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        follow(captures, of_torch(), "pytorch")
    return folder


def follow(captures, model, framework, epochs=8):
    trainer = Trainer(deeplearning_framework=framework, image_width=32, image_height=24)
    trainer.create_balanced_dataset(input_folder_path=str(captures), train_test_split=0.7)
    trainer.train(path_to_folder="balanced_dataset", model_definition=model, epochs=epochs, minibatch_size=16)
    return trainer.test(path_to_model="driver_model.onnx", path_to_test_map="balanced_dataset/test_map.txt")


def test_classes_are_counted_as_the_tutorial_prints_them(here):
    names = ["move_medium_forward", "right_medium_forward", "left_medium_forward"]
    trainer = Trainer()
    trainer.create_balanced_dataset(write_captures(here / "training", names * 10), "balanced", 0.8)
    counts = trainer.get_classes("balanced")
    assert list(counts) == names
    assert all(isinstance(count, int) for count in counts.values())


@pytest.mark.slow
def test_the_model_tells_test_pictures_apart_that_it_has_never_seen(trained, monkeypatch, capsys):
    monkeypatch.chdir(trained)
    figures = Trainer().test("driver_model.onnx", "balanced_dataset/test_map.txt")
    assert figures["n"] == 144
    assert figures["accuracy"] > 0.95 > 3 * figures["baseline_majority_accuracy"]
    assert [one["name"] for one in figures["classes"]] == list(CLASSES)
    assert np.array(figures["confusion"]).sum() == 144
    assert Path(figures["picture"]).read_bytes().startswith(b"\x89PNG")
    out = capsys.readouterr().out
    assert "recall" in out and "left_light_backwards" in out


@pytest.mark.slow
def test_the_model_drives_from_raw_pictures_and_names_its_commands(trained):
    policy = Policy.load(trained / "driver_model.onnx")
    assert policy.image_size == (48, 64)
    assert policy.metadata.answers["command"]["names"] == list(CLASSES)
    for name in ("left_medium_forward", "right_light_backwards", "stop"):
        image = draw_arrow(name, np.random.default_rng(99))
        answers = policy.infer({"image": image})
        assert CLASSES[answers["command"].argmax()] == name
        assert policy.act({"image": image}) == pytest.approx(action_of(name))


@pytest.mark.slow
def test_autcars_own_preprocessing_is_in_the_model(trained):
    network = of_torch()
    weights = torch.load(next((trained / "runs").iterdir()) / "best.pt", weights_only=True)
    network.load_state_dict(
        {name.removeprefix("module."): w for name, w in weights.items() if name.startswith("module.")}
    )
    image = draw_arrow("move_fast_forward", np.random.default_rng(5))
    small = image.reshape(24, 2, 32, 2, 3).mean(axis=(1, 3), dtype=np.float64).transpose(2, 0, 1)[None]
    prepared = (small - small.mean()) / (small.std() + 1e-6)  # AutDriver.Model.preprocess
    with torch.inference_mode():
        expected = network.eval()(torch.from_numpy(prepared).float()).softmax(dim=1)[0]
    answers = Policy.load(trained / "driver_model.onnx").infer({"image": image})
    np.testing.assert_allclose(answers["command"], expected, atol=1e-4)


@pytest.mark.slow
def test_the_run_is_a_run_like_any_other(trained):
    (run,) = (trained / "runs").iterdir()
    described = json.loads((run / "run.json").read_text())
    assert described["state"] == "done"
    assert described["data"]["frames"] == 336  # of the training side, each once
    assert (run / "policy.onnx").read_bytes() == (trained / "driver_model.onnx").read_bytes()


@pytest.mark.slow
def test_a_keras_model_follows_the_same_tutorial(keras, captures, here):
    assert follow(captures, of_keras(keras), "keras", epochs=10)["accuracy"] > 0.9


def test_the_keras_model_of_the_tutorial_is_refused_with_the_line_to_write(keras, here):
    layers = keras.layers
    model = keras.models.Sequential([layers.InputLayer(shape=[3, 168, 224]), layers.MaxPool2D(8, padding="same")])
    model.add(layers.Flatten())
    model.add(layers.Dense(12, activation="softmax"))
    trainer = Trainer()
    trainer.create_balanced_dataset(write_captures(here / "training", drive(60)))
    with pytest.raises(CopycarError, match=r"InputLayer\(shape=\(168, 224, 3\)\)"):
        trainer.train("balanced_dataset", model, epochs=1)
    assert not (here / "driver_model.onnx").exists()


@pytest.mark.parametrize(
    ("options", "model", "message"),
    [
        ({"deeplearning_framework": "pytorch"}, of_torch(10), r"shape \(4, 10\)(.|\n)*12 for as many commands"),
        ({"deeplearning_framework": "keras"}, of_torch(), 'Trainer.deeplearning_framework="pytorch".'),
    ],
)
def test_a_network_that_does_not_fit_is_refused(here, options, model, message):
    trainer = Trainer(image_width=32, image_height=24, **options)
    trainer.create_balanced_dataset(write_captures(here / "training", drive(60)))
    with pytest.raises(CopycarError, match=message):
        trainer.train("balanced_dataset", model, epochs=1)


@pytest.mark.parametrize(("name", "message"), [("cntk", "no longer made"), ("pytroch", "did you mean pytorch")])
def test_another_framework_is_refused(name, message):
    with pytest.raises(CopycarError, match=message):
        Trainer(deeplearning_framework=name)


def test_a_folder_that_is_no_balanced_set_is_refused_with_what_makes_one(here):
    for ask in (lambda: Trainer().get_classes("nothing"), lambda: Trainer("pytorch").train("nothing", of_torch())):
        with pytest.raises(CopycarError, match=r"nothing is no balanced set(.|\n)*create_balanced_dataset"):
            ask()
    assert not list(here.rglob("*.onnx"))


def test_a_training_side_of_one_class_is_refused(here):
    rng = np.random.default_rng(0)
    (here / "set").mkdir()
    write_set(here / "set", "set", [(encode_png(draw_arrow("stop", rng)), "stop", "train") for _ in range(12)])
    with pytest.raises(CopycarError, match="all training pictures are stop"):
        Trainer("pytorch", 32, 24).train("set", of_torch(), epochs=1)


@pytest.mark.slow
def test_pictures_that_autcar_has_copied_to_both_sides_are_not_tested_on(trained, here):
    rng = np.random.default_rng(0)
    pictures = [encode_png(draw_arrow(name, rng)) for name in CLASSES]
    (here / "set").mkdir()
    write_set(here / "set", "set", [(png, name, "train") for png, name in zip(pictures, CLASSES, strict=True)])
    copies = [*pictures, encode_png(draw_arrow("stop", rng))]
    for number, png in enumerate(copies, 100):
        (here / f"set/image_{number}.png").write_bytes(png)
    rows = [f"set/image_{number}.png\t{name}\n" for number, name in enumerate([*CLASSES, "stop"], 100)]
    (here / "set/test_map.txt").write_text("".join(rows))
    assert Trainer().test(trained / "driver_model.onnx", "set/test_map.txt")["n"] == 1


def test_a_policy_that_answers_no_commands_is_refused(here):
    write_policy(here / "steers.onnx", (48, 64))
    Trainer().create_balanced_dataset(write_captures(here / "training", drive(60)))
    with pytest.raises(CopycarError, match="answers no commands, but steering and throttle"):
        Trainer().test("steers.onnx", "balanced_dataset/test_map.txt")


@pytest.mark.slow
def test_a_test_map_without_pictures_is_refused(trained, here):
    (here / "empty.txt").write_text("")
    with pytest.raises(CopycarError, match="holds no picture to test on"):
        Trainer().test(trained / "driver_model.onnx", "empty.txt")
    with pytest.raises(CopycarError, match=r"there is no file missing\.txt"):
        Trainer().test(trained / "driver_model.onnx", "missing.txt")
