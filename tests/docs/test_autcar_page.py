"""The tutorial on the page for people who come from AutCar runs, in its order, on a small recording."""

import re
from pathlib import Path

import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.testing.tub import draw_line
from copycar.tubs.formats.autcar_commands import CLASSES, action_of, command_of
from copycar.tubs.formats.png import encode_png

PAGE = (Path(__file__).resolve().parents[2] / "docs/autcar.md").read_text(encoding="utf-8")
SET, KERAS, TORCH = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "autcar_training").mkdir()
    rng, rows = np.random.default_rng(0), []
    for number in range(48):
        name = CLASSES[number // 2 % 12]
        picture = f"{number}_car_snapshot.png"
        (tmp_path / "autcar_training" / picture).write_bytes(encode_png(draw_line(action_of(name)[0], (60, 80), rng)))
        rows.append(f"{picture};{command_of(name)}\r\n")
    (tmp_path / "autcar_training/training.csv").write_text("".join(rows), newline="")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*blocks):
    names = {}
    exec(compile("\n".join(blocks).replace("epochs=5", "epochs=1"), "docs/autcar.md", "exec"), names)
    return names


@pytest.mark.slow
def test_the_tutorial_with_keras_runs(keras, here, capsys):
    figures = run(SET, KERAS)["figures"]
    assert figures["n"] == 14
    assert f"'{CLASSES[0]}': 4" in capsys.readouterr().out
    assert (here / "driver_model-test.png").exists()


@pytest.mark.slow
def test_the_tutorial_with_torch_runs(here):
    run(SET, TORCH)
    assert (here / "driver_model.onnx").exists()


def test_the_page_quotes_what_is_said_of_a_wrong_input(keras, here):
    with pytest.raises(CopycarError) as refused:
        run(SET, KERAS.replace("InputLayer(shape=(168, 224, 3))", "InputLayer(shape=(3, 168, 224))"))
    lines = [line.strip() for line in PAGE.splitlines() if line.startswith("    ")]
    assert refused.value.what in lines
    (fix,) = (line for line in lines if line.startswith("fix: "))
    assert refused.value.fix.startswith(fix.removeprefix("fix: ").removesuffix(" …"))
