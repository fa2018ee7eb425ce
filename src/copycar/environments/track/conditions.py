"""What one episode is like: light, colours, camera pose, grip, delays. Drawn per reset, or the same every time.

Knows nothing of Panda3D or Bullet; a `Conditions` is plain numbers.
"""

from dataclasses import dataclass

import numpy as np

from copycar.environments.track.options import TrackOptions


@dataclass(frozen=True, slots=True)
class Conditions:
    """One episode's world and car.

    Attributes:
        look: seed of textures and scenery.
        ground: "grass", "sand" or "concrete".
        centre_line: "yellow", "white" or "none".
        brightness: 1 is a clear day.
        tint: (r, g, b) factors of the light's colour.
        sun_heading_rad, sun_height_rad: where the light comes from.
        camera_height_m, camera_pitch_deg, camera_fov_deg: the car's camera.
        friction: grip of the tyres.
        latency_steps: steps from action to effect.
        steering_noise, throttle_noise: standard deviations per step.
    """

    look: int
    ground: str
    centre_line: str
    brightness: float
    tint: tuple[float, float, float]
    sun_heading_rad: float
    sun_height_rad: float
    camera_height_m: float
    camera_pitch_deg: float
    camera_fov_deg: float
    friction: float
    latency_steps: int
    steering_noise: float
    throttle_noise: float


def nominal(options: TrackOptions) -> Conditions:
    """Return the conditions exactly as the options say."""
    return Conditions(
        look=options.look,
        ground=options.ground,
        centre_line=options.centre_line,
        brightness=options.brightness,
        tint=(1.0, 1.0, 1.0),
        sun_heading_rad=0.9,
        sun_height_rad=0.9,
        camera_height_m=options.camera_height_m,
        camera_pitch_deg=options.camera_pitch_deg,
        camera_fov_deg=options.camera_fov_deg,
        friction=options.friction,
        latency_steps=options.latency_steps,
        steering_noise=options.steering_noise,
        throttle_noise=options.throttle_noise,
    )


def drawn(options: TrackOptions, rng: np.random.Generator) -> Conditions:
    """Return conditions drawn around the options with strength `options.randomise`; nominal at strength 0.

    At full strength: brightness within 40 %, tint 12 %, camera height 15 %, pitch 4 degrees, field of view 6 degrees,
    friction 30 %, up to 2 more steps of latency, actuator noise up to 0.05; ground and centre line change on every
    second reset.
    """
    strength = options.randomise
    if strength == 0:
        return nominal(options)

    def near(value: float, share: float) -> float:
        return value * (1 + strength * rng.uniform(-share, share))

    def changed(value: str, choices: list[str]) -> str:
        other = str(rng.choice(choices))
        return other if rng.random() < 0.75 * strength else value

    return Conditions(
        look=int(rng.integers(0, 2**31)),
        ground=changed(options.ground, ["grass", "sand", "concrete"]),
        centre_line=changed(options.centre_line, ["yellow", "white", "none"]),
        brightness=near(options.brightness, 0.4),
        tint=(near(1.0, 0.12), near(1.0, 0.12), near(1.0, 0.12)),
        sun_heading_rad=float(rng.uniform(0, 2 * np.pi)),
        sun_height_rad=near(0.9, 0.5),
        camera_height_m=near(options.camera_height_m, 0.15),
        camera_pitch_deg=options.camera_pitch_deg + strength * rng.uniform(-4, 4),
        camera_fov_deg=options.camera_fov_deg + strength * rng.uniform(-6, 6),
        friction=near(options.friction, 0.3),
        latency_steps=options.latency_steps + int(rng.integers(0, round(2 * strength) + 1)),
        steering_noise=options.steering_noise + strength * rng.uniform(0, 0.05),
        throttle_noise=options.throttle_noise + strength * rng.uniform(0, 0.05),
    )
