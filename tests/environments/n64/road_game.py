"""The guide to our own test cartridge (`road_rom/road.c`): reads the strip along the top of its screen."""

from typing import NamedTuple

import numpy as np

from copycar.core.frame import Action
from copycar.environments.n64.pad import NOTHING, held

HALF_ROAD_M = 4.0  # the cartridge knows no metres: its road is 8 m wide here, and its lap 600 m long
LAP_M = 600.0
TOP_MPS = 15.0
CRUISE_MPS = 12.0
ONE = 4096
BENDS = (0, 9, 14, 0, -12, -18, 0, 0, 16, 0, -9, 12, 0, -16, -8, 0)  # as in road.c


class Strip(NamedTuple):
    laps: int
    place: int
    offset: int
    speed: int
    stick: int
    n_frames: int


def read_strip(screen) -> Strip | None:
    """Return what the screen tells; None where there is no such strip."""
    height, width = screen.shape[:2]
    columns = ((np.arange(80) + 0.5) * width / 80).astype(int)
    bits = screen[round(4 * height / 240), columns].mean(axis=1) > 128
    told = np.packbits(bits).tolist()
    if told[0] != 0xA5 or told[9] != sum(told[:9]) & 255:
        return None
    signed = np.array([told[4] << 8 | told[5], told[7] << 8], dtype=np.uint16).astype(np.int16).tolist()
    return Strip(told[1], told[2] << 8 | told[3], signed[0], told[6], signed[1] >> 8, told[8])


class RoadGame:
    """Follows one drive."""

    def start(self, play) -> None:
        self.again(play)

    def again(self, play) -> None:
        play([held("START_BUTTON"), NOTHING])
        self._lap_began_s, self._lap, self._lap_time_s = 0.0, 0, None

    def rescue(self, play) -> None:
        play([held("Z_TRIG")])

    def info(self, screen, time_s) -> dict:
        strip = read_strip(screen)
        assert strip is not None, "the screen shows no strip"
        if strip.laps > self._lap:
            self._lap_time_s, self._lap_began_s, self._lap = time_s - self._lap_began_s, time_s, strip.laps
        progress, offset_m = strip.place / 65536, strip.offset / ONE * HALF_ROAD_M
        return {
            "lap": strip.laps,
            "progress": progress,
            "distance_m": (strip.laps + progress) * LAP_M,
            "cross_track_error_m": offset_m,
            "speed_mps": strip.speed / 255 * TOP_MPS,
            "is_off_track": abs(offset_m) > HALF_ROAD_M,
            "is_wrong_way": False,
            "lap_time_s": self._lap_time_s,
            "stick": strip.stick,
        }

    def expert(self):
        return RoadExpert()


class RoadExpert:
    """Knows the bends, and steers back to the middle."""

    def act(self, observation, info) -> Action:
        bend = BENDS[int(info["progress"] * len(BENDS)) % len(BENDS)]
        pace = info["speed_mps"] / TOP_MPS * 64
        against_bend = bend * pace / 32  # the stick at which the car neither drifts out nor in
        steering = (against_bend - 30.0 * info["cross_track_error_m"]) / 80
        return Action(steering, 0.3 + 0.5 * (CRUISE_MPS - info["speed_mps"])).clipped()
