"""`copycar gamepad`: look at a gamepad, and calibrate it."""

import time
from pathlib import Path

from copycar.cli.numbers import Positive
from copycar.cli.output import log, print_json, show, tell
from copycar.core.errors import CopycarError, DeviceError
from copycar.core.files import write_atomic
from copycar.driving.drivers.gamepad import SETTINGS_FILE, usual_settings
from copycar.driving.gamepad.calibrate import measured
from copycar.driving.gamepad.pad import Pad, Reading
from copycar.driving.gamepad.pygame_pad import open_pad
from copycar.driving.gamepad.settings import as_text

READINGS_PER_S = 50
AT_REST_S = 1.0


def gamepad(*, calibrate: bool = False, seconds: Positive = 5.0, out: Path = SETTINGS_FILE, json: bool = False) -> None:
    """Show what a gamepad says, or measure what its sticks really say.

    Args:
        calibrate: measure the sticks and write the settings.
        seconds: how long to look, or to measure.
        out: the settings file that --calibrate writes; in the folder you drive from it is found by itself.
        json: print the last reading and its action as one JSON object.
    """
    if calibrate and out.suffix != ".toml":
        raise CopycarError(f"--out {out} is no TOML file", fix=f"name one: --out {SETTINGS_FILE}")
    settings, pad = usual_settings(), open_pad()
    try:
        if calibrate:
            log.print("leave the sticks alone …")
            at_rest = _readings(pad, AT_REST_S)
            log.print("now turn both sticks round at their edges and pull the triggers …")
            found = measured(at_rest, _readings(pad, seconds))
            settings = settings.model_copy(update={"calibration": found})
            write_atomic(out, as_text(settings).encode())
            tell(log, f"wrote {out}: {', '.join(found)}")
        last = _readings(pad, AT_REST_S if calibrate else seconds)[-1]
    finally:
        pad.close()
    action = settings.action(last)
    if json:
        axes = {name: round(value, 3) for name, value in last.axes.items()}
        print_json({"name": pad.name, "axes": axes, "buttons": sorted(last.buttons), **action._asdict()})
    else:
        tell(
            show,
            f"{pad.name}: steering {action.steering:+.2f}, throttle {action.throttle:+.2f}, {sorted(last.buttons)}",
        )


def _readings(pad: Pad, seconds: float) -> list[Reading]:
    readings = []
    for _ in range(max(1, round(seconds * READINGS_PER_S))):
        if (reading := pad.read()) is None:
            raise DeviceError("the gamepad is gone", "it was unplugged", "plug it in and try again")
        readings.append(reading)
        time.sleep(1 / READINGS_PER_S)
    return readings
