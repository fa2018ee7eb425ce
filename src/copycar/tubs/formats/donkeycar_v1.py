"""donkeycar tubs of the old version 1 (donkeycar up to 3.x): a JSON file per frame. Knows nothing of tub v2.

`meta.json` holds inputs, their types, the start time and the user's own keys, flat; `record_N.json` a frame, N from 1;
`exclude.json`, if there, the numbers of cleaned frames; pictures lie beside them (donkeycar `parts/datastore.py`).
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from copycar.core.frame import Frame
from copycar.tubs.formats.donkeycar_v2 import decision_of, declarable
from copycar.tubs.formats.format import Format, NoOptions
from copycar.tubs.formats.notes import Notes
from copycar.tubs.formats.rows import find_picture, finite, load_picture
from copycar.tubs.formats.shot import NO_IMAGE, Shot
from copycar.tubs.more_pictures import PICTURE_TYPES
from copycar.tubs.read import read_picture
from copycar.tubs.record import IMAGE, take_action

META, EXCLUDE = "meta.json", "exclude.json"
RECORD = re.compile(r"record_(\d{1,15})\.json")
RATE_HZ = 20.0  # donkeycar's default, for records without a time
MOST_JSON_BYTES = 1024**2
OWN_META = {"inputs", "types", "start"}


def detect(path: Path) -> bool:
    """Return whether there is a `record_N.json`, or a `meta.json` that names inputs."""
    if not path.is_dir():
        return False
    meta = _read_json(path / META) if (path / META).is_file() else None
    return (isinstance(meta, dict) and "inputs" in meta) or bool(next(_numbers(path), 0))


def read(folder: Path, options: NoOptions, notes: Notes) -> Iterator[Shot]:
    """Yield the records in the order of their numbers; cleaned ones are marked as deleted.

    Where numbers are missing and no times tell how long the pause was, a new episode begins.
    """
    numbers = sorted(_numbers(folder))
    notes.expected = len(numbers)
    meta, excluded = _meta(folder, notes), _excluded(folder, notes)
    inputs = _inputs(meta)
    cameras = [key for key, kind in inputs.items() if kind in PICTURE_TYPES]
    image_key = IMAGE if IMAGE in cameras or not cameras else cameras[0]
    cameras = [key for key in cameras if key != image_key]
    notes.inputs.update(declarable(inputs))
    start_s = finite(meta.get("start")) or _mtime_s(folder)
    episode = 0
    for before, number in pairwise([0, *numbers]):
        name = f"record_{number}.json"
        values = _read_json(folder / name)
        if not isinstance(values, dict):
            notes.drop("whose file is torn", name)
            continue
        t_s = finite(values.pop("milliseconds", None))
        episode += t_s is None and before > 0 and number != before + 1
        more = {key: _more_picture(folder, values.pop(key, None)) for key in cameras}
        shot = _shot(folder, name, values, image_key, notes)
        if shot is not None:
            t_s = number / RATE_HZ if t_s is None else t_s / 1000
            frame = replace(shot.frame, t_ns=round(t_s * 1e9), extras={**shot.frame.extras, **more})
            yield replace(shot, frame=frame, episode=episode, wall_s=start_s + t_s, is_deleted=number in excluded)


def _shot(folder: Path, name: str, values: dict[str, Any], image_key: str, notes: Notes) -> Shot | None:
    action = take_action(values)
    if action is None:
        notes.drop("without a steering and throttle number", name)
        return None
    picture = load_picture([folder], values.pop(image_key, None), notes, name)
    if picture is None:
        return None
    decision, extras = decision_of(action, values)
    return Shot(Frame(NO_IMAGE, decision, 0, extras), picture, name)


def _more_picture(folder: Path, recorded: Any) -> bytes | None:
    path = find_picture([folder], recorded)
    return read_picture(path) or None if path else None


def _numbers(folder: Path) -> Iterator[int]:
    with os.scandir(folder) as entries:
        for entry in entries:
            found = RECORD.fullmatch(entry.name)
            if found:
                yield int(found[1])


def _meta(folder: Path, notes: Notes) -> dict[str, Any]:
    """Return `meta.json`, whose user's own keys become the tub's metadata."""
    meta = _read_json(folder / META)
    if not isinstance(meta, dict):
        notes.say(f"{META} is missing or damaged: types and start time are guessed")
        return {}
    notes.metadata.update({key: value for key, value in meta.items() if key not in OWN_META})
    return meta


def _inputs(meta: dict[str, Any]) -> dict[str, str]:
    names, types = meta.get("inputs"), meta.get("types")
    if not (isinstance(names, list) and isinstance(types, list)):
        return {}
    return {str(name): str(kind) for name, kind in zip(names, types, strict=False)}


def _excluded(folder: Path, notes: Notes) -> set[int]:
    if not (folder / EXCLUDE).exists():
        return set()
    numbers = _read_json(folder / EXCLUDE)
    if not isinstance(numbers, list):
        notes.say(f"{EXCLUDE} is damaged: no frame is marked as deleted")
        return set()
    return {number for number in numbers if type(number) is int}


def _read_json(path: Path) -> Any:
    """Return the content of a small JSON file; None where it is missing, damaged or no small file."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_JSON_BYTES:
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _mtime_s(folder: Path) -> float:
    return folder.stat().st_mtime


FORMAT = Format("a donkeycar tub of the old version 1", detect, read)
