"""A car for the real server to drive: `copycar drive fake_car:FakeCar-v0` imports it from here."""

import gymnasium

from copycar.core.clock import RealClock
from copycar.testing.environment import CircleTrack


class FakeCar(CircleTrack):
    """Its world goes on by itself, and its steps are said to move motors."""

    is_car = True

    def __init__(self):
        super().__init__(clock=RealClock())


if "FakeCar-v0" not in gymnasium.registry:
    gymnasium.register("FakeCar-v0", entry_point=FakeCar, disable_env_checker=True, order_enforce=False)
