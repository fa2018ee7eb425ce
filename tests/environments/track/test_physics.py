import math

import pytest

from copycar.core.frame import Action
from copycar.environments.track import car
from copycar.environments.track.layout import Prop
from copycar.environments.track.physics import Motion, Physics

STEP_S = 0.05


def world(*props: Prop, n_others: int = 0, friction: float = 1.0, latency_steps: int = 0) -> Physics:
    return Physics(props, n_others, friction, latency_steps)


def driven(physics: Physics, action: Action, n_steps: int) -> Motion:
    for _ in range(n_steps):
        motion = physics.step(action, STEP_S)
    return motion


def test_full_throttle_reaches_the_top_speed_and_no_more() -> None:
    physics = world()
    physics.place((0, 0, 0))
    assert driven(physics, Action(0, 1), 120).speed_mps == pytest.approx(car.TOP_SPEED_MPS, rel=0.05)


@pytest.mark.parametrize("steering", [-1.0, -0.4, 0.4, 1.0])
def test_slow_circles_have_the_radius_of_the_bicycle_model(steering: float) -> None:
    physics = world()
    physics.place((0, 0, 0), speed_mps=0.8)
    driven(physics, Action(steering, 0.25), 20)
    before, after = driven(physics, Action(steering, 0.25), 1), driven(physics, Action(steering, 0.25), 1)
    turned = math.remainder(after.heading_rad - before.heading_rad, math.tau)
    radius = after.speed_mps * STEP_S / abs(turned)
    assert math.copysign(1, -turned) == math.copysign(1, steering)  # positive steers right: clockwise
    assert radius == pytest.approx(car.WHEELBASE_M / math.tan(abs(steering) * car.MAX_WHEEL_ANGLE_RAD), rel=0.08)


def test_steering_takes_time() -> None:
    physics = world()
    physics.place((0, 0, 0))
    assert physics.step(Action(1, 0), STEP_S).wheel_steering == pytest.approx(car.STEERING_PER_S * STEP_S)
    assert driven(physics, Action(1, 0), 5).wheel_steering == pytest.approx(1.0)


def test_brake_stops_and_then_reverses() -> None:
    physics = world()
    physics.place((0, 0, 0), speed_mps=2.0)
    assert driven(physics, Action(0, -1), 6).speed_mps < 0.5
    assert driven(physics, Action(0, -1), 60).speed_mps == pytest.approx(-car.REVERSE_SPEED_MPS, rel=0.1)


def test_a_car_nobody_drives_stands_still() -> None:
    physics = world()
    start = physics.place((1.0, 2.0, 0.5))
    end = driven(physics, Action(0, 0), 200)
    assert math.hypot(end.x_m - start.x_m, end.y_m - start.y_m) < 0.005


def test_less_grip_means_wider_bends() -> None:
    def drift_m(friction: float) -> float:
        physics = world(friction=friction)
        physics.place((0, 0, 0), speed_mps=2.5)
        return driven(physics, Action(1, 0.7), 16).y_m

    assert drift_m(0.3) > drift_m(1.0)


@pytest.mark.parametrize("kind", ["cone", "building", "tree", "post"])
def test_driving_into_something_is_a_collision_with_scenery(kind: str) -> None:
    physics = world(Prop(kind, 1.0, 0.0, 0.0, (0.3, 0.3, 0.5), 0.0))
    physics.place((0, 0, 0), speed_mps=1.5)
    assert any(physics.step(Action(0, 0.5), STEP_S).hit == "scenery" for _ in range(20))
    assert driven(physics, Action(0, 0.5), 20).x_m < 0.9  # and it stops the car


def test_driving_into_another_car_is_a_collision_with_a_car() -> None:
    physics = world(n_others=1)
    physics.move_other(0, (1.0, 0.0, 0.0))
    physics.place((0, 0, 0), speed_mps=1.5)
    assert any(physics.step(Action(0, 0.5), STEP_S).hit == "car" for _ in range(20))


def test_latency_delays_an_action_by_its_steps() -> None:
    physics = world(latency_steps=3)
    physics.place((0, 0, 0))
    speeds = [physics.step(Action(0, 1), STEP_S).speed_mps for _ in range(4)]
    assert max(speeds[:3]) < 0.01
    assert speeds[3] > 0.1


def test_the_same_actions_give_the_same_bits() -> None:
    def run() -> list[Motion]:
        physics = world(Prop("cone", 1.2, 0.1, 0.0, (0.12, 0.12, 0.2), 0.0))
        physics.place((0, 0, 0.1), speed_mps=1.0)
        return [physics.step(Action(math.sin(k / 7), 0.6), STEP_S) for k in range(60)]

    assert run() == run()
