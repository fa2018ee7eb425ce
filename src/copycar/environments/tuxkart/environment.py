"""`tuxkart:<track>`: a race of SuperTuxKart as a `gymnasium.Env`.

Joins the game's process, its road and the pictures. Knows nothing of how any of them works.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from gymnasium.envs.registration import EnvSpec
from numpy.typing import NDArray

from copycar.core.config import build
from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Image
from copycar.core.toml import read_toml
from copycar.environments.resize import resized
from copycar.environments.track.line import Line
from copycar.environments.tuxkart import data
from copycar.environments.tuxkart.drive import Drive
from copycar.environments.tuxkart.expert import LineFollower
from copycar.environments.tuxkart.messages import Press, Put, RaceWish, Seen
from copycar.environments.tuxkart.options import Start, TuxkartOptions
from copycar.environments.tuxkart.process import GameProcess
from copycar.environments.tuxkart.road import Road

Observation = dict[str, Any]
Info = dict[str, Any]


class TuxkartEnvironment(gymnasium.Env[Observation, NDArray[np.float32]]):
    """A kart on a track of SuperTuxKart, seen by the game's own camera behind it.

    Observation: `{"image": uint8 (H, W, 3) RGB}`. Action: float32 `[steering, throttle]` in [-1, 1], steering positive
    to the right; throttle above 0 is the accelerator, below -0.1 the brake, which goes on into reverse. A step is
    `1 / rate_hz` seconds of the game, which stands still in between. The reward is the distance gained along the road
    in metres, minus 1 for each step off it. The game starts at the first reset. The same actions drive the same way
    every time, to the last digit; what flies about in the picture does not.

    Args:
        race: the game's name of a track, or a TOML file with fields of `TuxkartOptions`.
        render_mode: None or "rgb_array".
        options: fields of `TuxkartOptions`.

    Raises:
        CopycarError: unknown track, kart or option; or the game's tracks are not on this machine.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 20}  # noqa: RUF012 - gymnasium's own declaration
    starts_anywhere = True

    def __init__(self, race: str, render_mode: str | None = None, **options: Any) -> None:
        self.options = build(TuxkartOptions, {**_named(race), **options}, "the options of the race")
        self._data = data.find_data()
        data.check_known("race track", self.options.track, data.race_tracks(self._data))
        data.check_known("kart", self.options.kart, data.karts(self._data))
        self.render_mode = render_mode
        self.spec = EnvSpec(  # clouds and butterflies fly on by the clock: the same drive never looks the same twice
            _ID, f"{__name__}:TuxkartEnvironment", nondeterministic=True, kwargs={"race": race, **options}
        )
        self.metadata = {**self.metadata, "render_fps": round(self.options.rate_hz)}
        self.observation_space = gymnasium.spaces.Dict(self._picture_space())
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        self._game: GameProcess | None = None
        self._drive: Drive | None = None

    @property
    def line(self) -> Line:
        """The middle of the road in the direction of driving.

        Raises:
            CopycarError: before the first reset.
        """
        return self._driven.road.line

    @property
    def road_width_m(self) -> float:
        """Usual width of the road; it differs from place to place.

        Raises:
            CopycarError: before the first reset.
        """
        return float(np.median(self._driven.road.widths_m))

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Observation, Info]:
        """Start a new drive; the first one starts the game, which takes some seconds.

        Args:
            seed: for gymnasium alone: the game's own random numbers are an option, for they are drawn when it starts.
            options: fields of `Start`: `progress`, `offset_m`, `heading_offset_rad`, `direction`.

        Raises:
            CopycarError: unknown option or a value out of range.
            DeviceError: the game does not start.
        """
        super().reset(seed=seed)
        start = build(Start, options or {}, "reset's options")
        game = self._running()
        forward = Road.along(game.shape)
        road = forward if start.direction > 0 else forward.reversed()
        arc_m = (start.progress * road.line.length_m) % road.line.length_m
        place, heading_rad = road.place_at(arc_m, start.offset_m)
        seen = game.put(Put(place, heading_rad + start.heading_offset_rad))
        self._drive = Drive(road, arc_m, seen, 1 / self.options.rate_hz)
        return self._told(seen)

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, Info]:
        """Drive for one step; `action` is `[steering, throttle]`, clipped to [-1, 1].

        Raises:
            CopycarError: before the first reset, or a number is none (NaN, infinite).
            DeviceError: the game has died.
        """
        drive, wanted = self._driven, Action(float(action[0]), float(action[1])).clipped()
        if not wanted.is_finite:
            raise CopycarError(f"the game got {wanted}", "a driver must return numbers", "look at who drives")
        before_m = drive.laps.distance_m
        seen = self._running().press(pressed(wanted, self.options))
        drive.follow(seen)
        observation, info = self._told(seen)
        reward = float(info["distance_m"] - before_m) - float(info["is_off_track"])
        return observation, reward, self.options.ends_off_track and info["is_off_track"], False, info

    def rescue(self) -> tuple[Observation, Info]:
        """Put the kart back on the middle of the road beside where it is, standing; opponents start anew."""
        drive = self._driven
        seen = self._running().put(Put(*drive.road.place_at(drive.beside.arc_m)))
        drive.put_back(seen)
        return self._told(seen)

    def stop(self) -> None:
        """Do nothing: the game stands still while nobody steps."""

    def expert(self) -> LineFollower:
        """Return a demonstrator that follows the road."""
        return LineFollower(lambda: self.line, self.options.cruise_mps)

    def render(self) -> Image | None:
        """Return the game's own picture, `supersample` times as large, or None without a `render_mode`."""
        return self._driven.seen.image if self.render_mode else None

    def close(self) -> None:
        """End the game. Harmless twice; a later reset starts it again."""
        if self._game:
            self._game.close()
        self._game = self._drive = None

    @property
    def _driven(self) -> Drive:
        if self._drive is None:
            raise CopycarError("the race has no kart on it yet", fix="call reset() first")
        return self._drive

    def _running(self) -> GameProcess:
        """Return the game; a dead one is replaced, so that the next drive can go on."""
        if self._game is None or self._game.is_over:
            self._game = GameProcess(_wish(self.options), self._data)
        return self._game

    def _picture_space(self) -> dict[str, gymnasium.spaces.Space[Any]]:
        if not self.options.pictures:
            return {}
        return {"image": gymnasium.spaces.Box(0, 255, (self.options.height, self.options.width, 3), np.uint8)}

    def _told(self, seen: Seen) -> tuple[Observation, Info]:
        observation = (
            {} if seen.image is None else {"image": resized(seen.image, self.options.width, self.options.height)}
        )
        return observation, self._driven.info()


def pressed(action: Action, options: TuxkartOptions) -> Press:
    """Return the controls that `action` presses."""
    return Press(
        steering=action.steering,
        acceleration=max(action.throttle, 0.0),
        brake=action.throttle < _BRAKES_BELOW,
        drift=options.drift_from is not None and abs(action.steering) >= options.drift_from,
        nitro=options.nitro_from is not None and action.throttle >= options.nitro_from,
        rescue=False,
    )


_ID = "copycar/Tuxkart-v0"

_BRAKES_BELOW = -0.1
"""The brake is pressed or not: a policy's throttle that is a little below 0 should not press it."""


def _named(race: str) -> dict[str, Any]:
    return read_toml(Path(race)) if race.endswith(".toml") else {"track": race}


def _wish(options: TuxkartOptions) -> RaceWish:
    scale = options.supersample if options.pictures else 0
    return RaceWish(
        track=options.track,
        width=options.width * scale,
        height=options.height * scale,
        step_s=1 / options.rate_hz,
        kart=options.kart,
        opponents=options.opponents,
        difficulty=options.difficulty,
        seed=options.seed,
    )
