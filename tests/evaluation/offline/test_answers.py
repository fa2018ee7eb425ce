import numpy as np
import pytest

from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.evaluation.offline.answers import answers
from copycar.evaluation.offline.frames import choose_frames
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub

SIZE = (24, 32)
METADATA = PolicyMetadata(network="counting", image_size=SIZE, seed=0)


class Counting:
    """A policy with a memory: it answers how many frames it has seen since it started afresh."""

    metadata = METADATA
    image_size = SIZE

    def __init__(self):
        self.seen = 0

    def reset(self):
        self.seen = 0

    def infer(self, observation):
        self.seen += 1
        return {"steering": np.float32([self.seen / 1000]), "throttle": np.float32([observation["image"].mean() / 255])}


@pytest.fixture(scope="module")
def tub(tmp_path_factory):
    folder = make_tub(tmp_path_factory.mktemp("tub") / "tub", n_frames=120, n_episodes=2, image_size=SIZE)
    Tub.open(folder).delete([30, 31])
    return folder


def test_a_memory_ends_where_a_drive_or_a_gap_begins(tub):
    said = answers(Counting(), choose_frames([tub], [METADATA])).actions
    counts = np.rint(said[:, 0] * 1000).astype(int).tolist()
    assert counts == [*range(1, 31), *range(1, 29), *range(1, 61)]


def test_a_memory_ends_where_held_out_frames_are_interrupted(tub):
    frames = choose_frames([tub], [METADATA], split="validation")
    said = answers(Counting(), frames).actions
    counts = np.rint(said[:, 0] * 1000).astype(int)
    assert (counts == 1).tolist() == frames.is_start.tolist()
    assert (np.flatnonzero(np.diff(frames.rows) != 1) + 1).tolist() == np.flatnonzero(frames.is_start)[1:].tolist()


def test_every_answer_is_to_its_own_picture(tub):
    frames = choose_frames([tub], [METADATA])
    pictures = frames.data.images[frames.rows]
    said = answers(Counting(), frames).actions
    assert said[:, 1] == pytest.approx(pictures.reshape(len(frames), -1).mean(axis=1) / 255, abs=1e-6)
