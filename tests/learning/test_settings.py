import pytest

from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.learning.settings import AUGMENTATIONS, TrainSettings


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_a_preset_alone_is_that_preset(name):
    assert TrainSettings(augmentation=name).augment == AUGMENTATIONS[name]


def test_a_single_field_changes_that_field_of_the_preset():
    settings = build(TrainSettings, {"augmentation": "light", "augment": {"blur_sigma_px": 2.0}})
    assert settings.augment == AUGMENTATIONS["light"].model_copy(update={"blur_sigma_px": 2.0})


def test_a_field_over_off_is_switched_on_alone():
    augment = build(TrainSettings, {"augmentation": "off", "augment": {"brightness": 0.2}}).augment
    assert augment.changes_light
    assert augment.tone_share == 1


def test_what_a_run_keeps_builds_the_same_settings_again():
    settings = build(TrainSettings, {"augmentation": "light", "augment": {"gamma": 0.3}})
    assert build(TrainSettings, settings.model_dump()) == settings


def test_an_unknown_field_gets_the_nearest_of_its_own_table():
    with pytest.raises(CopycarError, match=r"augment\.blur: did you mean blur_share"):
        build(TrainSettings, {"augment": {"blur": 2.0}})


@pytest.mark.parametrize("values", [{"augmentation": "wild"}, {"augmentation": ["off"]}, {"augment": 3}])
def test_what_is_no_preset_and_no_table_is_refused_in_words(values):
    with pytest.raises(CopycarError, match=next(iter(values))):
        build(TrainSettings, values)


def test_the_car_is_known_where_camera_and_car_are_given():
    camera = {"height_m": 0.1, "pitch_deg": 15, "fov_deg": 62}
    settings = build(TrainSettings, {"camera": camera, "car": {"wheelbase_m": 0.17, "max_steering_deg": 25}})
    assert settings.vehicle is not None
    assert settings.vehicle.camera_height_m == 0.1
    assert TrainSettings().vehicle is None


def test_what_the_amount_of_augmentation_implies_was_not_chosen():
    assert TrainSettings().named == {}
    assert TrainSettings(epochs=3, augmentation="off").named == {"epochs": 3, "augmentation": "off"}
    assert TrainSettings(augment={"mirror": False}).named["augment"]["mirror"] is False
