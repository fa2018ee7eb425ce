"""Runs in copycar's environment: a policy file, called as the drive loop calls it.

    python benchmarks/our_pilot.py POLICY.onnx FRAMES.npy THREADS

THREADS 0 leaves the number to onnxruntime, as `copycar drive` does. Knows nothing of the peer.
"""

import sys
from typing import Any

import numpy as np

from copycar.driving.runtime.policy import Policy
from pilot_loop import reserve_stdout, serve

if __name__ == "__main__":
    policy_file, frames_file, threads = sys.argv[1:]
    policy = Policy.load(policy_file, threads=int(threads))

    def act(frame: Any) -> tuple[float, float]:
        """Return steering and throttle of one frame."""
        action = policy.act({"image": frame})
        return action.steering, action.throttle

    serve(act, np.load(frames_file), reserve_stdout())
