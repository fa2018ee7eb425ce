import pytest

from copycar.cli.main import run
from donkeycar_files import layers_of, weights_of, write_h5


@pytest.fixture
def pilot(tmp_path):
    layers = layers_of("categorical")
    return write_h5(tmp_path / "pilot.h5", layers, weights_of(layers))


def test_a_donkeycar_pilot_becomes_a_run(pilot, result_of, tmp_path):
    result = result_of("import-weights", pilot, "--throttle-range", "0.5", "--out", tmp_path / "run")
    assert result["policy"] == str(tmp_path / "run/policy.onnx")
    assert result["type"] == "categorical"
    assert result["options"] == {"least_throttle": 0.0, "most_throttle": 0.475, "decide": "highest"}
    assert result["parity_max"] < 1e-5
    (listed,) = result_of("runs", tmp_path / "run")
    assert (listed["network"], listed["state"]) == ("categorical", "done")


def test_people_are_told_how_to_go_on(pilot, capsys, tmp_path):
    assert run(["import-weights", str(pilot), "--out", str(tmp_path / "run")]) == 0
    told = capsys.readouterr().out
    assert "last throttle bin drives 0.76" in told
    assert f"--network.decide highest --transfer {tmp_path / 'run'}" in told


def test_a_run_is_not_written_over(pilot, result_of, refused, tmp_path):
    result_of("import-weights", pilot, "--out", tmp_path / "run")
    assert "holds a run already" in refused("import-weights", pilot, "--out", tmp_path / "run")
