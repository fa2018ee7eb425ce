import dataclasses

import numpy as np
import pytest
import torch

from copycar.learning.augment.settings import OFF, Augmentation
from copycar.learning.driving_task import THROTTLE_IN_SCORE, DrivingTask
from copycar.learning.policies.network import NETWORKS, Given
from copycar.learning.sampling import density_weights
from copycar.tubs.load import load_images
from copycar.tubs.store import DecodedImages, EncodedImages

CPU = torch.device("cpu")


def task_on(data, augmentation=OFF, balance=0.0, seed=0):
    network = NETWORKS.get("copycar")(Given(data.image_size))
    weights = density_weights(data.labels[data.train, 0], balance)
    return DrivingTask(data, network, augmentation, batch_size=64, seed=seed, weights=weights)


def encoded(data):
    """Return the same data whose pictures stay JPEG bytes."""
    store = load_images(data.images.records, memory_budget_bytes=0)
    assert isinstance(data.images, DecodedImages)
    assert isinstance(store, EncodedImages)
    return dataclasses.replace(data, images=store)


def test_an_epoch_shows_every_training_frame_once(data):
    task = task_on(data)
    labels = torch.cat([batch.labels["action"] for batch in task.train_batches(0, CPU)]).numpy()
    assert len(labels) == task.n_train
    expected = data.labels[data.train]
    np.testing.assert_array_equal(labels[np.lexsort(labels.T)], expected[np.lexsort(expected.T)])


def test_a_frame_keeps_its_label(data):
    for batch in task_on(data).train_batches(0, CPU):
        pictures, labels = batch.inputs["image"], batch.labels["action"]
        for picture, label in zip(pictures[:8], labels[:8], strict=True):
            rows = np.flatnonzero((data.labels == label.numpy()).all(axis=1))
            assert any((data.images[row : row + 1][0] == picture.numpy()).all() for row in rows)
        break


@pytest.mark.parametrize("augmentation", [OFF, Augmentation()], ids=["plain", "varied"])
def test_pictures_kept_as_jpeg_train_just_like_decoded_ones(data, augmentation):
    batches = [list(task_on(given, augmentation, 0.5).train_batches(1, CPU)) for given in (data, encoded(data))]
    for one, other in zip(*batches, strict=True):
        assert torch.equal(one.inputs["image"], other.inputs["image"])
        assert torch.equal(one.labels["action"], other.labels["action"])


def test_held_out_frames_are_shown_as_they_were_recorded_from_both_stores(data):
    for given in (data, encoded(data)):
        batches = list(task_on(given, Augmentation()).validation_batches(CPU))
        pictures = torch.cat([batch.inputs["image"] for batch in batches])
        assert torch.equal(pictures, torch.from_numpy(data.images[data.validation]))
        labels = torch.cat([batch.labels["action"] for batch in batches])
        np.testing.assert_array_equal(labels, data.labels[data.validation])


def test_an_epoch_is_the_same_however_often_it_is_asked_for_and_each_epoch_differs(data):
    task = task_on(data, Augmentation())
    first, again, second = (next(task.train_batches(epoch, CPU)).inputs["image"] for epoch in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, second)


def test_balancing_makes_every_angle_equally_frequent_or_leaves_it():
    steering = np.array([0.0] * 90 + [0.5] * 9 + [-1.0], dtype=np.float32)
    weights = density_weights(steering, 1.0)
    for angle in (0.0, 0.5, -1.0):
        assert weights[steering == angle].sum() == pytest.approx(90)
    assert (density_weights(steering, 0.0) == 1).all()
    half = density_weights(steering, 0.5)
    assert half[-1] == pytest.approx(np.sqrt(90))


def test_balanced_epochs_show_rare_angles_more_often(data):
    few = np.abs(data.labels[:, 0]) > 0.7
    shown = [
        np.mean(
            [
                float((batch.labels["action"][:, 0].abs() > 0.7).float().mean())
                for batch in task_on(data, OFF, balance).train_batches(0, CPU)
            ]
        )
        for balance in (0.0, 1.0)
    ]
    assert few.mean() < 0.5
    assert shown[1] > shown[0]


def test_the_score_is_the_squared_error_of_steering_and_a_little_of_throttle(data):
    task = task_on(data)
    task.network.eval()
    with torch.inference_mode():
        figures = task.judge(task.network, task.validation_batches(CPU))
        batches = task.validation_batches(CPU)
        said = torch.cat([task.network.action(task.network(batch.inputs)) for batch in batches]).numpy()
    assert task.said == pytest.approx(said)
    error = said - data.labels[data.validation]
    assert figures["score"] == pytest.approx(float(np.square(error).mean(axis=0) @ (1.0, THROTTLE_IN_SCORE)), rel=1e-5)
    assert figures["steering_mae"] == pytest.approx(float(np.abs(error[:, 0]).mean()), rel=1e-5)
    guess = np.abs(data.labels[data.validation, 0] - data.labels[data.train, 0].mean()).mean()
    assert figures["steering_baseline_mean_mae"] == pytest.approx(float(guess), rel=1e-5)


def test_off_leaves_frames_as_bytes(data):
    assert next(task_on(data).train_batches(0, CPU)).inputs["image"].dtype == torch.uint8
