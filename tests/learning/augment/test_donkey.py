import pytest

from copycar.core.errors import CopycarError
from copycar.learning.augment.donkey import from_donkey
from copycar.learning.augment.settings import Augmentation


def test_brightness_is_brightness_and_contrast_of_half_of_the_frames():
    assert from_donkey(["BRIGHTNESS"]) == {"brightness": 0.2, "contrast": 0.2, "tone_share": 0.5}


def test_its_documented_name_for_it_means_the_same():
    assert from_donkey(["MULTIPLY"]) == from_donkey(["BRIGHTNESS"])


def test_its_own_ranges_count_as_a_number_or_as_both_ends():
    fields = from_donkey(["BLUR", "BRIGHTNESS"], {"AUG_BLUR_RANGE": (0, 2), "AUG_BRIGHTNESS_RANGE": (-0.3, 0.1)})
    assert fields["blur_sigma_px"] == 2
    assert fields["brightness"] == 0.3


def test_every_field_is_one_of_ours():
    assert Augmentation(**from_donkey(["MULTIPLY", "BLUR"]))


def test_nothing_gives_nothing():
    assert from_donkey([]) == {}


def test_an_unknown_name_gets_the_known_ones():
    with pytest.raises(CopycarError, match="did you mean BLUR"):
        from_donkey(["BLURR"])


def test_a_range_that_is_none_is_named():
    with pytest.raises(CopycarError, match="AUG_BLUR_RANGE"):
        from_donkey(["BLUR"], {"AUG_BLUR_RANGE": "wide"})
