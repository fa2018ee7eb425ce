"""A policy file in memory: raw camera frame in, action out. Knows nothing of runtimes, torch or cameras."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.frame import Action, Observation
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.driving.runtime.session import open_session

LATENCY_WINDOW = 4096
"""How many of the latest `act` calls the latency figures speak of."""


class Policy:
    """A loaded policy.

    Args:
        session: of a copycar policy file (`copycar.driving.runtime.session`).
        metadata: the file's identity card.

    Attributes:
        metadata: the file's identity card.
        image_size: (height, width) px of the frame it takes.
    """

    def __init__(self, session: Any, metadata: PolicyMetadata) -> None:
        self._session = session
        self._extra_inputs = [node.name for node in session.get_inputs() if node.name != "image"]
        self._latency_ns: list[int] = []
        self.metadata = metadata
        self.image_size = metadata.image_size

    @classmethod
    def load(cls, path: str | Path, *, threads: int = 1) -> "Policy":
        """Load a policy file: `.onnx`, or `.tflite` where LiteRT is installed.

        Args:
            path: the file.
            threads: CPU threads for one frame; 0 lets the runtime choose. These networks are too small for a second one
                to pay, and it would keep camera and recorder from the processor.

        Raises:
            CopycarError: no such file, one that the runtime cannot run, or not exported by copycar.
        """
        path = Path(path)
        if not path.is_file():
            raise CopycarError(f"no policy file {path}", fix="check the path, or train one: copycar train TUB")
        session, properties = open_session(path, threads)
        return cls(session, PolicyMetadata.from_properties(properties, str(path)))

    def act(self, observation: Observation) -> Action:
        """Return the action for one observation.

        Args:
            observation: `"image"` uint8 (H, W, 3) RGB of exactly `image_size`, and every extra input of the file.

        Returns:
            steering and throttle in [-1, 1]; NaN where the network itself is broken (the drive loop then stops).

        Raises:
            CopycarError: another image size or type, or a missing extra input.
        """
        if "image" not in observation:
            raise _missing("image")
        image = observation["image"]
        if image.shape != (*self.image_size, 3) or image.dtype != np.uint8:
            raise self._wrong_image(image)
        started_ns = time.perf_counter_ns()
        steering, throttle = self._session.run(["steering", "throttle"], self._feeds(image, observation))
        self._count(time.perf_counter_ns() - started_ns)
        return Action(float(steering[0]), float(throttle[0]))

    def latency_ms(self) -> dict[str, float | None]:
        """Return p50 and p95 of the latest calls in milliseconds; None before the first call."""
        if not self._latency_ns:
            return {"p50": None, "p95": None}
        p50, p95 = np.percentile(self._latency_ns, [50, 95]) / 1e6
        return {"p50": float(p50), "p95": float(p95)}

    def _feeds(self, image: Any, observation: Observation) -> dict[str, Any]:
        feeds = {"image": image[None]}
        for name in self._extra_inputs:
            if name not in observation:
                raise _missing(name)
            feeds[name] = np.asarray(observation[name], dtype=np.float32)[None]
        return feeds

    def _count(self, elapsed_ns: int) -> None:
        if len(self._latency_ns) >= LATENCY_WINDOW:
            del self._latency_ns[: LATENCY_WINDOW // 2]
        self._latency_ns.append(elapsed_ns)

    def _wrong_image(self, image: Any) -> CopycarError:
        height, width = self.image_size
        is_size = image.shape != (height, width, 3)
        return CopycarError(
            f"this policy takes {width}x{height} RGB frames, uint8 of shape {(height, width, 3)}, but got "
            f"{image.dtype} of shape {image.shape}",
            "it was trained on another camera size" if is_size else "it takes a picture's raw bytes",
            f"set the camera to {width}x{height}, or train on a tub recorded with this camera"
            if is_size
            else "give the frame as the camera gave it, 0 … 255",
        )


def _missing(name: str) -> CopycarError:
    return CopycarError(f"the policy needs the input {name!r}, which this car does not give")
