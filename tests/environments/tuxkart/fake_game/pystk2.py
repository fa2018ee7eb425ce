"""A stand-in for the game's module: a kart on a flat circle of 60 m radius, driven clockwise. As much as copycar asks.

`FAKE_GAME_DIES_AT=n` ends the process at the n-th step with words on stderr, as a game does that crashes.
"""

import math
import os
import sys
from enum import Enum
from types import SimpleNamespace

import numpy as np

RADIUS_M, WIDTH_M, N_NODES = 60.0, 10.0, 48
WHEELBASE_M, MAX_STEERING_RAD = 1.0, 0.3
COUNT_DOWN = 20

LogLevel = SimpleNamespace(fatal=0)
PlayerConfig = SimpleNamespace(Controller=SimpleNamespace(PLAYER_CONTROL=0), CameraMode=SimpleNamespace(ON=1))
sys.stdout.write("..:: a game greets ::..\n")  # as the real one does


class GraphicsConfig(SimpleNamespace):
    @staticmethod
    def ld():
        return GraphicsConfig(screen_width=0, screen_height=0, display=True)

    @staticmethod
    def none():
        return GraphicsConfig(screen_width=0, screen_height=0, display=False)


class RaceConfig(SimpleNamespace):
    RaceMode = Enum("RaceMode", ["NORMAL_RACE", "TIME_TRIAL"])

    def __init__(self):
        super().__init__(players=[SimpleNamespace()])


class Action(SimpleNamespace):
    def __init__(self):
        super().__init__(steer=0.0, acceleration=0.0, brake=False, drift=False, nitro=False, rescue=False)


_now = SimpleNamespace(graphics=None, race=None)


def set_log_level(level):
    pass


def init(graphics):
    _now.graphics = graphics


def _on_circle(angle, radius=RADIUS_M):
    return [radius * math.sin(angle), 0.0, radius * math.cos(angle)]


class Track:
    def update(self):
        angles = np.linspace(0, math.tau, N_NODES + 1)
        corners = np.array([_on_circle(angle) for angle in angles])
        self.path_nodes = np.stack([corners[:-1], corners[1:]], axis=1)
        self.path_width = np.full((N_NODES, 1), WIDTH_M)
        self.successors = [[(node + 1) % N_NODES] for node in range(N_NODES)]


class Race:
    def __init__(self, config):
        self.config, self.n_steps = config, 0
        _now.race = self

    def start(self):
        self.restart()

    def restart(self):
        self.place, self.turned, self.speed, self.count = _on_circle(0.0), math.pi / 2, 0.0, 0

    def step(self, action):
        self.n_steps, self.count = self.n_steps + 1, self.count + 1
        if self.n_steps == int(os.environ.get("FAKE_GAME_DIES_AT", "-1")):
            sys.stderr.write("\x1b[1;31mSegmentation fault in the fake game\n\x1b[0;;m\n")  # coloured, as the real one
            sys.stderr.flush()
            os._exit(11)
        if self.count < COUNT_DOWN:
            return
        seconds = self.config.step_size
        self.speed += (10 * action.acceleration - 12 * action.brake - 0.4 * self.speed) * seconds
        self.turned += self.speed * math.tan(action.steer * MAX_STEERING_RAD) / WHEELBASE_M * seconds
        x, y, z = self.place
        self.place = [
            x + self.speed * math.sin(self.turned) * seconds,
            y,
            z + self.speed * math.cos(self.turned) * seconds,
        ]

    @property
    def render_data(self):
        height, width = _now.graphics.screen_height, _now.graphics.screen_width
        shade = int(np.hypot(self.place[0], self.place[2])) % 200
        return [SimpleNamespace(image=np.full((height, width, 3), shade, dtype=np.uint8))]


class WorldState:
    Phase = Enum("Phase", ["SET_PHASE", "RACE_PHASE"])

    def set_kart_location(self, kart_id, place, rotation, speed):
        race = _now.race
        race.place = [place[0], 0.0, place[2]]
        race.turned = 2 * math.atan2(rotation[1], rotation[3])

    def update(self):
        race = _now.race
        self.phase = self.Phase.RACE_PHASE if race.count >= COUNT_DOWN else self.Phase.SET_PHASE
        forward = np.array([math.sin(race.turned), 0.0, math.cos(race.turned)])
        kart = SimpleNamespace(
            id=0,
            location=race.place,
            front=np.array(race.place) + forward,
            velocity_lc=[0.0, 0.0, race.speed],
            is_on_road=abs(math.hypot(race.place[0], race.place[2]) - RADIUS_M) < WIDTH_M / 2,
            max_steer_angle=MAX_STEERING_RAD,
            wheel_base=WHEELBASE_M,
            position=1,
            energy=0.0,
        )
        self.players = [SimpleNamespace(kart=kart)]
