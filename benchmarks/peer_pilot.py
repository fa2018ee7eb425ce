"""Runs *inside the peer's environment*: its own `tflite_linear` pilot, called as its drive loop calls it.

    .venv-peer/bin/python benchmarks/peer_pilot.py PILOT.tflite CONFIG.py FRAMES.npy THREADS

THREADS 0 leaves the peer as it is shipped (its interpreter then uses one thread); any other number is forced on the
TFLite interpreter behind its back, to see what the peer could do. Knows nothing of copycar.
"""

import functools
import sys

import numpy as np

from pilot_loop import reserve_stdout, serve

answers = reserve_stdout()  # the peer prints a banner when it is imported

import donkeycar  # noqa: E402
from donkeycar.parts import interpreter  # noqa: E402
from donkeycar.utils import get_model_by_type  # noqa: E402


def force_threads(threads: int) -> None:
    """Make the peer's TFLite interpreter use a number of threads that it offers no setting for."""
    shipped = interpreter.get_tflite_interpreter()
    interpreter.get_tflite_interpreter = lambda: functools.partial(shipped, num_threads=threads)


if __name__ == "__main__":
    pilot_file, config_file, frames_file, threads = sys.argv[1:]
    if int(threads):
        force_threads(int(threads))
    pilot = get_model_by_type("tflite_linear", donkeycar.load_config(config_file))
    pilot.load(pilot_file)
    serve(pilot.run, np.load(frames_file), answers)
