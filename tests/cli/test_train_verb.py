import shutil
from pathlib import Path

from copycar.cli.main import run


def test_json_is_one_object_with_the_binding_keys(result_of, tub, in_empty_folder):
    result = result_of("train", tub, "--epochs", "1", "--out", "my run")
    assert result.keys() >= {"run", "policy", "epochs", "images_per_s", "offline"}
    assert result["offline"]["steering"].keys() >= {"mae", "baseline_mean_mae", "baseline_last_mae"}
    assert result["run"] == "my run"
    assert Path(result["policy"]).is_file()
    assert result["epochs"] == 1


def test_people_read_the_error_beside_its_baselines_and_what_to_do_next(tub, finished_run, in_empty_folder, capsys):
    assert run(["train", str(tub), "--epochs", "1", "--transfer", str(finished_run), "--out", "my run"]) == 0
    out, err = capsys.readouterr()
    for column in ("policy", "guess the mean", "repeat the last"):
        assert column in out
    assert "copycar evaluate 'my run/policy.onnx' --on oval" in out  # one line, to be pasted
    assert "160 frames of 64x48" in err
    assert "epoch   1" in err
    assert "None" not in out + err


def test_a_second_training_in_the_same_folder_is_refused(refused, tub, finished_run):
    message = refused("train", tub, "--out", finished_run)
    assert "holds a run already" in message
    assert f"--resume --out {finished_run}" in message


def test_a_folder_that_is_no_tub_is_refused_in_words(refused, in_empty_folder, tub):
    Path("empty").mkdir()
    assert "empty is not a tub" in refused("train", "empty")
    shutil.copytree(tub, "tubs/monday")
    message = refused("train", "tubs")
    assert "tubs/monday" in message  # it holds one: that is what was meant
    assert not Path("runs").exists()


def test_a_pattern_trains_on_all_its_tubs(result_of, tub, in_empty_folder):
    for name in ("monday", "tuesday"):
        shutil.copytree(tub, f"data/{name}")
    result_of("train", "data/*", "--epochs", "1", "--out", "run")
    assert '"frames": 320' in Path("run/run.json").read_text()


def test_a_torn_tub_trains_and_says_what_was_repaired(tub, in_empty_folder, capsys):
    shutil.copytree(tub, "torn", copy_function=shutil.copyfile)
    catalog = sorted(Path("torn").glob("*.catalog"))[-1]
    catalog.write_bytes(catalog.read_bytes()[:-30])
    assert run(["train", "torn", "--epochs", "1", "--out", "run"]) == 0
    err = capsys.readouterr().err
    assert "note: torn" in err
    assert "159 frames" in err


def test_a_network_that_needs_larger_pictures_says_so(refused, tub):
    assert "64x48 are too small" in refused("train", tub, "--type", "linear")
    assert not Path("runs").exists()


def test_a_device_that_is_not_there_is_refused(refused, tub, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert "torch finds no cuda" in refused("train", tub, "--device", "cuda")


def test_a_diverging_training_says_what_to_lower(refused, tub):
    assert "--learning-rate" in refused("train", tub, "--learning-rate", "1e30", "--epochs", "2")


def test_a_finished_run_can_be_gone_on_with_and_says_the_same(result_of, tub, in_empty_folder):
    first = result_of("train", tub, "--epochs", "1", "--out", "run")
    again = result_of("train", "--resume", "--out", "run")
    assert again["offline"] == first["offline"]
    assert again["epochs"] == 1
