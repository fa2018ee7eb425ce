"""Everything a user can set about an emulated game. Knows nothing of how it runs."""

from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from copycar.core.config import Settings
from copycar.environments.hud import Rectangle
from copycar.environments.n64.pad import BUTTONS


class N64Options(Settings):
    """Options of `make_environment("n64:game.z64", **options)`, and what `n64:game.toml` may say."""

    rom: Path
    """The cartridge's file; in a TOML file, beside that file."""

    width: int = Field(default=160, ge=16, le=640)
    """Width of the picture in pixels; the emulator's screen is averaged or sampled to it."""

    height: int = Field(default=120, ge=12, le=480)
    """Height of the picture in pixels."""

    screen_width: int = Field(default=640, ge=320, le=1920)
    """Width of the emulator's screen in pixels; guides read it."""

    screen_height: int = Field(default=480, ge=240, le=1080)
    """Height of the emulator's screen in pixels."""

    polls_hz: float = Field(default=30.0, ge=5, le=60)
    """How often the game asks for its controller, per second of its own time: its pictures per second, as a rule."""

    polls_per_step: int = Field(default=2, ge=1, le=30)
    """For how many polls each action is held; two at 30 Hz make 15 steps per second."""

    stick_range: int = Field(default=80, ge=1, le=127)
    """Where the stick is at steering 1; a real one reaches about 80."""

    accelerate: str = "A_BUTTON"
    """The button for throttle above 0: held for that share of the polls."""

    brake: str = "B_BUTTON"
    """The button for throttle below 0, likewise; "" presses none."""

    hold: tuple[str, ...] = ()
    """Buttons that are held all the time."""

    hud: tuple[Rectangle, ...] = ()
    """Parts of the picture that are made black: a policy must not read the answer off a dial."""

    guide: str = ""
    """`module:Class` or `file.py:Class` that knows the game (see `n64/guide.py`); default: copycar's own for the
    cartridge, where it has one."""

    guide_options: dict[str, Any] = Field(default_factory=dict)
    """Arguments for it, such as `{course = "Luigi-Raceway"}`."""

    video: str = "mupen64plus-video-glide64mk2"
    """The emulator's video plugin. `mupen64plus-video-rice` shows games black that draw with the processor."""

    input_plugin: str = ""
    """File of an input plugin that speaks mupen64plus-input-bot's protocol; default: copycar compiles its own."""

    is_live: bool = False
    """Whether the game keeps to the console's own speed, for people; else it is as fast as the machine."""

    vnc_port: int = Field(default=0, ge=0, le=65535)
    """Where VNC viewers on this machine may watch, e.g. 5900 (needs x11vnc); 0 is nowhere."""

    @field_validator("accelerate", "brake", "hold")
    @classmethod
    def _are_buttons(cls, value: Any) -> Any:
        for button in (value,) if isinstance(value, str) else value:
            if button and button not in BUTTONS:
                raise ValueError(f"an N64 controller has no {button}; it has {', '.join(BUTTONS)}")
        return value
