"""Frames of a tub under every variation, drawn anew while somebody moves a slider."""

import pytest

from copycar.core.errors import CopycarError
from copycar.learning.augment.live_preview import live_preview
from copycar.learning.augment.settings import OFF, Augmentation
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub


def test_every_variation_has_a_column(tmp_path):
    tub = make_tub(tmp_path / "tub", n_frames=10, image_size=(24, 32))
    plain, mirrored = (live_preview(tub, OFF.model_copy(update={"mirror": mirror})) for mirror in (False, True))
    assert plain.shape[0] == mirrored.shape[0]
    all_of_it = live_preview(tub, Augmentation())
    assert all_of_it.shape[1] > mirrored.shape[1]


def test_a_tub_without_frames_is_said(tmp_path):
    tub = make_tub(tmp_path / "tub", n_frames=4, image_size=(24, 32))
    Tub.open(tub).delete(range(4))
    with pytest.raises(CopycarError, match="no frame"):
        live_preview(tub, OFF)
