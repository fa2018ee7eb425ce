import pytest

from copycar.core.errors import CopycarError
from copycar.learning.listener import Listener
from copycar.learning.logs.forgiving import Forgiving


class Lost(Listener):
    """A log whose server goes away before one of its calls."""

    def __init__(self, before: str):
        self.heard = []
        self._before = before

    def _hear(self, what):
        self.heard.append(what)
        if what == self._before:
            raise ConnectionError("no answer\nfrom the server")

    def on_start(self, run, description):
        self._hear("start")

    def on_epoch(self, epoch):
        self._hear("epoch")

    def on_stop(self, state):
        self._hear("stop")

    def on_end(self, result):
        self._hear("end")


def test_a_log_that_is_lost_is_named_once_and_told_no_more():
    log, said = Lost(before="epoch"), []
    forgiving = Forgiving("mlflow", log, said.append)
    forgiving.on_start(None, {})
    forgiving.on_epoch(None)
    forgiving.on_epoch(None)
    forgiving.on_end({})
    assert log.heard == ["start", "epoch"]
    assert said == ["mlflow is told no more, the training goes on: no answer from the server"]


@pytest.mark.parametrize("before", ["stop", "end"])
def test_a_log_that_is_lost_at_the_end_is_named_and_no_training_is_said_to_go_on(before):
    log, said = Lost(before), []
    forgiving = Forgiving("mlflow", log, said.append)
    forgiving.on_start(None, {})
    forgiving.on_stop("interrupted") if before == "stop" else forgiving.on_end({})
    assert log.heard == ["start", before]
    assert said == ["mlflow is told no more: no answer from the server"]


def test_a_log_that_cannot_begin_stops_the_training_at_once_and_hears_no_more():
    log = Lost(before="start")
    forgiving = Forgiving("wandb", log, print)
    with pytest.raises(CopycarError, match="wandb cannot be told") as refused:
        forgiving.on_start(None, {})
    assert refused.value.why == "no answer from the server"
    assert refused.value.fix == "mend that, or train without --log wandb"
    forgiving.on_stop("failed")
    assert log.heard == ["start"]


def test_ctrl_c_is_not_forgiven():
    class Interrupted(Listener):
        def on_epoch(self, epoch):
            raise KeyboardInterrupt

    forgiving = Forgiving("mlflow", Interrupted(), print)
    forgiving.on_start(None, {})
    with pytest.raises(KeyboardInterrupt):
        forgiving.on_epoch(None)
