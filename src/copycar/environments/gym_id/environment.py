"""A gymnasium environment that was not made for copycar, as a place to drive. Knows no particular game."""

import sys
from collections.abc import Mapping as AnyMapping
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.frame import Action, Image
from copycar.core.import_named import import_named
from copycar.environments.gym_id.mapping import Mapping, mapping_for
from copycar.environments.hud import mask
from copycar.environments.starts import refuse_starts

Observation = dict[str, Any]
Info = dict[str, Any]

USUAL_RATE_HZ = 20.0
NO_TIME_LIMIT = -1  # gymnasium.make's word for it


class GymEnvironment(gymnasium.Env[Observation, NDArray[np.float32]]):
    """Another environment behind copycar's contract.

    Observation: `{"image": uint8 (H, W, 3) RGB}`. Action: float32 `[steering, throttle]` in [-1, 1]. `info` tells
    `sim_time_s`, `reward_total` (of the game's episode so far) and what the mapping's guide knows; with a guide there
    are also `expert()` and `rescue()`.

    Args:
        name: a gymnasium id, or a TOML file (`copycar.environments.gym_id.mapping`).
        render_mode: None or "rgb_array".
        make: more arguments for `gymnasium.make`.

    Raises:
        CopycarError: unknown id, no picture, or actions that the mapping does not fit.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 20}  # noqa: RUF012 - gymnasium's own declaration

    def __init__(self, name: str, render_mode: str | None = None, **make: Any) -> None:
        self.mapping = mapping_for(name)
        self.render_mode = render_mode
        self._game = _made(self.mapping, render_mode, make)
        self._lowest = _lowest_action(self._game, self.mapping)
        game_hz = self.mapping.rate_hz or float(self._game.metadata.get("render_fps") or USUAL_RATE_HZ)
        self._step_s = self.mapping.repeat / game_hz
        self.metadata = {**self.metadata, "render_fps": round(1 / self._step_s)}
        height, width = self._first_picture().shape[:2]
        self.observation_space = gymnasium.spaces.Dict(
            {"image": gymnasium.spaces.Box(0, 255, (height, width, 3), np.uint8)}
        )
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        self._time_s, self._reward, self._n_scored = 0.0, 0.0, 0
        self._episode_steps = _time_limit(self.mapping.id)
        self._guide = import_named(self.mapping.guide)(self._game.unwrapped) if self.mapping.guide else None
        if self._guide:
            self.expert = self._guide.expert
            self.rescue = self._rescued

    def __getattr__(self, name: str) -> Any:
        """Return what the guide knows of the road: `line`, `road_width_m`."""
        guide = self.__dict__.get("_guide")
        if guide is not None and name in {"line", "road_width_m"}:
            return getattr(guide, name)
        raise AttributeError(name)

    def reset(
        self, *, seed: int | None = None, options: AnyMapping[str, Any] | None = None
    ) -> tuple[Observation, Info]:
        """Start a new episode.

        Raises:
            CopycarError: `options` ask for a start; where on the road is the game's choice.
        """
        refuse_starts(options, self.mapping.id)
        super().reset(seed=seed)
        seen, told = self._game.reset(seed=seed)
        self._time_s, self._reward, self._n_scored = 0.0, 0.0, 0
        if self._guide:
            self._guide.start()
        return self._observation(seen), self._info(told)

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, Info]:
        """Drive for one step: the game's own, as often as the mapping repeats it.

        Raises:
            CopycarError: a number of the action is none (NaN, infinite).
        """
        wanted = Action(float(action[0]), float(action[1]))
        if not wanted.is_finite:
            raise CopycarError(f"{self.mapping.id} got {wanted}", "a driver must return numbers", "look at who drives")
        command = self.mapping.command(wanted.clipped(), self._lowest)
        gained, terminated, truncated = 0.0, False, False
        for _ in range(self.mapping.repeat):
            seen, reward, terminated, truncated, told = self._game.step(command)
            gained += self._scored(float(reward), terminated or truncated)
            if terminated or truncated:
                break
        self._time_s += self._step_s
        ends = self.mapping.ends
        return self._observation(seen), gained, ends and terminated, ends and truncated, self._info(told)

    def stop(self) -> None:
        """Do nothing: the game stands while nobody steps."""

    def render(self) -> Image | None:
        """Return the game's own picture for people, or None without a `render_mode`."""
        if self.render_mode is None:
            return None
        drawn: Any = self._game.render()
        return as_picture(drawn, self.mapping.id)

    def close(self) -> None:
        """Free the game. Harmless twice."""
        self._game.close()

    def _rescued(self) -> tuple[Observation, Info]:
        assert self._guide is not None
        return self._observation(self._guide.rescue()), self._info({})

    def _first_picture(self) -> Image:
        seen, _ = self._game.reset(seed=0)
        return self._observation(seen)["image"]  # type: ignore[no-any-return]

    def _observation(self, seen: Any) -> Observation:
        picture = as_picture(self._seen_part(seen), self.mapping.id)
        return {"image": mask(picture, self.mapping.hud)}

    def _seen_part(self, seen: Any) -> Any:
        if self.mapping.picture == "render":
            return self._game.render()
        if not self.mapping.key:
            return seen
        if not isinstance(seen, dict) or self.mapping.key not in seen:
            known = seen if isinstance(seen, dict) else ()
            raise CopycarError(f"{self.mapping.id} shows no {self.mapping.key!r}", fix=did_you_mean("", known))
        return seen[self.mapping.key]

    def _info(self, told: AnyMapping[str, Any]) -> Info:
        known = self._guide.info(self._time_s) if self._guide else {}
        return {**told, **known, "sim_time_s": self._time_s, "reward_total": self._reward}

    def _scored(self, reward: float, is_over: bool) -> float:
        """Count a reward until the game's own episode is over, by its end or its time limit; return what counted."""
        if self._n_scored >= self._episode_steps:
            return 0.0
        self._n_scored = self._episode_steps if is_over else self._n_scored + 1
        self._reward += reward
        return reward


def as_picture(seen: Any, of: str) -> Image:
    """Return an observation as uint8 (H, W, 3), a new array; grey pictures get three equal colours.

    Raises:
        CopycarError: it is no picture.
    """
    picture = np.array(seen)
    if picture.dtype == np.uint8 and picture.ndim == 2:
        picture = picture[:, :, None]
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (1, 3):
        raise CopycarError(
            f"{of} shows no picture: {picture.dtype} of shape {picture.shape}",
            "a picture is uint8 (H, W, 3), or (H, W) and (H, W, 1) in grey",
            'let it draw itself: picture = "render" in a TOML file, driven as gym:file.toml',
        )
    return np.repeat(picture, 3 // picture.shape[2], axis=2)


def _made(mapping: Mapping, render_mode: str | None, more: dict[str, Any]) -> gymnasium.Env[Any, Any]:
    arguments: dict[str, Any] = {**mapping.make, **more}
    if render_mode or mapping.picture == "render":
        arguments["render_mode"] = "rgb_array"
    if not mapping.ends:
        arguments["max_episode_steps"] = NO_TIME_LIMIT
    try:
        return gymnasium.make(mapping.id, disable_env_checker=True, **arguments)
    except gymnasium.error.DependencyNotInstalled as missing:
        raise CopycarError(f"{mapping.id} lacks a package", str(missing), 'pip install "copycar[games]"') from missing
    except (gymnasium.error.Error, ModuleNotFoundError) as error:
        raise CopycarError(
            f"gymnasium knows no {mapping.id!r}", str(error), did_you_mean(mapping.id, _pictured_games())
        ) from error


def _time_limit(game: str) -> int:
    """Return the steps of the game's registered episode, which a drive may outlast."""
    return gymnasium.spec(game).max_episode_steps or sys.maxsize


def _pictured_games() -> list[str]:
    return [name for name in gymnasium.registry if name.startswith("CarRacing")]


def _lowest_action(game: gymnasium.Env[Any, Any], mapping: Mapping) -> NDArray[Any]:
    space = game.action_space
    if isinstance(space, gymnasium.spaces.Box) and space.shape == (len(mapping.action),):
        return space.low
    game.close()
    raise CopycarError(
        f"{mapping.id} takes {space}, and the mapping gives {len(mapping.action)} numbers",
        "steering and throttle have to become the game's own numbers",
        f'write them into a TOML file: id = "{mapping.id}", action = [{{of = "steering"}}, …]; drive gym:file.toml',
    )
