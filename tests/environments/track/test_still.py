"""Drawing only where cars are gives the picture that drawing everything gives."""

import numpy as np

from copycar.environments.track.environment import TrackEnvironment


def test_still_cameras_show_what_drawing_everything_shows() -> None:
    environment = TrackEnvironment("oval", cameras=4, cars=3, pictures=False)
    environment.reset(seed=0)
    for _ in range(30):
        *_, info = environment.step([0.1, 0.4])
    studio = environment._studio
    assert studio is not None
    scene, renderer = studio._scene, studio._renderer
    assert scene is not None
    for shot in info["cameras"]:
        everything = renderer.draw(renderer.view(scene.root, shot["camera"]))[0]
        differs = np.abs(everything.astype(int) - shot["image"]).max(axis=2) > 8
        assert differs.mean() < 5e-4  # a few pixels on edges round differently
    environment.close()


def test_pictures_change_only_where_cars_are() -> None:
    environment = TrackEnvironment("oval", cameras=1, pictures=False, scenery=False)
    _, first = environment.reset(seed=0, options={"speed_mps": 2.0})
    for _ in range(10):
        *_, later = environment.step([0.0, 0.5])
    environment.close()
    changed = (first["cameras"][0]["image"] != later["cameras"][0]["image"]).any(axis=2)
    assert 0 < changed.mean() < 0.05
