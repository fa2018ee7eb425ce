"""What training frames look like once varied, for people: real frames in rows, one variation per column.

Shows the largest shift and turn to either side, so that a camera described wrongly is seen at once. Knows nothing of
how the page is drawn.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from copycar.core.vehicle import Vehicle
from copycar.learning.augment.settings import Augmentation
from copycar.learning.augment.vary import vary_light
from copycar.learning.geometry import Displacement, returning_steering, source_pixels

N_LIGHTS = 2
"""Columns with light as it is drawn in training; one more shows everything at once."""

Pictures = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Column:
    """One variation of all frames.

    Attributes:
        title: in capitals.
        pictures: uint8 (R, H, W, 3).
        steering: float32 (R,) as it is learned.
    """

    title: str
    pictures: Pictures
    steering: Floats


def columns(
    pictures: Pictures, steering: Floats, settings: Augmentation, vehicle: Vehicle | None, seed: int = 0
) -> list[Column]:
    """Return the frames as they were recorded, and each variation that the settings switch on.

    Args:
        pictures: uint8 (R, H, W, 3), real frames.
        steering: float32 (R,) their labels.
        settings: how far to go.
        vehicle: the car; None leaves shift and turn out.
        seed: draws the light.
    """
    shown = [Column("AS RECORDED", pictures, steering)]
    if settings.mirror:
        shown.append(Column("MIRRORED", np.ascontiguousarray(pictures[:, :, ::-1]), -steering))
    if vehicle:
        shown += [_displaced(shown[0], vehicle, settings, *way) for way in _ways(settings)]
    if settings.changes_light:
        shown += [_relit(shown[0], f"LIGHT {number + 1}", settings, seed + number) for number in range(N_LIGHTS)]
        shown.append(_relit(shown[0], "ALL AT ONCE", settings.model_copy(update=_ALWAYS), seed))
    return shown


_ALWAYS = {name: 1.0 for name in Augmentation.model_fields if name.endswith("_share")}


def _ways(settings: Augmentation) -> list[tuple[str, Displacement]]:
    shift_m, turn_rad = settings.shift_m, math.radians(settings.turn_deg)
    shifts = [("SHIFTED LEFT", Displacement(right_m=-shift_m)), ("SHIFTED RIGHT", Displacement(right_m=shift_m))]
    turns = [("TURNED LEFT", Displacement(left_rad=turn_rad)), ("TURNED RIGHT", Displacement(left_rad=-turn_rad))]
    return (shifts if shift_m else []) + (turns if turn_rad else [])


def _displaced(column: Column, vehicle: Vehicle, settings: Augmentation, title: str, where: Displacement) -> Column:
    height, width = column.pictures.shape[1:3]
    source = source_pixels(vehicle.camera(width, height), where)
    moved = column.pictures.reshape(-1, height * width, 3)[:, source]
    correction = returning_steering(vehicle, where, settings.look_ahead_m)
    return Column(title, moved, (column.steering + correction).clip(-1, 1).astype(np.float32))


def _relit(column: Column, title: str, settings: Augmentation, seed: int) -> Column:
    generator = torch.Generator().manual_seed(seed)
    varied = vary_light(torch.from_numpy(column.pictures), settings, generator).numpy()
    return Column(title, varied, column.steering)
