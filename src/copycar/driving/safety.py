"""What stands between a decision and the motors: pure rules on numbers. Knows nothing of environments or time."""

from dataclasses import dataclass

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Decision


@dataclass(frozen=True, slots=True)
class SafetyLimits:
    """What a drive may do at most.

    Attributes:
        throttle_max: 0 … 1, largest throttle in either direction.
        frame_age_s_max: a decision on an older frame gets throttle 0: the car may be somewhere else by now.
        watchdog_s: the car is stopped when the loop has been silent for so long (see `copycar.driving.watchdog`).

    Half a second is our own choice: at the 2 m/s of a fast beginner the car goes one metre blind.
    """

    throttle_max: float = 1.0
    frame_age_s_max: float = 0.5
    watchdog_s: float = 0.5


USUAL_LIMITS = SafetyLimits()


def made_safe(decision: Decision, limits: SafetyLimits, frame_age_s: float = 0.0) -> Decision:
    """Return the decision that may reach the motors.

    Steering and throttle are clipped to [-1, 1], the throttle of both action and label to the limit; on a stale frame
    the executed throttle is 0 and the label stays.

    Raises:
        CopycarError: an action or label that is not a number.
    """
    if not (decision.action.is_finite and decision.label.is_finite):
        raise CopycarError(
            f"the driver ({decision.source}) returned an action that is not a number; the car was stopped",
            f"steering {decision.action.steering}, throttle {decision.action.throttle}",
            "if it is a policy, its training diverged: train it again with a lower learning rate",
        )
    action, label = (_limited(wish, limits.throttle_max) for wish in (decision.action, decision.label))
    if frame_age_s > limits.frame_age_s_max:
        action = action._replace(throttle=0.0)
    return Decision(action, label, decision.source)


def _limited(action: Action, throttle_max: float) -> Action:
    steering, throttle = action.clipped()
    return Action(steering, min(max(throttle, -throttle_max), throttle_max))
