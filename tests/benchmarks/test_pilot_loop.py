import io
import json
from typing import Any

import numpy as np
import pytest

import pilot_loop


def answers_to(questions: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    frames = np.arange(3, dtype=np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 3), dtype=np.uint8)
    monkeypatch.setattr("sys.stdin", io.StringIO(questions))
    answers = io.StringIO()
    pilot_loop.serve(lambda frame: (float(frame[0, 0, 0]) / 10, 0.5), frames, answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_a_pilot_says_when_it_is_ready_and_answers_for_every_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    ready, predicted = answers_to("predict\n", monkeypatch)
    assert ready == "ready"
    assert predicted == [[0.0, 0.5], [0.1, 0.5], [0.2, 0.5]]


def test_times_are_one_per_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [len(times) for times in answers_to("time\ntime\n", monkeypatch)[1:]] == [3, 3]
