"""One recorded frame as the catalog tells it, without its pixels. Knows nothing of files beyond their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from copycar.core.frame import Action

ANGLE, THROTTLE, MODE = "user/angle", "user/throttle", "user/mode"
PILOT_ANGLE, PILOT_THROTTLE = "pilot/angle", "pilot/throttle"
IMAGE = "cam/image_array"
ACTION_KEYS = ((ANGLE, THROTTLE), ("steering", "throttle"))
"""Where a record keeps its action: every donkeycar template but `cv_control`, which writes the second pair."""

_IMAGE_SUFFIX = f"_{IMAGE.replace('/', '_')}_.jpg"

MOST = 2**53  # whole numbers beyond it are damage: a float no longer holds them exactly

Raw = dict[str, Any]
"""One catalog line, parsed."""


@dataclass(frozen=True, slots=True)
class Record:
    """One frame of a tub: everything but the pixels.

    Attributes:
        index: the frame's number in its tub (`_index`); stable, whatever is deleted.
        session: the recorder's session id, "" where the recording has none.
        timestamp_ms: wall clock, milliseconds since 1970; None where the recording has none.
        t_ns: monotonic nanoseconds at capture; None in tubs that donkeycar recorded.
        image_path: the picture. It existed and was not empty when the tub was opened.
        action: the action to imitate: steering -1 … +1, positive = right; throttle -1 … +1.
        values: every other key of the record, such as `user/mode` or `pilot/angle`.
    """

    index: int
    session: str
    timestamp_ms: int | None
    t_ns: int | None
    image_path: Path
    action: Action
    values: Mapping[str, Any]

    @property
    def executed(self) -> Action:
        """What the car did: `action`, but where `pilot/angle` and `pilot/throttle` tell something else."""
        angle, throttle = self.values.get(PILOT_ANGLE), self.values.get(PILOT_THROTTLE)
        return Action(float(angle), float(throttle)) if _is_number(angle) and _is_number(throttle) else self.action


class Row(NamedTuple):
    """A record with its numbers side by side, as it comes out of a catalog and goes into columns.

    Attributes:
        folder: where the pictures lie.
        number: `index` of the record.
        session, timestamp_ms, t_ns, values: as in `Record`.
        name: the picture's file name.
        picture_bytes: size of that file; None where nobody looked.
        steering, throttle: the action to imitate.
    """

    folder: str
    number: int
    session: str
    timestamp_ms: int | None
    t_ns: int | None
    name: str
    picture_bytes: int | None
    steering: float
    throttle: float
    values: Mapping[str, Any]


def frame_number(raw: Raw, position: int) -> int:
    """Return a line's `_index`; its position in the tub where it carries none that makes sense."""
    index = raw.get("_index")
    return index if type(index) is int and 0 <= index < MOST else position


def take_action(raw: Raw) -> Action | None:
    """Take the action out of `raw`; None unless both steering and throttle are finite numbers."""
    for angle_key, throttle_key in ACTION_KEYS:
        angle, throttle = raw.pop(angle_key, None), raw.pop(throttle_key, None)
        if angle is not None or throttle is not None:
            return Action(float(angle), float(throttle)) if _is_number(angle) and _is_number(throttle) else None
    return None


def take_int(raw: Raw, key: str) -> int | None:
    """Take a whole number out of `raw`; None where it is missing or no number that makes sense."""
    value = raw.pop(key, None)
    if type(value) is int and -MOST < value < MOST:
        return value
    return int(value) if _is_number(value) and abs(value) < MOST else None


def take_text(raw: Raw, key: str) -> str:
    """Take a text out of `raw`; "" where it is missing."""
    value = raw.pop(key, None)
    return "" if value is None else str(value)


def file_name(value: Any) -> str:
    r"""Return the bare file name of a recorded path; "" where there is none.

    Only the last part counts, with either kind of slash, so that no recording can point outside its own folder.

    >>> file_name("C:\\Users\\me\\images\\7_cam_image_array_.jpg")
    '7_cam_image_array_.jpg'
    >>> file_name("../../etc/..")
    ''
    """
    if not isinstance(value, str):
        return ""
    name = value.replace("\\", "/").rpartition("/")[2]
    return "" if name in {".", ".."} or "\0" in name else name


def image_name(index: int) -> str:
    """Return the picture's file name as donkeycar writes it.

    >>> image_name(17)
    '17_cam_image_array_.jpg'
    """
    return f"{index}{_IMAGE_SUFFIX}"


def picture_name(index: int, key: str, data: bytes) -> str:
    r"""Return the file name of any of a frame's pictures, as donkeycar writes it; PNG for depth, else JPEG.

    >>> picture_name(17, "cam/depth_array", b"\x89PNG")
    '17_cam_depth_array_.png'
    """
    suffix = "png" if data.startswith(b"\x89PNG") else "jpg"
    return f"{index}_{file_name(key.replace('/', '_'))}_.{suffix}"


def _is_number(value: Any) -> TypeGuard[float]:
    if type(value) is float:
        return isfinite(value)
    return type(value) is int and abs(value) < MOST  # not a bool
