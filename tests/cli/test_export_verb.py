from copycar.driving.runtime.policy import Policy


def test_a_runs_policy_is_exported_and_measured(finished_run, result_of, tmp_path):
    result = result_of("export", finished_run, "--to", "tflite", "--int8", "--out", tmp_path / "p.tflite")
    assert result["file"] == str(tmp_path / "p.tflite")
    assert (result["target"], result["precision"]) == ("tflite", "int8")
    assert 0 < result["parity_mean"] <= result["parity_max"] < 0.08
    assert result["size_bytes"] < 0.5 * result["policy"]["size_bytes"]
    for latency in (result["latency_ms"], result["policy"]["latency_ms"]):
        assert 0 < latency["p50"] <= latency["p95"]
    assert result["frames"]["are_real"]
    assert Policy.load(result["file"]).metadata.precision == "int8"


def test_an_exported_policy_is_evaluated_like_any_other(finished_run, tub, result_of, tmp_path):
    out = tmp_path / "p.tflite"
    result_of("export", finished_run / "policy.onnx", "--to", "tflite", "--out", out)
    ours, exported = (result_of("evaluate", file, "--on", tub) for file in (finished_run / "policy.onnx", out))
    assert abs(ours["offline"]["steering"]["mae"] - exported["offline"]["steering"]["mae"]) < 1e-5


def test_people_are_told_sizes_and_what_to_type_next(finished_run, capsys, tmp_path):
    from copycar.cli.main import run  # noqa: PLC0415

    out = tmp_path / "p.tflite"
    assert run(["export", str(finished_run), "--to", "tflite", "--for", "donkeycar", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "the policy, fp32" in told
    assert "actions differ by at most" in told
    assert f"--type tflite_linear --model {out}" in told


def test_contradicting_wishes_are_refused(finished_run, refused, tmp_path):
    message = refused(
        "export", finished_run, "--to", "onnx", "--int8", "--precision", "fp16", "--out", tmp_path / "p.onnx"
    )
    assert "contradict each other" in message


def test_a_policy_that_is_not_there_is_named(refused, tmp_path):
    assert "no policy file" in refused("export", tmp_path / "gone.onnx", "--to", "onnx", "--out", tmp_path / "p.onnx")
