import io
import json
from pathlib import Path

import numpy as np

import tub_loop
from copycar.testing.tub import make_tub


def test_every_figure_of_a_side_is_reported(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tub_loop, "PACED_S", 0.05)
    recorded: list[object] = []
    side = tub_loop.Side(
        recorder=lambda folder: tub_loop.Recorder(recorded.append, lambda: None),
        read=lambda threads: 10 * threads,
        threads=(1, 2),
        batches={"float": lambda: lambda: 128},
    )
    answers = io.StringIO()
    pictures = np.zeros((5, 24, 32, 3), np.uint8)
    tub_loop.report(side, make_tub(tmp_path / "tub", n_frames=3, image_size=(24, 32)), pictures, tmp_path, answers)
    figures = json.loads(answers.getvalue())
    assert len(recorded) == 5 + 3
    assert figures["frames_read"] == 20
    assert set(figures["read_cold_frames_per_s"]) == set(figures["read_warm_frames_per_s"]) == {"1", "2"}
    assert set(figures["read_warm_cpu_us_per_frame"]) == {"1", "2"}
    assert figures["append_frames_per_s"] > 0
    assert figures["batch_frames_per_s"]["float"] > 0
