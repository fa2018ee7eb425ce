"""A pipeline in a settings file reaches the network, the policy and the picture of what the network sees."""

import json
from pathlib import Path

import numpy as np
import pytest

from copycar.cli.main import app, run
from copycar.driving.runtime.policy import Policy
from copycar.tubs.formats.png import decode_png

LOWER_HALF = """
[[pipeline]]
op = "crop"
top = 24

[[pipeline]]
op = "normalise"
to = "image"
"""


@pytest.fixture
def settings(in_empty_folder):
    def write(text, name="mine.toml"):
        Path(name).write_text(text)
        return name

    return write


def settings_given(*arguments):
    _, bound, _ = app.parse_args(["train", "data", *arguments], exit_on_error=False, print_error=False)
    return bound.arguments["settings"]


@pytest.mark.slow
def test_what_is_cropped_does_not_reach_the_policy(result_of, tub, settings):
    result = result_of("train", tub, "--epochs", "1", "--config", settings(LOWER_HALF), "--out", "run")
    policy, frame = Policy.load(result["policy"]), np.full((48, 64, 3), 90, dtype=np.uint8)
    frame[30:34, 20:30] = 200
    above, below = frame.copy(), frame.copy()
    above[:24], below[24:] = 255, 40
    assert policy.act({"image": above}) == policy.act({"image": frame})
    assert policy.act({"image": below}) != policy.act({"image": frame})
    kept = json.loads(Path("run/run.json").read_text())["settings"]["pipeline"]
    assert kept == [{"op": "crop", "top": 24}, {"op": "normalise", "to": "image"}]


def test_tables_may_stand_in_the_section_of_the_verb_or_alone(settings):
    for text in (LOWER_HALF, LOWER_HALF.replace("[[pipeline]]", "[[train.pipeline]]")):
        settings(text, "copycar.toml")
        assert [step["op"] for step in settings_given().pipeline] == ["crop", "normalise"]


def test_every_fault_of_a_pipeline_is_named_with_the_number_of_its_step(refused, tub, settings):
    faulty = '[[pipeline]]\nop = "crop"\ntopp = 3\nleft = -1\n[[pipeline]]\nop = "cany"\n[[pipeline]]\ntop = 2\n'
    message = refused("train", tub, "--config", settings(faulty))
    for fault in (
        "step 1 (crop): unknown key topp: did you mean top?",
        "step 1 (crop): left: Input should be greater than or equal to 0 (got -1)",
        "step 2 (cany): unknown operation: did you mean canny?",
        "step 3 (no op): which operation?",
    ):
        assert fault in message
    assert not Path("runs").exists()


def test_a_file_that_is_not_there_and_one_with_an_unknown_key_are_refused(refused, tub, settings):
    assert "no settings file nowhere.toml" in refused("train", tub, "--config", "nowhere.toml")
    assert "mine.toml" in refused("train", tub, "--config", settings("[train]\nepoch = 3\n"))


def test_the_named_file_lies_under_the_flags_and_over_the_usual_one(settings):
    settings("[train]\nepochs = 3\nseed = 5\nbatch_size = 32\n", "copycar.toml")
    given = settings_given("--epochs", "1", "--config", settings("[train]\nepochs = 2\nseed = 4\n"))
    assert (given.epochs, given.seed, given.batch_size) == (1, 4, 32)


def test_the_picture_shows_frames_after_every_step_and_nothing_is_trained(tub, settings, in_empty_folder, capsys):
    assert run(["train", str(tub), "--config", settings(LOWER_HALF), "--show-pipeline"]) == 0
    page = decode_png(Path("pipeline.png").read_bytes())
    assert "10 frames after each of 3 steps" in capsys.readouterr().err  # crop, the network's resize, normalise
    assert page.shape[0] > 10 * 48
    assert page.shape[1] > 4 * 64
    assert sorted(path.name for path in in_empty_folder.iterdir()) == ["mine.toml", "pipeline.png"]
    assert run(["train", str(tub), "--show-pipeline", "here.png"]) == 0
    assert Path("here.png").is_file()


def test_a_tub_is_not_taken_for_the_pictures_name(refused, tub):
    assert "no name of a picture" in refused("train", tub, "--show-pipeline", "monday")
