"""A film of what a policy looks at on a recording, beside what the driver did. Knows nothing of the command line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from copycar.core.errors import CopycarError
from copycar.core.frame import Image
from copycar.core.progress import OnProgress
from copycar.evaluation.explain.movie_picture import SHOWN, film_size, movie_picture, with_glow
from copycar.evaluation.explain.open_network import Opened, open_network
from copycar.evaluation.explain.saliency import Method, saliency
from copycar.evaluation.explain.samples import Samples
from copycar.evaluation.offline.answers import answers
from copycar.evaluation.offline.frames import RecordedFrames, Split, choose_frames
from copycar.tubs.film import film_writer

AT_ONCE = 32
"""Frames whose saliency is computed together: 158 a second on one core, against 42 one by one and 130 with 128."""
QUALITY = 26
"""x264's constant rate factor, as in films of recordings."""
MOST_DIFFERENCE = 0.05
"""Of the steering, between the policy file and the network of its run: more, and they do not belong together."""


@dataclass(frozen=True, slots=True)
class Movie:
    """What was filmed.

    Attributes:
        file: the film.
        frames: how many.
        steering_mae: mean difference between policy and driver.
    """

    file: Path
    frames: int
    steering_mae: float


def make_saliency_movie(
    policy: str | Path,
    tubs: Sequence[str | Path],
    path: Path,
    *,
    method: Method = "visualbackprop",
    split: Split = "all",
    rate_hz: float = 20.0,
    on_progress: OnProgress | None = None,
) -> Movie:
    """Write the film.

    Args:
        policy: a policy file beside its run, or a run's folder.
        tubs: recordings.
        path: the film (`.mp4`); its folder must exist.
        method: how saliency is found.
        split: which frames, as `choose_frames`.
        rate_hz: pictures a second.
        on_progress: is told (frames done, frames in all).

    Raises:
        CopycarError: no run beside the policy, frames of another size, or what `film_writer` refuses.
    """
    opened = open_network(policy)
    card = opened.policy.metadata
    whole = replace(card, data_choice={})  # every frame as it was recorded, whatever its training left out
    frames = choose_frames(tubs, [whole if split == "all" else card], split=split)
    said = answers(opened.policy, frames).actions
    errors = said[:, 0] - frames.labels[:, 0]
    pictures = glowing(opened, frames, said, method)
    with film_writer(path, film_size(frames.data.image_size), rate_hz, quality=QUALITY, preset="veryfast") as add:
        for place, picture in enumerate(pictures):
            recent = errors[max(0, place + 1 - SHOWN) : place + 1]
            add(movie_picture(picture, float(frames.labels[place, 0]), float(said[place, 0]), recent))
            if on_progress:
                on_progress(place + 1, len(frames))
    return Movie(path, len(frames), float(np.abs(errors).mean()))


def glowing(opened: Opened, frames: RecordedFrames, said: NDArray[np.float32], method: Method) -> Iterator[Image]:
    """Yield every frame, uint8 (H, W, 3), with what mattered in it.

    Raises:
        CopycarError: the policy file and the network of its run decide differently.
    """
    samples = Samples(frames, opened.network.reads, said)
    for start in range(0, len(frames), AT_ONCE):
        places = range(start, min(start + AT_ONCE, len(frames)))
        inputs = samples.of(places)
        if start == 0:
            _require_same(opened, inputs, said[list(places)])
        masks = saliency(opened.network, inputs, method).detach().numpy()
        images = frames.data.images[frames.rows[list(places)]]
        yield from (with_glow(image, mask) for image, mask in zip(images, masks, strict=True))


def _require_same(opened: Opened, inputs: Mapping[str, Tensor], said: NDArray[np.float32]) -> None:
    steering = opened.network.action(opened.network(inputs))[:, 0].numpy()
    difference = float(np.abs(steering - said[:, 0]).max())
    if not difference <= MOST_DIFFERENCE:
        raise CopycarError(
            f"the policy file and the weights beside it differ by {difference:.2f} in steering",
            "they are of different trainings, or the file was exported with less precision",
            "name the run's own policy.onnx",
        )
