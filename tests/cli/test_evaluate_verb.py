import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from copycar.cli import proof
from copycar.cli.main import run
from copycar.cli.terminal_picture import UPPER_HALF
from copycar.evaluation.entrants import Entrant
from copycar.testing.policy import write_policy
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


def test_several_policies_are_told_apart_in_one_json_object(result_of, finished_run, tub, tmp_path):
    other = write_policy(tmp_path / "other.onnx", (48, 64))
    result = result_of("evaluate", finished_run, other, "--on", tub, "--html", "page.html")
    assert result.keys() == {"offline", "html"}
    offline = result["offline"]
    assert [one["name"] for one in offline["policies"]] == ["run", "other"]
    assert all(one["steering"].keys() >= {"mae", "baseline_mean_mae"} for one in offline["policies"])
    assert offline["n_frames"] == 160
    assert Path(result["html"]).is_file()


def test_several_tubs_may_follow_one_on(result_of, finished_run, tub, tmp_path):
    second = make_tub(tmp_path / "second", n_frames=40, image_size=(48, 64))
    assert result_of("evaluate", finished_run, "--on", tub, second)["offline"]["n_frames"] == 200


def test_people_see_the_bins_and_the_directions_and_no_pictures_where_nobody_looks(finished_run, tub, capsys):
    assert run(["evaluate", str(finished_run), "--on", str(tub)]) == 0
    out = capsys.readouterr().out
    assert "where the driver steered" in out
    assert "always saying" in out
    assert UPPER_HALF not in out


def test_what_cannot_work_is_refused_before_the_work(refused, finished_run, tub):
    assert "name it first" in refused("evaluate", "--on", tub)
    assert "no folder missing" in refused("evaluate", finished_run, "--on", tub, "--html", "missing/page.html")
    assert "--html" in refused("evaluate", finished_run, "--on", "oval", "--plots", "plots")
    assert "named twice" in refused("evaluate", finished_run, finished_run / "policy.onnx", "--on", tub)


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


@pytest.mark.slow
def test_several_drivers_drive_from_the_same_starts(result_of, in_empty_folder):
    pytest.importorskip("panda3d")
    arguments = ("--on", "oval", "--trials", "2", "--laps", "1", "--workers", "1", "--no-film", "--seed", "3")
    result = result_of("evaluate", "expert", "constant", *arguments, "--out", "proof", "--html", "both.html")
    expert, constant = (one["score_card"] for one in result["policies"])
    start = ("environment", "seed", "progress", "direction", "offset_m", "heading_offset_rad")
    assert [[trial[key] for key in start] for trial in expert["trials"]] == [
        [trial[key] for key in start] for trial in constant["trials"]
    ]
    assert expert["autonomy_pct"] > constant["autonomy_pct"]
    assert len({one["report"] for one in result["policies"]}) == 2
    assert all(Path(one["report"]).is_file() for one in result["policies"])
    assert "2 drivers, the same 2 starts" in Path(result["html"]).read_text()


@pytest.mark.slow
def test_one_policy_below_the_gate_fails_all(capsys):
    pytest.importorskip("panda3d")
    arguments = ["--on", "oval", "--trials", "1", "--laps", "1", "--workers", "1", "--no-film", "--out", "proof"]
    assert run(["evaluate", "expert", "constant", *arguments, "--least-autonomy", "99.5"]) == 1
    out, err = capsys.readouterr()
    assert "of constant is below 99.5" in err
    assert "drives without any help" in out


def test_a_score_is_noted_with_the_run_that_the_policy_is_from(finished_run, in_empty_folder, monkeypatch, result_of):
    own = Path(shutil.copytree(finished_run, "runs/own"))
    card = SimpleNamespace(as_json=lambda: {"driving_score": 81.5, "latency_ms": {"p50": 1.0}})
    monkeypatch.setattr(proof, "prove", lambda *_, **__: proof.Proof(card, (), Path("report.html")))
    proof.prove_all([Entrant("own", str(own / "policy.onnx")), Entrant("expert", "expert")], ["oval"], None)
    (row,) = result_of("runs")
    assert (row["driving_score"], row["driven_on"]) == (81.5, ["oval"])
