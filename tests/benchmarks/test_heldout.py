from pathlib import Path

import numpy as np
import pytest

from copycar.tubs.tub import Tub
from heldout import errors, hold_out


def test_held_out_frames_are_deleted_in_the_copy_and_nowhere_else(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "tub-donkeycar-fixture"
    held_out = hold_out(source, tmp_path / "tub")
    left, all_frames = Tub.open(held_out.tub), Tub.open(source)
    assert len(left) == held_out.n_train
    assert len(left) + len(held_out.labels) <= len(all_frames)  # the second beside a block is in neither
    assert len(held_out.images) == len(held_out.labels) > len(all_frames) / 10


def test_errors_are_per_axis_and_of_what_a_car_can_do() -> None:
    found = errors([[2.0, 0.0], [0.0, 0.5]], np.array([[1.0, 0.0], [0.0, 0.0]]))
    assert found["steering"] == {"mae": 0.0, "mse": 0.0}  # 2.0 is clipped to full lock
    assert found["throttle"] == {"mae": pytest.approx(0.25), "mse": pytest.approx(0.125)}
