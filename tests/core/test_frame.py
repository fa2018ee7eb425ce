import math

import numpy as np

from copycar.core.frame import Action


def test_an_action_that_is_not_a_number_is_noticed() -> None:
    assert not Action(math.nan, 0.0).is_finite
    assert Action(0.1, -1.0).is_finite


def test_the_array_is_steering_then_throttle() -> None:
    assert np.array_equal(Action(0.25, -0.5).as_array(), np.array([0.25, -0.5], dtype=np.float32))
