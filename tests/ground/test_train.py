"""From a project to a detector, its figures and its files."""

import json
import shutil

import av
import h5py
import numpy as np
import pytest
import torch

from copycar.core.errors import CopycarError
from copycar.ground.detector import Detector
from copycar.ground.evaluation_file import mean_maps, read_evaluation
from copycar.ground.follow import follow
from copycar.ground.frames import FrameReader
from copycar.ground.open_scene import open_scene
from copycar.ground.pictures import read_picture
from copycar.ground.plan import Plan
from copycar.ground.settings import GroundSettings
from copycar.ground.train import GroundTrainer, detector_of
from copycar.ground.validate import evaluation_path, validate
from copycar.ground.visualize import visualize
from copycar.learning.run import Run
from ground.scenes import make_project

QUICK = GroundSettings(epochs=4, cell_m=0.1, width_px=64, precision="fp32", threads=1, learning_rate=5e-3)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return make_project(tmp_path_factory.mktemp("train") / "project", n_train=24, n_val=6, n_things=2)


@pytest.fixture(scope="module")
def trained(project):
    return GroundTrainer(project, QUICK).train()


@pytest.mark.slow
def test_it_learns_to_find_red_squares(tmp_path):
    project = make_project(tmp_path / "project", n_train=30, n_val=8, n_things=2)
    settings = QUICK.model_copy(update={"epochs": 6, "augmentation": "off"})
    score = GroundTrainer(project, settings).train().score
    assert score.moda > 0.9
    assert score.mean_error_m < 0.06


@pytest.mark.slow
def test_a_run_in_the_project_holds_the_detector_and_its_figures(project, trained):
    folder = project / "2-training/weights/model"
    assert trained.detector == folder / "detector.pt"
    described = json.loads((folder / "run.json").read_text())
    assert (described["task"], described["state"]) == ("ground", "done")
    assert len(Run.open(folder).epochs()) == 4
    detector = Detector.load(detector_of(open_scene(project)))
    assert detector.settings.threshold == trained.threshold
    assert detector.settings.match_m == 0.15


@pytest.mark.slow
def test_validation_gives_the_figures_of_the_training_again(project, trained):
    scene = open_scene(project)
    result = validate(scene, Detector.load(trained.detector), evaluation_path(scene))
    assert result.score.n_truths == trained.score.n_truths
    assert result.score.moda == pytest.approx(trained.score.moda)
    assert (
        result.score.mean_error_m == pytest.approx(trained.score.mean_error_m, abs=1e-6) or not result.score.n_matched
    )


@pytest.mark.slow
def test_the_evaluation_file_is_laid_out_as_marmot_reads_it(project, trained, tmp_path):
    scene = open_scene(project)
    detector = Detector.load(trained.detector)
    detector.settings = detector.settings.__class__(**{**vars_of(detector.settings), "threshold": 0.02})
    path = tmp_path / "model_evaluation.hdf5"
    validate(scene, detector, path)
    with h5py.File(path) as file:
        ends, cells = file["evaluation/NbDetection"][:], file["evaluation/Detections"][:]
        assert ends[0] == 0
        assert len(ends) == 6 + 1
        assert ends[-1] == len(cells) == len(file["evaluation/DetectionsConf"]) > 0
        assert file["heatmaps/pred_0"].shape == (7, 20, 30)
        assert not file["heatmaps/pred_0"][0].any()
        assert file["heatmaps/pred_0"][6].any()
        assert file["heatmaps/framepred_0_v3"].shape == (7, 12, 16)
        assert file["heatmaps/Nbpred_0"][0] == 6
    evaluation = read_evaluation(path)
    assert evaluation.frames.tolist() == list(range(6))
    np.testing.assert_allclose(
        evaluation.grid.cells(np.concatenate([found.points_m for found in evaluation.detections])), cells, atol=1e-4
    )
    assert mean_maps(path)["pred_0"].shape == (20, 30)


def vars_of(settings):
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


@pytest.mark.slow
def test_a_resumed_training_ends_where_an_uninterrupted_one_ends(project, trained, tmp_path):
    trainer = GroundTrainer(project, QUICK, out=tmp_path / "run")

    def stop(epoch):
        if epoch.number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.train(on_epoch=stop)
    assert Run.open(tmp_path / "run").describe()["state"] == "interrupted"
    resumed = GroundTrainer.resume(tmp_path / "run").train()
    ours, theirs = (Detector.load(path).network.state_dict() for path in (resumed.detector, trained.detector))
    for name in ours:
        torch.testing.assert_close(ours[name], theirs[name])


@pytest.mark.slow
def test_a_training_does_not_go_on_with_other_pictures(project, tmp_path):
    mine = shutil.copytree(project, tmp_path / "mine")
    trainer = GroundTrainer(mine, QUICK, out=tmp_path / "run")

    def stop(epoch):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.train(on_epoch=stop)
    pictures = mine / "1-annotation/train/cam1"
    shutil.copy(pictures / "cam1_0.png", pictures / "cam1_1.png")
    with pytest.raises(CopycarError, match="not as it was when this training began"):
        GroundTrainer.resume(tmp_path / "run").train()


@pytest.mark.slow
def test_the_large_network_is_trained_and_read_back(project, tmp_path):
    settings = QUICK.model_copy(update={"backbone": "large", "epochs": 1})
    trained = GroundTrainer(project, settings, out=tmp_path / "run").train()
    again = Detector.load(trained.detector)
    assert again.network.backbone == "large"
    assert sum(parameter.numel() for parameter in again.network.parameters()) > 10 * 94_496
    scene = open_scene(project)
    assert validate(scene, again, tmp_path / "found.hdf5").score.n_moments == trained.score.n_moments


@pytest.mark.slow
def test_every_camera_is_told_how_much_of_what_it_sees_was_found(project, trained, tmp_path):
    scene = open_scene(project)
    validation = validate(scene, Detector.load(trained.detector), tmp_path / "found.hdf5")
    assert list(validation.cameras) == ["cam1", "cam2", "cam3", "cam4"]
    for counts in validation.cameras.values():
        assert 0 <= counts["n_matched"] <= counts["n_truths"] <= validation.score.n_truths


@pytest.mark.slow
def test_what_was_found_is_filmed_and_drawn(project, trained, tmp_path):
    scene = open_scene(project)
    path = tmp_path / "model_evaluation.hdf5"
    validate(scene, Detector.load(trained.detector), path)
    files = visualize(scene, path, tmp_path / "drawn")
    assert sorted(files) == ["cameras", "ground", "heat", "heat cam1", "heat cam2", "heat cam3", "heat cam4"]
    for name, size in {"ground": Plan.fitting(scene.area, 960).size, "cameras": (96, 128)}.items():
        with av.open(str(files[name])) as film:
            frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        assert len(frames) == 6
        assert frames[0].shape[:2] == size
    assert read_picture(files["heat cam1"]).shape == (48, 64, 3)


def test_films_of_frames_that_are_gone_are_refused(project, trained, tmp_path):
    path = tmp_path / "model_evaluation.hdf5"
    validate(open_scene(project), Detector.load(trained.detector), path)
    with pytest.raises(CopycarError, match="other frames"):
        visualize(open_scene(make_project(tmp_path / "other", n_train=1, n_val=2)), path)


@pytest.mark.slow
def test_everything_is_followed_through_the_frames(project, trained):
    following = follow(open_scene(project), Detector.load(trained.detector), "val")
    assert len(following.moments) == 6
    assert following.score is not None
    assert following.score.n_identities == 2


@pytest.mark.slow
def test_another_rig_with_fewer_cameras_can_be_looked_at(project, trained, tmp_path):
    other = make_project(tmp_path / "other", n_train=1, n_val=2, seed=9)
    (other / "0-calibration/calibs/cam2.json").unlink()
    scene = open_scene(other)
    detector = Detector.load(trained.detector)
    rig = detector.rig(scene)
    finding = detector.find(rig, FrameReader(scene.cameras, rig.size).read(scene.moments["val"][0]))
    assert finding.view_heat.shape[0] == 3
    assert finding.heat.shape == rig.shape


def test_a_project_without_labels_is_refused(tmp_path):
    project = make_project(tmp_path / "project", n_train=2, n_val=0)
    for path in (project / "1-annotation/labels/train").iterdir():
        path.unlink()
    with pytest.raises(CopycarError, match="no usable train frames"):
        GroundTrainer(project, QUICK).load()


def test_no_detector_says_how_to_make_one(project, tmp_path):
    with pytest.raises(CopycarError, match="no detector") as error:
        detector_of(open_scene(project), tmp_path / "nothing")
    assert "copycar ground train" in error.value.fix


@pytest.mark.parametrize("content", [b"", b"torn", "state"])
def test_a_damaged_detector_is_named(tmp_path, content):
    path = tmp_path / "detector.pt"
    if content == "state":
        torch.save({"format": 1, "network": {}, "settings": {}}, path)
    else:
        path.write_bytes(content)
    with pytest.raises(CopycarError, match=r"detector\.pt"):
        Detector.load(path)


def test_a_run_of_something_else_is_not_gone_on_with(tmp_path):
    Run.create(tmp_path / "run", "linear").update(network="linear")
    with pytest.raises(CopycarError, match="holds no training of a detector"):
        GroundTrainer.resume(tmp_path / "run")
