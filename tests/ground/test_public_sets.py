"""WILDTRACK and MultiviewX as their makers lay them out, made small."""

import json

import cv2
import numpy as np
import pytest

from copycar.core.errors import CopycarError
from copycar.ground.calibration import Calibration
from copycar.ground.convert import convert
from copycar.ground.layouts import multiviewx, wildtrack
from copycar.ground.open_scene import open_scene
from ground.scenes import corner_camera

MATRIX = (
    "<{name} type_id='opencv-matrix'><rows>{rows}</rows><cols>{columns}</cols><dt>d</dt><data>{data}</data></{name}>"
)


def matrix(name, values):
    values = np.atleast_2d(values)
    data = " ".join(f"{value:.12g}" for value in values.ravel())
    return MATRIX.format(name=name, rows=values.shape[0], columns=values.shape[1], data=data)


def storage(*elements):
    return f"<?xml version='1.0'?><opencv_storage>{''.join(elements)}</opencv_storage>"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def people(positions):
    return [{"personID": who, "positionID": position, "views": []} for who, position in enumerate(positions)]


def test_wildtrack_becomes_a_project(tracked, tmp_path_factory):
    for path in tracked.glob("Image_subsets/*/*.png"):
        path.write_bytes(cv2.imencode(".png", np.zeros((8, 8, 3), np.uint8))[1].tobytes())
    made = tmp_path_factory.mktemp("made") / "project"
    assert convert(open_scene(tracked), made) == {"train": 9, "val": 1}
    source, project = open_scene(tracked), open_scene(made)
    assert [camera.name for camera in project.cameras] == [f"cam{number}" for number in range(1, 8)]
    assert project.moments["val"][0].truth.points_m == pytest.approx(source.moments["val"][0].truth.points_m, abs=1e-5)
    assert project.cameras[3].camera.position_m == pytest.approx(source.cameras[3].camera.position_m, abs=1e-6)


@pytest.fixture
def tracked(tmp_path):
    """A WILDTRACK of ten frames without pictures of people; every camera stands elsewhere."""
    for number, name in enumerate(wildtrack.NAMES, 1):
        calibration = corner_camera(name, 5.0 + number, 6.0, wildtrack.SIZE)
        turn, _ = cv2.Rodrigues(calibration.camera.rotation)
        rvec, tvec = (" ".join(map(str, vector.ravel())) for vector in (turn, calibration.translation_m * 100))
        write(
            tmp_path / f"calibrations/extrinsic/extr_{name}.xml",
            storage(f"<rvec> {rvec} </rvec><tvec> {tvec} </tvec>"),
        )
        write(
            tmp_path / f"calibrations/intrinsic_zero/intr_{name}.xml",
            storage(matrix("camera_matrix", calibration.camera.intrinsics), matrix("distortion_coefficients", [0] * 5)),
        )
        for frame in range(0, 50, 5):
            write(tmp_path / f"Image_subsets/C{number}/{frame:08d}.png", "")
    for frame in range(0, 50, 5):
        write(tmp_path / f"annotations_positions/{frame:08d}.json", json.dumps(people([frame, 456826])))
    return tmp_path


def test_wildtrack_positions_count_along_the_short_side_first():
    np.testing.assert_allclose(
        wildtrack.to_ground(np.array([0, 479, 480, 456826])), [(-3, -9), (8.975, -9), (-3, -8.975), (5.65, 14.775)]
    )


def test_wildtrack_is_read_in_metres(tracked):
    scene = open_scene(tracked)
    assert [camera.name for camera in scene.cameras] == list(wildtrack.NAMES)
    np.testing.assert_allclose(scene.cameras[2].camera.position_m, [8, 6, 2.4], atol=1e-6)
    assert scene.area == pytest.approx((-3, -9, 9, 27))
    assert (len(scene.moments["train"]), len(scene.moments["val"])) == (9, 1)
    assert scene.moments["val"][0].number == 45
    assert scene.moments["val"][0].pictures[6].name == "00000045.png"
    np.testing.assert_allclose(scene.moments["val"][0].truth.points_m[1], (5.65, 14.775))


def test_a_damaged_calibration_of_wildtrack_is_named(tracked):
    write(tracked / "calibrations/extrinsic/extr_CVLab3.xml", "<opencv_storage><rvec>1 2</rvec></opencv_storage>")
    with pytest.raises(CopycarError, match=r"extr_CVLab3\.xml: <rvec> should hold 3 numbers"):
        open_scene(tracked)


def test_labels_that_name_no_position_are_named(tracked):
    write(tracked / "annotations_positions/00000010.json", '[{"personID": 1}]')
    with pytest.raises(CopycarError, match=r"00000010\.json"):
        open_scene(tracked)


def test_multiviewx_positions_count_along_x():
    np.testing.assert_allclose(
        multiviewx.to_ground(np.array([0, 999, 1000, 640_000 - 1])), [(0, 0), (24.975, 0), (0, 0.025), (24.975, 15.975)]
    )


def test_the_foot_row_of_multiviewx_is_the_raw_projection(tmp_path):
    """`ymax = int(v)`: what its makers' boxes hold, and what a wrong formula misses by many pixels."""
    lens = np.array([-0.03, 0.01, 0.0, 0.0, 0.0])
    intrinsics = np.array([[900, 0, 960], [0, 900, 540], [0, 0, 1.0]])
    for name in multiviewx.NAMES:
        camera = corner_camera(name, 12.0, 3.0, multiviewx.SIZE)
        turn, _ = cv2.Rodrigues(camera.camera.rotation)
        write(
            tmp_path / f"calibrations/extrinsic/extr_{name}.xml",
            storage(matrix("rvec", turn), matrix("tvec", camera.translation_m[:, None])),
        )
        write(
            tmp_path / f"calibrations/intrinsic/intr_{name}.xml",
            storage(matrix("camera_matrix", intrinsics), matrix("distortion_coefficients", lens[None])),
        )
        write(tmp_path / "annotations_positions/00000.json", json.dumps(people([40_100, 120_080])))
    scene = open_scene(tmp_path)
    camera = scene.cameras[0]
    truth = [*scene.moments["train"], *scene.moments["val"]][0].truth
    turn, _ = cv2.Rodrigues(camera.camera.rotation)
    points = np.column_stack([truth.points_m, [0, 0]])
    expected, _ = cv2.projectPoints(points, turn, camera.translation_m, intrinsics, lens)
    np.testing.assert_allclose(camera.project_raw(truth.points_m), expected.reshape(-1, 2))
    assert isinstance(camera, Calibration)
    np.testing.assert_allclose(truth.points_m, [(2.5, 1.0), (2.0, 3.0)])
