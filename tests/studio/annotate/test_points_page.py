"""Floor points are clicked in a real browser, and calibrate the cameras."""

import json
import shutil
from typing import Any

import numpy as np
import pytest

from copycar.ground.calibrating.floor_points import read_points
from copycar.ground.layouts.calibration_json import read_calibration

pytestmark = pytest.mark.slow
FLOOR = [(-1.0, -0.5), (1.0, -0.5), (1.0, 0.5), (-1.0, 0.5)]


def click(page: Any, camera: str, pixel: list[float]) -> None:
    image = page.locator(f'[data-view="{camera}"]')
    box = image.bounding_box()
    scale = box["width"] / image.locator("img").evaluate("image => image.naturalWidth")
    page.mouse.click(box["x"] + (pixel[0] + 0.5) * scale, box["y"] + (pixel[1] + 0.5) * scale)


def test_clicked_points_calibrate_a_camera(browser, serve, project, tmp_path):
    mine = shutil.copytree(project, tmp_path / "project")
    stills = tmp_path / "stills"
    stills.mkdir()
    for number in range(1, 5):
        shutil.copy(mine / f"1-annotation/train/cam{number}/cam{number}_0.png", stills / f"cam{number}.png")
    path = mine / "0-calibration/calibs/cam2.json"
    true = read_calibration(path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "R": np.eye(3).tolist(), "T": [0.0, 0.0, 300.0]}))
    server = serve("ground", "calibrate", str(mine), "--click", "--pictures", str(stills))
    context = browser.new_context(viewport={"width": 1500, "height": 950})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(server.link)
    page.wait_for_function("[...document.querySelectorAll('.view img')].every(i => i.complete && i.naturalWidth > 0)")
    for x, y in FLOOR:
        page.get_by_label("x in metres").fill(str(x))
        page.get_by_label("y in metres").fill(str(y))
        page.get_by_role("button", name="this point").click()
        page.locator(".said", has_text="now click").wait_for()
        click(page, "cam2", true.project_raw([(x, y)])[0].tolist())
        page.locator(".said", has_text="in cam2").wait_for()
    assert len(read_points(mine / "0-calibration/points.csv")["cam2"].pixels) == 4
    page.get_by_role("button", name="calibrate").click()
    page.locator(".said", has_text="wrote cam2.json").wait_for()
    assert read_calibration(path).camera.position_m == pytest.approx(true.camera.position_m, abs=0.05)
    context.close()
