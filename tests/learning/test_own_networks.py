import copy
import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from example_networks import batch_for, frames
from torch import nn

from copycar.core.errors import CopycarError
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.driving.runtime.policy import Policy
from copycar.learning.cost import build_example, example_of
from copycar.learning.export.onnx import export_onnx
from copycar.learning.policies.commands import Commands, standardised
from copycar.learning.policies.network import NETWORKS
from copycar.learning.policies.own import name_of, own_network
from copycar.learning.policies.own_pictures import Taken, examples
from copycar.learning.settings import TrainSettings
from copycar.learning.training import Training
from copycar.learning.weights import load_state, save_state
from copycar.tubs.formats.autcar_commands import CLASSES, action_of

SIZE = (48, 64)
FILE = Path(__file__).with_name("own_networks.py")


def made(name, **options):
    torch.manual_seed(0)
    return build_example(f"{FILE}:{name}", SIZE, options)


def act(network, images):
    return network.action(network({"image": images}))


def exported(network, path, size=SIZE):
    answers = {name: column.as_json() for name, column in network.reads.labels.items()}
    card = PolicyMetadata(network="own", image_size=size, answers=answers)
    return export_onnx(network, path / "policy.onnx", card, batch_for(network, frames(4, size)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["AsDonkeycar", "Last", "steering", "grey", "twelve_probabilities"])
def test_the_policy_file_of_any_network_decides_as_it_does(tmp_path, name):
    network = made(name).eval()
    assert exported(network, tmp_path) < 1e-5
    image = frames(1, SIZE)
    answers = Policy.load(tmp_path / "policy.onnx").infer({"image": image[0].numpy()})
    outputs = network({"image": image})
    assert answers["steering"] == pytest.approx(network.action(outputs)[0, :1].detach().numpy(), abs=1e-5)
    assert set(answers) == {"steering", "throttle", *network.more(outputs)}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Two", "colours x height x width, 3 x 48 x 64 (channels-first)"),
        ("Last", "height x width x colours, 48 x 64 x 3 (channels-last)"),
        ("Declared", "colours x height x width, 3 x 24 x 32 (channels-first)"),
        ("grey", "grey x height x width, 1 x 48 x 64 (channels-first)"),
    ],
)
def test_the_order_of_a_picture_is_found_by_asking_and_said(name, words):
    assert words in made(name).remarks[0]


def test_a_network_that_takes_both_orders_is_told_how_to_choose():
    assert "would take channels-last as well" in made("flat").remarks[1]
    assert "(channels-last)" in made("flat", layout="channels-last").remarks[0]


def test_a_network_that_takes_no_such_picture_says_itself_why():
    with pytest.raises(CopycarError, match=r"takes no pictures of 64x48(.|\n)*mat1 and mat2(.|\n)*--network.size"):
        made("OfOneSize")
    assert made("OfOneSize", size="32x24").taken.size == (24, 32)


def test_two_sizes_that_contradict_each_other_are_refused():
    with pytest.raises(CopycarError, match="declares pictures of 32x24, and 64x48 is asked for"):
        made("Declared", size="64x48")


@pytest.mark.parametrize("is_last", [False, True])
def test_the_picture_arrives_in_the_order_that_the_network_takes(is_last):
    images = examples((6, 8))
    taken = Taken((6, 8), 3, is_last, "raw")(images)
    assert torch.equal(taken.permute(0, 3, 1, 2) if is_last else taken, images)


@pytest.mark.parametrize(("values", "low", "high"), [("unit", 0, 1), ("centred", -1, 1), ("raw", 0, 255)])
def test_the_numbers_of_a_picture_are_those_that_were_asked_for(values, low, high):
    seen = Taken((48, 64), values=values)(examples((48, 64)))
    assert (seen.min(), seen.max()) == (pytest.approx(low, abs=0.01), pytest.approx(high, abs=0.01))


def test_autcars_preprocessing_is_over_the_whole_picture():
    picture = examples((168, 224))[:1]
    as_autcar = picture.numpy().astype(np.float32)  # AutDriver.Model.preprocess: X -= mean; X /= std + 1e-6
    as_autcar = (as_autcar - as_autcar.mean()) / (as_autcar.std() + 1e-6)
    np.testing.assert_allclose(standardised(picture).numpy(), as_autcar, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Two", "its 2 answers are steering and throttle"),
        ("AsDonkeycar", "its 2 answers are steering and throttle"),
        ("steering", "its answer is the steering"),
        ("twelve", "its 12 answers are scores (logits)"),
        ("twelve_probabilities", "its 12 answers are probabilities"),
    ],
)
def test_what_the_answers_mean_is_found_and_said(name, words):
    assert words in made(name).remarks[-1]


@pytest.mark.parametrize("name", ["twelve", "twelve_probabilities"])
def test_commands_have_probabilities_and_the_action_of_the_likeliest(name):
    network = made(name).eval()
    with torch.inference_mode():
        outputs = network({"image": frames(3, SIZE)})
    probabilities = network.more(outputs)["command"]
    assert probabilities.sum(dim=1) == pytest.approx([1.0, 1.0, 1.0], abs=1e-5)
    for action, place in zip(network.action(outputs), probabilities.argmax(dim=1), strict=True):
        assert action.tolist() == pytest.approx(action_of(CLASSES[place]))


def test_probabilities_and_scores_of_one_network_have_one_loss():
    scores, probabilities = made("twelve"), made("twelve_probabilities")
    batch = batch_for(scores, frames(4, SIZE))
    losses = [network.loss(network(batch.inputs), batch.labels) for network in (scores, probabilities)]
    assert losses[0].item() == pytest.approx(losses[1].item(), rel=1e-5)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("seven", {}, r"shape \(4, 7\)"),
        ("three", {}, r"shape \(4, 3\)(.|\n)*--network.labels"),
        ("twelve", {"labels": "left,right"}, r"shape \(4, 12\)(.|\n)*2 for as many commands \(left, right\)"),
        ("a_dict", {}, "answers with a dict"),
        ("number", {}, "gives Tensor"),
        ("text", {}, "is no network, but str"),
        ("Wants", {}, "Wants.. cannot be made(.|\n)*width"),
    ],
)
def test_what_cannot_drive_is_refused_with_its_shape(name, options, message):
    with pytest.raises(CopycarError, match=message):
        made(name, **options)


def test_a_command_without_a_known_meaning_does_what_the_driver_did():
    network = made("three", labels="left,straight,right").train()
    actions = torch.tensor([[-0.8, 0.2], [-0.6, 0.4], [0.1, 0.5]])
    images = frames(3, SIZE)
    network.loss(network({"image": images}), {"action": actions, "command": torch.tensor([0, 0, 1])})
    likeliest = torch.eye(3)
    torch.testing.assert_close(
        network.action(likeliest), torch.tensor([[-0.7, 0.3], [0.1, 0.5], [0.0, 0.0]]), atol=1e-6, rtol=0
    )


def test_a_network_that_only_steers_drives_with_the_mean_throttle():
    network = made("steering").train()
    images = frames(4, SIZE)
    network.loss(network({"image": images}), {"action": torch.tensor([[0.0, 0.2], [0.0, 0.4], [0.1, 0.5], [0.0, 0.5]])})
    assert act(network.eval(), images)[:, 1].tolist() == pytest.approx([0.4] * 4)


def test_what_it_does_not_answer_is_not_promised_by_the_policy_file():
    assert not made("Two").reads.labels
    assert list(made("twelve").reads.labels) == ["command"]


def test_a_driving_network_needs_no_fitting():
    assert own_network(Commands) is Commands


def test_weights_of_its_own_are_loaded_and_others_refused(tmp_path):
    saved = made("Two")
    save_state(tmp_path / "mine.pt", saved.module.state_dict())
    torch.manual_seed(1)
    loaded = build_example(f"{FILE}:Two", SIZE, {"weights": tmp_path / "mine.pt"})
    assert torch.equal(act(loaded.eval(), frames(2, SIZE)), act(saved.eval(), frames(2, SIZE)))
    save_state(tmp_path / "other.pt", nn.Linear(2, 3).state_dict())
    with pytest.raises(CopycarError, match="cannot be loaded into your network"):
        made("Two", weights=tmp_path / "other.pt")


@pytest.mark.slow
def test_a_python_program_gives_a_network_and_goes_on_with_it(tub, tmp_path):
    settings = TrainSettings(epochs=1, augmentation="off", precision="fp32", device="cpu")

    def make():
        return made("Two").module

    trained = Training([tub], settings, network=make, out=tmp_path / "run").train()
    assert trained.parity_max < 1e-5
    described = trained.run.describe()
    assert described["network"] == "given:make"
    assert "its 2 answers are steering and throttle" in described["remarks"]
    with pytest.raises(CopycarError, match="a Python program gave the network make"):
        Training.resume(trained.run.folder)
    Training.resume(trained.run.folder, network=make)
    assert (
        Training([tub], settings, network=make, transfer=trained.run.folder, out=tmp_path / "next").train().epochs == 1
    )


def test_a_package_may_register_a_plain_module_by_a_name(monkeypatch):
    monkeypatch.syspath_prepend(FILE.parent)
    networks = type(NETWORKS)("network", "copycar.none", {"mine": "own_networks:Two"})
    assert "its 2 answers are steering and throttle" in example_of(networks.get("mine"), SIZE).remarks


def test_a_network_of_a_module_is_found_again_by_its_path():
    assert name_of(Commands) == "copycar.learning.policies.commands:Commands"
    assert NETWORKS.get(name_of(Commands)) is Commands
    assert name_of(nn.Sequential()) == "given:Sequential"


# Keras


def of_keras(layers, shape=None, size=SIZE, **options):
    """Return a driving network around a Keras model; layers: a function that makes them."""
    keras = sys.modules["keras"]

    def make():
        return keras.Sequential([*([keras.layers.InputLayer(shape=shape)] if shape else []), *layers(keras.layers)])

    torch.manual_seed(0)
    return example_of(own_network(make), size, options)


def two(layers):
    look = [layers.Conv2D(4, 5, strides=3, activation="relu"), layers.BatchNormalization(), layers.Dropout(0.5)]
    return [*look, layers.Flatten(), layers.Dense(2)]


def twelve_of_keras(layers):
    return [layers.MaxPool2D(4, padding="same"), layers.Flatten(), layers.Dense(12, activation="softmax")]


@pytest.mark.slow
@pytest.mark.parametrize(("layers", "shape"), [(two, None), (two, (24, 32, 1)), (twelve_of_keras, (24, 32, 3))])
def test_the_policy_file_of_a_keras_network_decides_as_it_does(keras, tmp_path, layers, shape):
    network = of_keras(layers, shape)
    assert exported(network, tmp_path) < 1e-5
    assert network.taken.size == ((24, 32) if shape else SIZE)
    assert "channels-last" in network.remarks[0]


def test_the_input_of_autcars_tutorial_is_refused_with_the_line_to_write(keras):
    with pytest.raises(CopycarError) as refused:
        of_keras(twelve_of_keras, (3, 168, 224))
    assert "declares pictures of (3, 168, 224), but its layers are channels-last" in refused.value.what
    assert "3 rows, 168 columns and 224 colours" in refused.value.why
    assert "InputLayer(shape=(168, 224, 3))" in refused.value.fix


def test_who_wants_it_as_declared_gets_it_and_is_warned(keras):
    network = of_keras(twelve_of_keras, (3, 168, 224), layout="channels-first")
    assert network.taken == Taken((168, 224))
    assert "BEWARE" in network.remarks[1]
    assert act(network, frames(2, SIZE)).shape == (2, 2)


def test_layers_that_are_channels_first_take_what_is_declared_so(keras):
    def first(layers):
        return [layers.Conv2D(4, 5, padding="same", data_format="channels_first"), layers.Flatten(), layers.Dense(2)]

    assert of_keras(first, (3, 24, 32)).taken == Taken((24, 32))
    with pytest.raises(CopycarError, match=r"InputLayer\(shape=\(3, 24, 32\)\)"):
        of_keras(first, (24, 32, 3))


@pytest.mark.parametrize(
    ("shape", "message"), [((24, 32, 4), "neither its first nor its last"), ((5,), "has to take pictures")]
)
def test_a_keras_input_that_is_no_picture_is_refused(keras, shape, message):
    with pytest.raises(CopycarError, match=message):
        of_keras(lambda layers: [layers.Flatten(), layers.Dense(2)], shape)


def test_a_keras_model_with_several_inputs_is_refused(keras):
    inputs = [keras.Input((24, 32, 3)), keras.Input((2,))]
    model = keras.Model(inputs, keras.layers.Dense(2)(inputs[1]))
    with pytest.raises(CopycarError, match="and nothing else"):
        example_of(own_network(model), SIZE)


def test_dropout_and_batch_norm_of_keras_know_when_they_are_trained(keras):
    network, images = of_keras(two, (24, 32, 3)), frames(8, SIZE)
    network.eval()
    assert torch.equal(act(network, images), act(network, images))
    moving = [weight.clone() for weight in network.module.weights]
    network.train()
    assert not torch.equal(act(network, images), act(network, images))
    assert (
        sum(not torch.equal(*pair) for pair in zip(moving, network.module.weights, strict=True)) == 2
    )  # of batch norm


def test_weights_of_keras_have_the_same_names_in_every_model_that_is_made(keras, tmp_path):
    first, second = of_keras(two, (24, 32, 3)), of_keras(two, (24, 32, 3))
    save_state(tmp_path / "best.pt", first.state_dict())
    second.load_state_dict(load_state(tmp_path / "best.pt"))
    assert torch.equal(act(first.eval(), frames(2, SIZE)), act(second.eval(), frames(2, SIZE)))


def test_a_copy_of_a_keras_network_has_weights_of_its_own(keras):
    network = of_keras(two, (24, 32, 3)).eval()
    twin, images = copy.deepcopy(network), frames(2, SIZE)
    assert torch.equal(act(twin, images), act(network, images))
    with torch.no_grad():
        network.module.weights[0].add_(1.0)
    assert not torch.equal(act(twin, images), act(network, images))


def test_the_same_seed_makes_the_same_keras_network_and_leaves_pythons_dice_alone(keras):
    random.seed(5)
    expected = random.Random(5).random()
    weights = [[weight.clone() for weight in of_keras(two, (24, 32, 3)).module.weights] for _ in range(2)]
    assert random.random() == expected
    assert all(torch.equal(*pair) for pair in zip(*weights, strict=True))


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras 3.15 beside numpy 2.4
def test_weights_saved_by_keras_are_loaded(keras, tmp_path):
    model = keras.Sequential(
        [keras.layers.InputLayer(shape=(24, 32, 3)), keras.layers.Flatten(), keras.layers.Dense(2)]
    )
    model.save_weights(tmp_path / "mine.weights.h5")
    network = of_keras(
        lambda layers: [layers.Flatten(), layers.Dense(2)], (24, 32, 3), weights=tmp_path / "mine.weights.h5"
    )
    assert torch.equal(network.module.weights[0], model.variables[0].value)


@pytest.mark.slow
def test_a_training_of_a_keras_network_goes_on_exactly_where_it_stopped(keras, tub, tmp_path):
    def make():
        return keras.Sequential([keras.layers.InputLayer(shape=(24, 32, 3)), *two(keras.layers)])

    settings = TrainSettings(epochs=2, augmentation="off", precision="fp32", device="cpu", ema=0.9)
    whole = Training([tub], settings, network=make, out=tmp_path / "whole").train()

    def stop(epoch):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Training([tub], settings, network=make, out=tmp_path / "torn").train(on_epoch=stop)
    resumed = Training.resume(tmp_path / "torn", network=make).train()
    weights, others = load_state(whole.run.best), load_state(resumed.run.best)
    assert all(torch.equal(weight, others[name]) for name, weight in weights.items())


def test_keras_on_another_backend_is_refused_with_how_to_set_it(keras, monkeypatch):
    monkeypatch.setattr(keras.config, "backend", lambda: "tensorflow")
    with pytest.raises(
        CopycarError, match=r"computes with tensorflow, and copycar with torch(.|\n)*KERAS_BACKEND=torch"
    ):
        own_network(keras.Sequential())


def test_a_file_that_needs_another_backend_is_refused_likewise(tmp_path):
    (tmp_path / "tensor.py").write_text("raise ModuleNotFoundError('no', name='tensorflow')\n")
    with pytest.raises(CopycarError, match="not from tensorflow"):
        NETWORKS.get(f"{tmp_path / 'tensor.py'}:Net")
