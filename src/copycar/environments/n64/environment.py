"""`n64:<rom>`: a Nintendo 64 game in an emulator as a `gymnasium.Env`.

Joins emulator, controller, guide and pictures. Knows nothing of how any of them works, and no game.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from copycar.core.config import build
from copycar.core.errors import CopycarError, DeviceError
from copycar.core.frame import Action, Image
from copycar.core.import_named import import_named
from copycar.core.toml import read_toml
from copycar.environments.hud import mask
from copycar.environments.n64.emulator import Emulator, Machine, is_black
from copycar.environments.n64.guide import Guide, ability
from copycar.environments.n64.hands import Hands
from copycar.environments.n64.options import N64Options
from copycar.environments.n64.pad import Pad
from copycar.environments.n64.rom import Rom, read_rom
from copycar.environments.resize import resized

Observation = dict[str, Any]
Info = dict[str, Any]

GUIDES = {"MARIOKART64": "copycar.environments.n64.mario_kart.guide:MarioKart"}
"""What a cartridge calls itself to the guide that copycar has for it."""

_BLACK_S = 5.0
"""A screen that stays black for so long shows nothing at all."""


class N64Environment(gymnasium.Env[Observation, NDArray[np.float32]]):
    """An emulated game, seen as its player sees it.

    Observation: `{"image": uint8 (H, W, 3) RGB}`. Action: float32 `[steering, throttle]` in [-1, 1]: the analog stick,
    positive to the right, and two buttons. The machine stands still between steps (`sim_time_s`), however slow the
    driver. `info` tells what the guide reads off the screen. The reward is the distance gained, where that tells it.

    Args:
        game: the cartridge's file, or a TOML file with fields of `N64Options`.
        render_mode: None or "rgb_array".
        options: fields of `N64Options`.

    Raises:
        CopycarError: no or a wrong ROM, or an unknown option.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 15}  # noqa: RUF012 - gymnasium's own declaration

    def __init__(self, game: str, render_mode: str | None = None, **options: Any) -> None:
        self.options = build(N64Options, {**_named(game), **options}, "the options of the game")
        self.rom = read_rom(self.options.rom)
        self.render_mode = render_mode
        self._step_s = self.options.polls_per_step / self.options.polls_hz
        self.metadata = {**self.metadata, "render_fps": round(1 / self._step_s)}
        shape = (self.options.height, self.options.width, 3)
        self.observation_space = gymnasium.spaces.Dict({"image": gymnasium.spaces.Box(0, 255, shape, np.uint8)})
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32)
        self._guide = _guide(self.rom, self.options)
        if expert := ability(self._guide, "expert"):
            self.expert = expert
        if ability(self._guide, "rescue"):
            self.rescue = self._rescued
        self._emulator: Emulator | None = None
        self._hands = Hands(self.options)
        self._n_steps, self._screen, self._black_s = 0, np.zeros(shape, np.uint8), 0.0

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Observation, Info]:
        """Switch the machine off and on, and press on to where the driving begins; the game says where that is.

        Raises:
            CopycarError: something is not installed, or the game is not where its guide expects it.
            DeviceError: the emulator does not start.
        """
        super().reset(seed=seed)
        again = ability(self._guide, "again")
        if again and self._emulator and not self._emulator.is_over:
            again(self._play)
        else:
            self._switch_on()
        self._hands, self._n_steps, self._black_s = Hands(self.options), 0, 0.0
        self._screen = self._running.picture()
        return self._told()

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, Info]:
        """Hold `[steering, throttle]` for one step.

        Raises:
            CopycarError: before the first reset, or a number is none (NaN, infinite).
            DeviceError: the emulator has died, or shows nothing.
        """
        wanted = Action(float(action[0]), float(action[1]))
        if not wanted.is_finite:
            raise CopycarError(f"the game got {wanted}", "a driver must return numbers", "look at who drives")
        before_m = self._distance_m
        self._screen = self._play(self._hands.pads(wanted.clipped()))
        self._n_steps += 1
        self._watch_for_darkness()
        observation, info = self._told()
        return observation, self._distance_m - before_m, bool(info.get("is_over")), False, info

    def stop(self) -> None:
        """Do nothing: the machine stands still while nobody steps."""

    def render(self) -> Image | None:
        """Return the emulator's whole screen, or None without a `render_mode`."""
        return self._screen if self.render_mode else None

    def close(self) -> None:
        """Switch the machine off. Harmless twice; a later reset switches it on again."""
        if self._emulator:
            self._emulator.close()
        self._emulator = None

    def _rescued(self) -> tuple[Observation, Info]:
        """Put the car back on the road, as the guide knows how."""
        ability(self._guide, "rescue")(self._play)
        self._screen = self._running.picture()
        return self._told()

    @property
    def _running(self) -> Emulator:
        if self._emulator is None:
            raise CopycarError("the machine is switched off", fix="call reset() first")
        return self._emulator

    def _switch_on(self) -> None:
        self.close()
        options = self.options
        size = (options.screen_width, options.screen_height)
        machine = Machine(*size, options.video, options.input_plugin, options.is_live, options.vnc_port)
        self._emulator = Emulator(self.rom, machine)
        if self._guide:
            self._guide.start(self._play)

    def _play(self, pads: Sequence[Pad]) -> Image:
        emulator = self._running
        emulator.play(pads)
        return emulator.picture()

    def _watch_for_darkness(self) -> None:
        self._black_s = self._black_s + self._step_s if is_black(self._screen) else 0.0
        if self._black_s > _BLACK_S:
            raise DeviceError(
                "the game shows nothing but black",
                f"for {_BLACK_S:.0f} s now, drawn by {self.options.video}",
                'try another: apt-get install mupen64plus-video-rice and video = "mupen64plus-video-rice"',
            )

    def _told(self) -> tuple[Observation, Info]:
        time_s = self._n_steps * self._step_s
        self._info = {**(self._guide.info(self._screen, time_s) if self._guide else {}), "sim_time_s": time_s}
        image = resized(self._screen, self.options.width, self.options.height)
        return {"image": mask(image, self.options.hud)}, self._info

    @property
    def _distance_m(self) -> float:
        return float(self._info.get("distance_m", 0.0))


def _named(game: str) -> dict[str, Any]:
    if not game.endswith(".toml"):
        return {"rom": game}
    file = Path(game)
    told = read_toml(file)
    return {**told, "rom": file.parent / str(told["rom"])} if "rom" in told else told


def _guide(rom: Rom, options: N64Options) -> Guide | None:
    name = options.guide or GUIDES.get(rom.name, "")
    return import_named(name)(**options.guide_options) if name else None
