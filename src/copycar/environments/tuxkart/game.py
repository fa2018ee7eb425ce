"""The process with the game in it: opens one race and does what it is told. Run by `process.py`, never by hand.

pystk2 can be initialised once in a process, prints as it likes, and may take its process with it when it fails; here it
does no harm. Knows nothing of environments, laps or drivers.
"""

import math
import os
import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import pystk2

from copycar.environments.tuxkart.messages import Place, Press, Put, RaceWish, Seen, TrackShape

_SETTLE_STEPS = 12
"""Steps after which a kart that was put on the road stands on its wheels, with the camera behind it: 10 were enough."""

_DROP_M = 0.3
"""How far above the road's own line a kart is put: where the ground is higher than the line, it is not put into it."""

_STANDING_START_STEPS = 1000
"""The count-down before a race takes 261 steps of 0.05 s."""


class Game:
    """One race on one track, with one kart that is ours.

    Args:
        wish: which race.
    """

    def __init__(self, wish: RaceWish) -> None:
        self._draws = wish.width > 0
        pystk2.set_log_level(pystk2.LogLevel.fatal)
        pystk2.init(_graphics(wish))
        self._race = pystk2.Race(_race(wish))
        self._race.start()
        self._world = pystk2.WorldState()
        self.shape = _shape()

    def put(self, wish: Put) -> Seen:
        """Begin the race again with our kart standing where it is wished."""
        self._race.restart()  # the only way to take the kart's speed away
        self._wait_for_the_start()
        x, y, z = wish.place
        half = (math.pi / 2 - wish.heading_rad) / 2  # the game turns clockwise from +z
        turned = [0.0, math.sin(half), 0.0, math.cos(half)]
        self._world.set_kart_location(self._kart().id, [x, y + _DROP_M, z], turned, 0.0)
        for _ in range(_SETTLE_STEPS):
            self._race.step(pystk2.Action())
        return self._seen()

    def press(self, wish: Press) -> Seen:
        """Let one step pass with these controls."""
        action = pystk2.Action()
        action.steer, action.acceleration, action.brake = wish.steering, wish.acceleration, wish.brake
        action.drift, action.nitro, action.rescue = wish.drift, wish.nitro, wish.rescue
        self._race.step(action)
        return self._seen()

    def _wait_for_the_start(self) -> None:
        for _ in range(_STANDING_START_STEPS):
            self._race.step(pystk2.Action())
            self._world.update()
            if self._world.phase == pystk2.WorldState.Phase.RACE_PHASE:
                return

    def _kart(self) -> Any:
        return self._world.players[0].kart

    def _seen(self) -> Seen:
        self._world.update()
        kart = self._kart()
        forward = np.array(kart.front) - np.array(kart.location)
        return Seen(
            image=np.array(self._race.render_data[0].image) if self._draws else None,
            place=_as_place(kart.location),
            heading_rad=math.atan2(float(forward[2]), float(forward[0])),
            speed_mps=float(kart.velocity_lc[2]),
            is_on_road=bool(kart.is_on_road),
            max_steering_rad=float(kart.max_steer_angle),
            wheelbase_m=float(kart.wheel_base),
            rank=int(kart.position),
            energy=float(kart.energy),
        )


def _graphics(wish: RaceWish) -> Any:
    if not wish.width:
        return pystk2.GraphicsConfig.none()
    graphics = pystk2.GraphicsConfig.ld()
    graphics.screen_width, graphics.screen_height, graphics.display = wish.width, wish.height, False
    return graphics


def _race(wish: RaceWish) -> Any:
    race = pystk2.RaceConfig()
    modes = pystk2.RaceConfig.RaceMode
    race.mode = modes.NORMAL_RACE if wish.opponents else modes.TIME_TRIAL
    race.track, race.laps, race.seed, race.step_size = wish.track, 999, wish.seed, wish.step_s  # we count the laps
    race.num_kart, race.difficulty, race.overlay = 1 + wish.opponents, wish.difficulty, False
    player = race.players[0]
    player.kart, player.controller = wish.kart, pystk2.PlayerConfig.Controller.PLAYER_CONTROL
    player.camera_mode = pystk2.PlayerConfig.CameraMode.ON
    return race


def _shape() -> TrackShape:
    """Read the track's main way round: where it forks, the game lists the main way first."""
    track = pystk2.Track()
    track.update()
    nodes, ways, widths = np.array(track.path_nodes, float), track.successors, np.ravel(track.path_width).astype(float)
    loop, node = [], 0
    while node not in loop:
        loop.append(node)
        node = int(ways[node][0])
    return TrackShape(nodes[loop, 0], widths[loop])


def _as_place(location: Any) -> Place:
    x, y, z = (float(value) for value in location)
    return x, y, z


def serve(connection: Any) -> None:
    """Open the race that is wished first, tell its track's shape, then answer wish by wish until the pipe is closed."""
    game = Game(connection.recv())
    connection.send(game.shape)
    while True:
        wish = connection.recv()
        connection.send(game.put(wish) if isinstance(wish, Put) else game.press(wish))


def main() -> None:
    """Serve the other side of the pipe whose number is the only argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who drives; this process ends with its pipe
    try:
        serve(Connection(int(sys.argv[1])))
    except (EOFError, BrokenPipeError):
        os._exit(0)  # without the module's own end, which may fail


if __name__ == "__main__":
    main()
