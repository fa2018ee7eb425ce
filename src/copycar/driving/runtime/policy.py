"""A policy file in memory: raw camera frame in, action out. Knows nothing of runtimes, torch or cameras."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.frame import Action, Observation
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.driving.runtime.session import open_session

NEXT = "next_"
"""An output of this name before an input's is what that input gets with the next frame."""

LATENCY_WINDOW = 4096
"""How many of the latest `act` calls the latency figures speak of."""


class Policy:
    """A loaded policy. One that remembers earlier frames is to be `reset` where a drive begins.

    Args:
        session: of a copycar policy file (`copycar.driving.runtime.session`).
        metadata: the file's identity card.

    Attributes:
        metadata: the file's identity card.
        image_size: (height, width) px of the frame it takes.
    """

    def __init__(self, session: Any, metadata: PolicyMetadata) -> None:
        self._session = session
        self._outputs = [node.name for node in session.get_outputs()]
        nodes = {node.name: node for node in session.get_inputs() if node.name != "image"}
        self._extra_inputs = [name for name in nodes if NEXT + name not in self._outputs]
        self._state_shapes = {name: nodes[name].shape for name in nodes if name not in self._extra_inputs}
        self._chosen: dict[str, NDArray[np.float32]] = {}
        self._states: dict[str, NDArray[np.float32]] = {}
        self._latency_ns: list[int] = []
        self.metadata = metadata
        self.image_size = metadata.image_size
        for name, names in self.choices.items():
            self.choose(name, names[0])
        self.reset()

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
        answers = self.infer(observation)
        return Action(float(answers["steering"][0]), float(answers["throttle"][0]))

    def infer(self, observation: Observation) -> dict[str, NDArray[np.float32]]:
        """Return everything it answers, by name: `"steering"` (1,), `"throttle"` (1,), probabilities (n,) and so on.

        Raises:
            CopycarError: as `act`.
        """
        if "image" not in observation:
            raise _missing("image")
        image = observation["image"]
        if image.shape != (*self.image_size, 3) or image.dtype != np.uint8:
            raise self._wrong_image(image)
        started_ns = time.perf_counter_ns()
        outputs = self._session.run(None, self._feeds(image, observation))
        self._count(time.perf_counter_ns() - started_ns)
        answers = dict(zip(self._outputs, outputs, strict=True))
        self._states = {name: answers.pop(NEXT + name) for name in self._states}
        return answers

    @property
    def choices(self) -> dict[str, list[str]]:
        """What may be chosen while it drives: the names of its behaviours, by input; empty for most policies."""
        return {name: given["names"] for name, given in self.metadata.inputs.items() if given.get("names")}

    def choose(self, name: str, choice: str) -> None:
        """Drive like this from now on, such as `choose("behavior", "Right_Lane")`; at first it is the first name.

        Raises:
            CopycarError: the policy has no such input, or the input no such name.
        """
        names = self.choices.get(name)
        if names is None:
            raise CopycarError(f"this policy has no {name!r} to choose", fix=did_you_mean(name, self.choices))
        if choice not in names:
            raise CopycarError(f"the policy knows no {name} {choice!r}", fix=did_you_mean(choice, names))
        self._chosen[name] = np.array([float(choice == known) for known in names], np.float32)

    def reset(self) -> None:
        """Forget earlier frames: a new drive begins."""
        self._states = {name: np.zeros(shape, np.float32) for name, shape in self._state_shapes.items()}

    @property
    def remembered(self) -> dict[str, NDArray[np.float32]]:
        """What it remembers of earlier frames, by name, as `remember` takes it; empty where it has no memory."""
        return dict(self._states)

    def remember(self, states: Mapping[str, NDArray[np.float32]]) -> None:
        """Take what it would remember of earlier frames from elsewhere, by name, such as the actions of a recording."""
        self._states |= {name: value.reshape(self._state_shapes[name]) for name, value in states.items()}

    def latency_ms(self) -> dict[str, float | None]:
        """Return p50 and p95 of the latest calls in milliseconds; None before the first call."""
        if not self._latency_ns:
            return {"p50": None, "p95": None}
        p50, p95 = np.percentile(self._latency_ns, [50, 95]) / 1e6
        return {"p50": float(p50), "p95": float(p95)}

    def _feeds(self, image: Any, observation: Observation) -> dict[str, Any]:
        feeds = {"image": image[None], **self._states}
        for name in self._extra_inputs:
            value = observation.get(name, self._chosen.get(name))
            if value is None:
                raise _missing(name)
            feeds[name] = np.asarray(value, dtype=np.float32).reshape(1, -1)
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
