import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Decision
from copycar.driving.safety import SafetyLimits, made_safe

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def decision(steering: float, throttle: float) -> Decision:
    action = Action(steering, throttle)
    return Decision(action, action, "policy")


@given(NUMBERS, NUMBERS, st.floats(0, 1))
def test_what_reaches_the_motors_is_within_the_limits(steering, throttle, throttle_max):
    safe = made_safe(decision(steering, throttle), SafetyLimits(throttle_max=throttle_max))
    assert -1 <= safe.action.steering <= 1
    assert -throttle_max <= safe.action.throttle <= throttle_max


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_what_is_within_the_limits_is_not_touched(steering, throttle):
    assert made_safe(decision(steering, throttle), SafetyLimits()) == decision(steering, throttle)


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_what_is_not_a_number_is_refused_in_action_and_label(broken):
    good, bad = Action(0.0, 0.0), Action(broken, 0.0)
    for action, label in ((bad, good), (good, bad)):
        with pytest.raises(CopycarError, match="not a number"):
            made_safe(Decision(action, label, "policy"), SafetyLimits())


def test_stale_frame_takes_the_throttle_and_leaves_steering_and_label():
    safe = made_safe(decision(0.4, 0.6), SafetyLimits(), frame_age_s=0.51)
    assert safe.action == Action(0.4, 0.0)
    assert safe.label == Action(0.4, 0.6)
