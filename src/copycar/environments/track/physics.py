"""The car, the ground and everything it can hit, in Bullet. Knows nothing of roads, laps or pictures.

Bullet is made for things of a metre and more and misbehaves with centimetre wheels. So lengths inside are ten times
larger (1 unit = 0.1 m), gravity too; times stay true, and so the motion is the small car's own. Outside this file
everything is in metres.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from panda3d.bullet import (
    BulletBoxShape,
    BulletCylinderShape,
    BulletPlaneShape,
    BulletRigidBodyNode,
    BulletVehicle,
    BulletWorld,
    ZUp,
)
from panda3d.core import BitMask32, LQuaternion, NodePath, Point3, TransformState, Vec3

from copycar.core.frame import STOP, Action
from copycar.environments.track import car
from copycar.environments.track.layout import Prop

_UNITS_PER_M = 10.0
_SUBSTEP_S = 1 / 240
_REST_HEIGHT = 0.1165  # where the springs below hold the chassis, in units, measured
_SPRING = 150.0  # 1/s2: the springs' stiffness over the mass they carry

# Two bodies meet only where their layers overlap: only the chassis is in all three.
_GROUND, _SCENERY, _OTHER = BitMask32.bit(0), BitMask32.bit(1), BitMask32.bit(2)

Pose = tuple[float, float, float]
"""x in metres, y in metres, heading in radians counter-clockwise from +X."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Where the car is and how it moves.

    Attributes:
        x_m, y_m, heading_rad: pose of its centre; heading in (-pi, pi].
        speed_mps: along its heading, negative backwards.
        hit: what it touched in this step: "", "scenery" or "car".
        wheel_steering: where the front wheels are now, in steering units, positive to the right.
    """

    x_m: float
    y_m: float
    heading_rad: float
    speed_mps: float
    hit: str
    wheel_steering: float


class Physics:
    """One world with one car that is driven, and others that are moved like trams.

    Args:
        props: what stands around.
        n_others: how many other cars there are; place them with `move_other`.
        friction: grip of the tyres, 1 is rubber on dry asphalt.
        latency_steps: calls of `step` until an action is carried out.
    """

    def __init__(self, props: Sequence[Prop], n_others: int, friction: float, latency_steps: int) -> None:
        self._world = BulletWorld()
        self._world.setGravity(Vec3(0, 0, -9.81 * _UNITS_PER_M))
        self._nodes = NodePath("physics")
        self._attach_ground()
        self._attach_props(props)
        self._others = [self._attach_other() for _ in range(n_others)]
        self._chassis = self._attach_chassis()
        self._vehicle = self._attach_vehicle(friction)
        self._latency_steps = latency_steps
        self._waiting: deque[Action] = deque()
        self._steering = 0.0

    def place(self, pose: Pose, speed_mps: float = 0.0) -> Motion:
        """Put the car somewhere, wheels straight; actions still on their way are forgotten."""
        x, y, heading = pose
        self._chassis.setPos(x * _UNITS_PER_M, y * _UNITS_PER_M, _REST_HEIGHT)
        self._chassis.setHpr(math.degrees(heading) - 90, 0, 0)  # Panda3D's cars look along +Y
        body = self._chassis.node()
        forward = Vec3(math.cos(heading), math.sin(heading), 0)
        body.setLinearVelocity(forward * (speed_mps * _UNITS_PER_M))
        body.setAngularVelocity(Vec3(0))
        body.clearForces()
        self._vehicle.resetSuspension()
        self._steering = 0.0
        self._waiting = deque([STOP] * self._latency_steps)
        return self._motion("")

    def move_other(self, index: int, pose: Pose) -> None:
        """Move another car; it pushes what is in its way."""
        x, y, heading = pose
        turn = LQuaternion()
        turn.setHpr(Vec3(math.degrees(heading) - 90, 0, 0))
        self._others[index].setPosQuat(Point3(x * _UNITS_PER_M, y * _UNITS_PER_M, 0), turn)

    def step(self, action: Action, seconds: float) -> Motion:
        """Let `seconds` pass while the car carries out `action`, or an earlier one where there is latency."""
        self._waiting.append(action)
        now = self._waiting.popleft()
        n_substeps = max(1, round(seconds / _SUBSTEP_S))
        hit = ""
        for _ in range(n_substeps):
            self._substep(now, seconds / n_substeps)
            hit = hit or self._touched()
        return self._motion(hit)

    def _substep(self, action: Action, seconds: float) -> None:
        reach = car.STEERING_PER_S * seconds
        self._steering += min(max(action.steering - self._steering, -reach), reach)
        angle_deg = -math.degrees(self._steering * car.MAX_WHEEL_ANGLE_RAD)  # Bullet steers left for positive
        acceleration = car.drive_acceleration(action.throttle, self._speed())
        force = car.MASS_KG * acceleration * _UNITS_PER_M / 4  # four driven wheels
        for wheel in range(4):
            self._vehicle.applyEngineForce(force, wheel)
        self._vehicle.setSteeringValue(angle_deg, 0)
        self._vehicle.setSteeringValue(angle_deg, 1)
        self._world.doPhysics(seconds, 0)  # 0: exactly one step of this length

    def _speed(self) -> float:
        forward = self._chassis.getQuat().getForward()
        return float(self._chassis.node().getLinearVelocity().dot(forward)) / _UNITS_PER_M

    def _touched(self) -> str:
        """The wheels are rays in Bullet, so the chassis touches nothing while the car just drives."""
        for index in range(self._world.getNumManifolds()):
            manifold = self._world.getManifold(index)
            if manifold.getNumManifoldPoints() == 0:
                continue
            names = {manifold.getNode0().getName(), manifold.getNode1().getName()}
            if "chassis" in names and (hit := names & {"car", "scenery"}):
                return str(hit.pop())
        return ""

    def _motion(self, hit: str) -> Motion:
        x, y, _ = self._chassis.getPos()
        forward = self._chassis.getQuat().getForward()
        heading = math.atan2(forward.y, forward.x)
        return Motion(x / _UNITS_PER_M, y / _UNITS_PER_M, heading, self._speed(), hit, self._steering)

    def _attach(self, node: Any, layers: Any) -> Any:
        node.setIntoCollideMask(layers)
        self._world.attach(node)
        return self._nodes.attachNewNode(node)

    def _attach_ground(self) -> None:
        ground = BulletRigidBodyNode("ground")
        ground.addShape(BulletPlaneShape(Vec3(0, 0, 1), 0))
        self._attach(ground, _GROUND)

    def _attach_props(self, props: Sequence[Prop]) -> None:
        for prop in props:  # one body each lets Bullet skip the far ones
            scenery = BulletRigidBodyNode("scenery")
            scenery.addShape(_shape(prop), _foot(prop))
            self._attach(scenery, _SCENERY)

    def _attach_other(self) -> Any:
        other = BulletRigidBodyNode("car")
        other.addShape(_body_shape(), TransformState.makePos(Point3(0, 0, 0.75)))
        other.setKinematic(True)
        return self._attach(other, _OTHER)

    def _attach_chassis(self) -> Any:
        chassis = BulletRigidBodyNode("chassis")
        chassis.addShape(_body_shape(), TransformState.makePos(Point3(0, 0, 0.75)))
        chassis.setMass(car.MASS_KG)
        chassis.setFriction(0.3)
        chassis.setDeactivationEnabled(False)
        return self._attach(chassis, _GROUND | _SCENERY | _OTHER)

    def _attach_vehicle(self, friction: float) -> Any:
        vehicle = BulletVehicle(self._world, self._chassis.node())
        vehicle.setCoordinateSystem(ZUp)
        for forward in (1, -1):
            for side in (-1, 1):
                _add_wheel(vehicle, forward, side, friction)
        self._world.attach(vehicle)
        return vehicle


def _add_wheel(vehicle: Any, forward: int, side: int, friction: float) -> None:
    wheel = vehicle.createWheel()
    wheel.setChassisConnectionPointCs(
        Point3(side * car.TRACK_WIDTH_M / 2 * _UNITS_PER_M, forward * car.WHEELBASE_M / 2 * _UNITS_PER_M, 0.45)
    )
    wheel.setFrontWheel(forward > 0)
    wheel.setWheelDirectionCs(Vec3(0, 0, -1))
    wheel.setWheelAxleCs(Vec3(1, 0, 0))
    wheel.setWheelRadius(car.WHEEL_RADIUS_M * _UNITS_PER_M)
    wheel.setMaxSuspensionTravelCm(20)  # Bullet's centimetres, of units: 2 cm of the small car
    wheel.setMaxSuspensionForce(1e5)
    wheel.setSuspensionStiffness(_SPRING)
    wheel.setWheelsDampingCompression(0.4 * 2 * math.sqrt(_SPRING))  # shares of critical damping, Bullet's manual
    wheel.setWheelsDampingRelaxation(0.5 * 2 * math.sqrt(_SPRING))
    wheel.setFrictionSlip(friction)
    wheel.setRollInfluence(0.1)


def _body_shape() -> Any:
    half = Vec3(car.WIDTH_M / 2, car.LENGTH_M / 2, 0.045) * _UNITS_PER_M
    return BulletBoxShape(half)


def _shape(prop: Prop) -> Any:
    length, width, height = (0.5 * size * _UNITS_PER_M for size in prop.size_m)
    if prop.kind == "building":
        return BulletBoxShape(Vec3(length, width, height))
    if prop.kind in ("tree", "fir"):  # the trunk, and the lowest branches
        return BulletCylinderShape(0.4 * length, 2 * height, ZUp)
    return BulletCylinderShape(length, 2 * height, ZUp)


def _foot(prop: Prop) -> Any:
    position = Point3(prop.x_m * _UNITS_PER_M, prop.y_m * _UNITS_PER_M, 0.5 * prop.size_m[2] * _UNITS_PER_M)
    return TransformState.makePosHpr(position, Vec3(math.degrees(prop.heading_rad), 0, 0))
