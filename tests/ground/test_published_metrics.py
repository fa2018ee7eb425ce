"""Our figures are those of motmetrics, which MARMOT judges with: on the same tracks, MOTA, IDF1 and identity switches.

`golden/tracks.json` holds random sequences and what motmetrics said about them when the file was made.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from copycar.ground.scene import Truth
from copycar.ground.track_metrics import Followed, score_tracks

GOLDEN = json.loads((Path(__file__).parent / "golden" / "tracks.json").read_text())


def split(rows):
    """Rows of id, x, y."""
    points = np.array([row[1:] for row in rows], dtype=float).reshape(-1, 2)
    return points, np.array([row[0] for row in rows], dtype=np.int64)


@pytest.mark.parametrize("sequence", GOLDEN["sequences"])
def test_tracks_have_the_figures_that_motmetrics_gives_them(sequence):
    truths = [Truth(*split(frame["truths"])) for frame in sequence["frames"]]
    followed = [Followed(*split(frame["tracks"])) for frame in sequence["frames"]]
    score = score_tracks(truths, followed, GOLDEN["distance_m"])
    assert score.mota == pytest.approx(sequence["mota"])
    assert score.idf1 == pytest.approx(sequence["idf1"])
    assert score.n_switches == sequence["n_switches"]
