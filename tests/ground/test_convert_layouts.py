"""Other layouts become projects that hold the same pictures, cameras and truths."""

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.convert import convert
from copycar.ground.open_scene import open_scene
from copycar.ground.pictures import read_picture
from ground.scenes import make_project


def test_a_converted_scene_is_the_same_scene(tmp_path):
    source = open_scene(make_project(tmp_path / "source", n_train=3, n_val=2))
    assert convert(source, tmp_path / "made") == {"train": 3, "val": 2}
    made = open_scene(tmp_path / "made")
    assert made.area == pytest.approx(source.area)
    assert (made.thing, made.rate_hz) == (source.thing, source.rate_hz)
    for ours, theirs in zip(made.cameras, source.cameras, strict=True):
        np.testing.assert_allclose(ours.camera.ground_to_pixel, theirs.camera.ground_to_pixel, atol=1e-9)
    for split in ("train", "val"):
        for ours, theirs in zip(made.moments[split], source.moments[split], strict=True):
            np.testing.assert_allclose(ours.truth.points_m, theirs.truth.points_m, atol=1e-5)
            assert (read_picture(ours.pictures[2]) == read_picture(theirs.pictures[2])).all()


def test_moments_that_nobody_labelled_are_left_out(tmp_path):
    folder = make_project(tmp_path / "source", n_train=3, n_val=2)
    (folder / "1-annotation/labels/train/copycar_1.json").unlink()
    assert convert(open_scene(folder), tmp_path / "made") == {"train": 2, "val": 2}
    for path in folder.glob("1-annotation/labels/*/*.json"):
        path.unlink()
    with pytest.raises(CopycarError, match="no labelled frames"):
        convert(open_scene(folder), tmp_path / "again")
