"""The numbers of the car: a 1:10 touring car as sold for hobby racing. Knows nothing of physics engines or pictures."""

import math

LENGTH_M = 0.38
WIDTH_M = 0.18
WHEELBASE_M = 0.26
TRACK_WIDTH_M = 0.16
WHEEL_RADIUS_M = 0.033
MASS_KG = 1.6

MAX_WHEEL_ANGLE_RAD = math.radians(27)
"""Wheel angle at steering 1: a turning circle of 0.51 m radius."""

STEERING_PER_S = 7.0
"""How fast the servo turns: centre to full lock in 0.14 s, a standard hobby servo."""

TOP_SPEED_MPS = 3.5
REVERSE_SPEED_MPS = 1.4
ACCELERATION_MPS2 = 4.0
"""Acceleration from standstill at throttle 1; it falls to 0 at top speed, as an electric motor's does."""

BRAKE_MPS2 = 6.0
"""Deceleration at throttle -1 while rolling forward."""


def drive_acceleration(throttle: float, speed_mps: float) -> float:
    """Return what motor and brake do to the car, in m/s2 along its heading.

    Forward throttle is a motor voltage: it drives towards `throttle` times the top speed and, below that, brakes
    gently. Negative throttle brakes a car that rolls forward, then drives it backwards.
    """
    if throttle < 0 and speed_mps > 0.05:
        return BRAKE_MPS2 * throttle - ACCELERATION_MPS2 * speed_mps / TOP_SPEED_MPS
    if throttle < 0:
        return ACCELERATION_MPS2 * (0.5 * throttle - 0.5 * speed_mps / REVERSE_SPEED_MPS)
    return ACCELERATION_MPS2 * (throttle - speed_mps / TOP_SPEED_MPS)
