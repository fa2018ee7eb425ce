"""`copycar serve donkey-sim`: the built-in track behind the donkey simulator's protocol."""

from copycar.cli.numbers import Count
from copycar.cli.output import log, tell
from copycar.core.errors import CopycarError
from copycar.environments.donkey_sim.messages import PORT
from copycar.environments.donkey_sim.server import DonkeySimServer, dial
from copycar.environments.kinds import make_of_kind


def donkey_sim(
    *,
    track: str | None = None,
    port: Count = PORT,
    lan: bool = False,
    dial_to: str | None = None,
) -> None:
    """Let programs that drive the donkey simulator drive the built-in track: gym-donkeycar, donkeycar, and ours.

    Args:
        track: one track for every scene, such as oval or random:7; default: each of the simulator's scenes has its own.
        port: where to listen.
        lan: listen for other computers too, not for this one alone.
        dial_to: HOST or HOST:PORT of a program that waits for its simulator instead, as gym-donkeycar 1.0 does.
    """
    if track:
        make_of_kind("track", track, {"pictures": False}).close()  # a mistyped name is told now, and not to a client
    try:
        _serve(track, port, lan, dial_to)
    except KeyboardInterrupt:
        log.print("stopped")


def _serve(track: str | None, port: int, lan: bool, dial_to: str | None) -> None:
    if dial_to:
        host, _, number = dial_to.partition(":")
        if number and not number.isdecimal():
            raise CopycarError(f"--dial-to {dial_to} names no port", fix="write HOST or HOST:PORT")
        tell(log, f"looking for {dial_to} …   Ctrl-C ends")
        dial(host, int(number or PORT), track, lambda: False)
        return
    server = DonkeySimServer(track, "" if lan else "127.0.0.1", port)
    tell(log, f"a donkey simulator listens on port {server.port}   Ctrl-C ends")
    tell(log, "try: copycar drive donkey-sim:generated_track --driver expert --laps 1")
    server.serve(lambda address: tell(log, f"{address} drives"))
