import shutil
from pathlib import Path

import pytest

from copycar.cli.main import run
from copycar.testing.tub import make_tub

BINDING = {
    "n_trials",
    "route_completion_pct",
    "autonomy_pct",
    "interventions_per_lap",
    "driving_score",
    "laps",
    "cross_track_error_m",
    "lap_time_s",
    "latency_ms",
    "intervals",
    "seeds",
}


def test_offline_json_is_one_object_with_the_binding_keys(result_of, finished_run, tub):
    result = result_of("evaluate", finished_run / "policy.onnx", "--on", tub)
    assert result.keys() == {"offline"}
    assert result["offline"]["steering"].keys() >= {"mae", "baseline_mean_mae", "baseline_last_mae"}
    assert result["offline"]["n_frames"] == 160


def test_the_held_out_frames_are_those_of_the_training(result_of, finished_run, tub):
    offline = result_of("evaluate", finished_run / "policy.onnx", "--on", tub, "--split", "validation")["offline"]
    trained = result_of("train", "--resume", "--out", shutil.copytree(finished_run, "run"))["offline"]
    assert offline["n_frames"] == trained["n_frames"]
    assert offline["steering"]["mae"] == pytest.approx(trained["steering"]["mae"], abs=1e-4)


def test_people_are_told_when_they_judge_on_what_was_learned(finished_run, tub, capsys):
    policy = str(finished_run / "policy.onnx")
    assert run(["evaluate", policy, "--on", str(tub)]) == 0
    assert "--split validation" in capsys.readouterr().out
    assert run(["evaluate", policy, "--on", str(tub), "--split", "validation"]) == 0
    assert "has learned from these frames" not in capsys.readouterr().out


def test_a_tub_of_another_camera_is_refused_with_both_sizes(refused, finished_run, tmp_path):
    other = make_tub(tmp_path / "other", n_frames=20, image_size=(24, 32))
    message = refused("evaluate", finished_run / "policy.onnx", "--on", other)
    assert "64x48" in message
    assert "24, 32" in message or "32x24" in message


def test_an_unknown_place_is_refused(refused, finished_run):
    pytest.importorskip("panda3d")
    assert "did you mean track:hairpins" in refused("evaluate", finished_run / "policy.onnx", "--on", "hairpin")


def test_a_file_that_is_no_policy_is_refused(refused, tub):
    Path("notes.onnx").write_text("no network")
    assert "notes.onnx" in refused("evaluate", "notes.onnx", "--on", "oval")
    assert "notes.onnx" in refused("evaluate", "notes.onnx", "--on", tub)


@pytest.mark.slow
def test_closed_loop_json_has_the_binding_score_card_and_a_report(result_of, in_empty_folder):
    pytest.importorskip("panda3d")
    arguments = ("--on", "oval", "--trials", "1", "--laps", "1", "--workers", "1", "--no-film")
    result = result_of("evaluate", "expert", *arguments, "--out", "proof")
    card = result["score_card"]
    assert card.keys() >= BINDING
    assert card["cross_track_error_m"].keys() >= {"mean", "p95", "max"}
    assert (card["n_trials"], card["autonomy_pct"]) == (1, 100.0)
    assert Path(result["report"]).is_file()
    assert {path.name for path in Path("proof").iterdir()} >= {"report.html", "card.json"}


@pytest.mark.slow
def test_a_missed_gate_exits_with_1_and_a_passed_one_with_0(tmp_path, capsys):
    pytest.importorskip("panda3d")
    arguments = ["--on", "oval", "--trials", "1", "--laps", "1", "--workers", "1", "--no-film", "--out", "proof"]
    assert run(["evaluate", "expert", *arguments, "--least-autonomy", "100"]) == 0
    assert run(["evaluate", "constant", *arguments, "--least-autonomy", "99.5"]) == 1
    assert "is below 99.5" in capsys.readouterr().err
