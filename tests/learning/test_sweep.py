import math

import pytest

from copycar.core.errors import CopycarError
from copycar.learning.search_space import Dimension, read_space
from copycar.learning.sweep import Sweep

pytest.importorskip("optuna", reason="the extra [sweep] is not installed")

SPACE = {"learning_rate": Dimension(low=1e-4, high=1e-2, log=True), "batch_size": Dimension(choices=[32, 64])}


def a_sweep(folder, direction="minimize", **about):
    return Sweep(folder, SPACE, direction, {"data": "abc", **about})


def bowl(tried, folder):
    """Least at a learning rate of 1e-3 and a batch of 64."""
    assert tried["batch_size"] in {32, 64}
    return math.log10(tried["learning_rate"] / 1e-3) ** 2 + (tried["batch_size"] == 32)


def test_it_stops_at_the_wanted_number_of_trials_and_names_the_best(tmp_path):
    search, told = a_sweep(tmp_path), []
    search.work(bowl, 9, seed=0, on_trial=lambda trial: told.append(trial.number))
    found = search.results()
    assert told == list(range(9))
    assert found["best"] == min(found["trials"], key=lambda trial: trial["value"])
    assert found["best"]["run"] == str(tmp_path / f"trial-{found['best']['number']:03d}")
    assert found["importances"].keys() == SPACE.keys()
    assert sum(found["importances"].values()) == pytest.approx(1.0)


def test_more_can_be_better(tmp_path):
    search = a_sweep(tmp_path, "maximize")
    search.work(bowl, 3, seed=0)
    found = search.results()
    assert found["best"]["value"] == max(trial["value"] for trial in found["trials"])
    assert found["importances"] is None  # three trials tell nothing


def test_an_interrupted_sweep_goes_on_and_counts_finished_trials_only(tmp_path):
    def interrupted(tried, folder):
        if folder.name == "trial-002":
            raise KeyboardInterrupt
        return bowl(tried, folder)

    with pytest.raises(KeyboardInterrupt):
        a_sweep(tmp_path).work(interrupted, 4, seed=0)
    a_sweep(tmp_path).work(bowl, 4, seed=0)
    states = [trial["state"] for trial in a_sweep(tmp_path).results()["trials"]]
    assert states == ["complete", "complete", "fail", "complete", "complete"]
    a_sweep(tmp_path).work(lambda *_: pytest.fail("it is done"), 4, seed=0)


def test_settings_that_cannot_be_trained_end_the_sweep_only_where_nothing_else_could(tmp_path):
    def hopeless(tried, folder):
        raise CopycarError("the loss is nan")

    with pytest.raises(CopycarError, match="the loss is nan"):
        a_sweep(tmp_path / "one").work(hopeless, 2, seed=0)

    def now_and_then(tried, folder):
        return hopeless(tried, folder) if folder.name == "trial-001" else bowl(tried, folder)

    search = a_sweep(tmp_path / "other")
    search.work(now_and_then, 2, seed=0)
    assert [trial["state"] for trial in search.results()["trials"]] == ["complete", "pruned", "complete"]


def test_another_sweep_in_the_same_folder_is_refused(tmp_path):
    a_sweep(tmp_path).work(bowl, 1, seed=0)
    with pytest.raises(CopycarError, match="holds another sweep") as caught:
        a_sweep(tmp_path, data="xyz").work(bowl, 1, seed=0)
    assert "data is abc and not xyz" in caught.value.why
    with pytest.raises(CopycarError, match="holds another sweep"):
        a_sweep(tmp_path, "maximize").results()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[learning_rat]\nlow = 0.1\nhigh = 1\n", "did you mean learning_rate"),
        ("[balance]\nlow = 0.1\n", "low and high, or choices"),
        ("[balance]\nlow = 0.1\nhigh = 0.1\n", "low must be below high"),
        ("[balance]\nlow = 0\nhigh = 1\nlog = true\n", "low must be above 0"),
        ("[seed]\nlow = 0\nhigh = 9\n", "judged on the same frames"),
        ("", "names no setting"),
    ],
)
def test_a_faulty_space_says_what_is_wrong(tmp_path, text, said):
    (tmp_path / "space.toml").write_text(text)
    with pytest.raises(CopycarError) as caught:
        read_space(tmp_path / "space.toml")
    assert said in str(caught.value)


def test_a_space_is_read_from_its_file(tmp_path):
    (tmp_path / "space.toml").write_text("[epochs]\nlow = 5\nhigh = 20\nwhole = true\n")
    assert read_space(tmp_path / "space.toml") == {"epochs": Dimension(low=5, high=20, whole=True)}
