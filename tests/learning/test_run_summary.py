from copycar.learning.run import Run
from copycar.learning.run_summary import differing_settings, sorted_by, summary


def epoch(number, error, is_best):
    figures = {"score": error, "steering_mae": error, "steering_baseline_mean_mae": 0.3}
    return {"number": number, "loss": 2.0 * error, "figures": figures, "is_best": is_best}


def a_run(folder, **described):
    run = Run.create(folder, "linear")
    run.update(state="done", network="linear", settings={"seed": 0, "epochs": 3}, **described)
    return run


def test_a_summary_shows_the_kept_epoch_the_latest_drive_and_the_file(tmp_path):
    run = a_run(tmp_path / "run", latency_ms={"p50": 9.0}, comment="wet floor")
    for line in (epoch(1, 0.2, True), epoch(2, 0.1, True), epoch(3, 0.15, False)):
        run.log(line)
    run.policy.write_bytes(b"12345")
    row = summary(run)
    assert (row["steering_mae"], row["loss"], row["baseline_mean_mae"], row["epochs"]) == (0.1, 0.2, 0.3, 3)
    assert (row["driving_score"], row["latency_ms"], row["size_bytes"]) == (None, 9.0, 5)
    assert row["comment"] == "wet floor"
    for score in (40.0, 90.0):
        run.note_score({"driving_score": score, "latency_ms": {"p50": 2.0}}, {"on": ["oval"]})
    assert (summary(run)["driving_score"], summary(run)["driven_on"], summary(run)["latency_ms"]) == (
        90.0,
        ["oval"],
        2.0,
    )


def test_a_finished_run_shows_the_error_of_its_policy_file(tmp_path):
    steering = {"mae": 0.11, "baseline_mean_mae": 0.31}
    run = a_run(tmp_path / "run", result={"offline": {"steering": steering}})
    run.log(epoch(1, 0.1, True))
    assert (summary(run)["steering_mae"], summary(run)["baseline_mean_mae"]) == (0.11, 0.31)


def test_the_best_comes_first_and_what_is_unknown_last():
    rows = [{"driving_score": score, "steering_mae": error} for score, error in ((1.0, 0.3), (None, 0.1), (2.0, None))]
    assert [row["driving_score"] for row in sorted_by(rows, "driving_score")] == [2.0, 1.0, None]
    assert [row["steering_mae"] for row in sorted_by(rows, "steering_mae")] == [0.1, 0.3, None]


def test_only_settings_that_differ_are_named_also_where_one_run_lacks_them(tmp_path):
    one, other = a_run(tmp_path / "one"), a_run(tmp_path / "other")
    assert differing_settings([one, other]) == {}
    other.update(settings={"seed": 0, "epochs": 5, "ema": 0.9})
    assert differing_settings([one, other]) == {"epochs": [3, 5], "ema": [None, 0.9]}
