"""A human and a policy share the wheel: touch the stick and the human drives at once, let go and the policy does again.

Knows nothing of how either decides, nor of where the stick is.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from copycar.core.clock import Clock, RealClock
from copycar.core.frame import STOP, Action, Decision, Info, Observation
from copycar.driving.controls import Controls
from copycar.driving.driver import Driver, DriverLeft
from copycar.driving.hand import Hand

HUMAN, POLICY, ASSISTED, CORRECTION, NOBODY = "human", "policy", "assisted", "correction", "nobody"
"""Sources of a decision. A correction is a human's who took over from a policy; nobody's is a car that was stopped."""

TOUCHED = 0.1
"""In assisted mode the human holds the stick all the time, so only steering that far is a takeover."""

BACK_AT_ONCE_S = 1.0
"""A hand that was lost for longer finds the car in manual mode: it must not drive off when a phone wakes up."""


OnDecision = Callable[[Observation, Info, Decision], None]


@dataclass(frozen=True, slots=True)
class Shared:
    """Who wanted what in one tick, for showing.

    Attributes:
        human: what the human's stick means.
        policy: what the policy wants, also while it only rides along; None where there is none.
        source: who decided.
        number: count of the human's message that this tick went by.
    """

    human: Action = STOP
    policy: Action | None = None
    source: str = NOBODY
    number: int = 0


class SharedDriver:
    """Drives as a human, a policy, or both say. Everything but `act` and `reset` may be called from other threads.

    Args:
        clock: time.
        on_decision: called in every tick, as soon as it is decided: the earliest moment to show what the camera sees.

    Attributes:
        hand: the human.
        controls: what the human has set; replaced as a whole.
        shared: the latest tick.
    """

    def __init__(self, clock: Clock | None = None, on_decision: OnDecision = lambda *_: None) -> None:
        self._clock = clock or RealClock()
        self._on_decision = on_decision
        self._policy: Driver | None = None
        self._change = threading.Lock()
        self._has_left = False
        self._lost_ns: int | None = None
        self._has_throttle = False
        self.hand = Hand(self._clock)
        self.controls = Controls()
        self.shared = Shared()

    def reset(self) -> None:
        """Begin a drive."""
        self._lost_ns, self._has_throttle = None, False
        if self._policy:
            self._policy.reset()

    def act(self, observation: Observation, info: Info) -> Decision:
        """Return who drives now and what he wants.

        Raises:
            DriverLeft: `leave` was called.
        """
        if self._has_left:
            raise DriverLeft
        policy = self._policy
        wanted = policy.act(observation, info).action if policy else None
        said, controls = self.hand.said(), self.controls  # as they are now, however long the policy has thought
        is_lost = self._note_loss(said.is_lost(self._clock.monotonic_ns()))
        human = controls.of_human(said.action)
        wish = controls.of_policy(wanted) if wanted else None
        decision = decided(controls, human, wish, is_touching=said.is_touching, is_lost=is_lost)
        self._has_throttle = decision.action.throttle != 0
        self.shared = Shared(human, wish, decision.source, said.number)
        self._on_decision(observation, info, decision)
        return decision

    def must_stand(self) -> bool:
        """Return whether the car still drives as decided before the human went, or somebody pressed the stop."""
        return self._has_throttle and (self.controls.is_stopped or self.hand.is_lost())

    def swap(self, policy: Driver | None) -> None:
        """Let another policy ride along from the next tick on; None for no policy, which means manual mode."""
        if policy:
            policy.reset()
        else:
            self.change(mode="manual")
        self._policy = policy

    def change(self, **wanted: object) -> Controls:
        """Change some of the controls and return all of them.

        Raises:
            CopycarError: as `Controls.changed`.
        """
        with self._change:
            self.controls = self.controls.changed(**wanted)
            return self.controls

    def leave(self) -> None:
        """End the drive with the next tick, also one that has not begun yet."""
        self._has_left = True

    def stay(self) -> None:
        """Take `leave` back: another drive may begin."""
        self._has_left = False

    def _note_loss(self, is_lost: bool) -> bool:
        """Return `is_lost`; a long loss ends every mode but the manual one."""
        now_ns = self._clock.monotonic_ns()
        if not is_lost:
            self._lost_ns = None
        elif self._lost_ns is None:
            self._lost_ns = now_ns
        elif now_ns - self._lost_ns > BACK_AT_ONCE_S * 1e9 and self.controls.mode != "manual":
            self.change(mode="manual")
        return is_lost


def decided(controls: Controls, human: Action, wish: Action | None, *, is_touching: bool, is_lost: bool) -> Decision:
    """Return who drives: the one table of takeovers.

    | | not touched | touched |
    |---|---|---|
    | manual, or no policy | human | human |
    | assisted | policy steers, human gives throttle | human, once he steers: a correction |
    | autonomous | policy | human: a correction |
    | stopped, or the human is lost | throttle 0 | throttle 0 |
    """
    if controls.is_stopped or is_lost:
        return _by(NOBODY, STOP)
    if controls.mode == "manual" or wish is None:
        return _by(HUMAN, human)
    if controls.mode == "assisted":
        takes_over = is_touching and abs(human.steering) > TOUCHED
        return _by(CORRECTION, human) if takes_over else _by(ASSISTED, Action(wish.steering, human.throttle))
    return _by(CORRECTION, human) if is_touching else _by(POLICY, wish)


def _by(source: str, action: Action) -> Decision:
    return Decision(action, action, source)
