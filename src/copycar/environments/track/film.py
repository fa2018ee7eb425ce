"""All the pictures of one environment: the car's camera, the cameras beside the track, films. Knows no physics."""

from collections.abc import Sequence
from typing import Any

from copycar.core.camera import Camera
from copycar.core.errors import CopycarError, did_you_mean
from copycar.core.frame import Image
from copycar.environments.track import car, vantage
from copycar.environments.track.conditions import Conditions
from copycar.environments.track.layout import Prop
from copycar.environments.track.line import Line
from copycar.environments.track.options import TrackOptions
from copycar.environments.track.renderer import Renderer, View
from copycar.environments.track.scene import FLAT_BIT, MOVERS_BIT, OWN_CAR_BIT, Scene
from copycar.environments.track.simulation import Simulation
from copycar.environments.track.still import StillView

_FILM_VIEWS = ("follow", "above")


class Studio:
    """A renderer, the scene of the present episode, and the views on it.

    Args:
        options: picture sizes, number of cameras, renderer.
        line: the track, for where the cameras beside it stand.

    Raises:
        DeviceError: the renderer cannot start.
    """

    def __init__(self, options: TrackOptions, line: Line) -> None:
        self._options, self._line = options, line
        self._renderer = Renderer(options.renderer)
        self._cameras = vantage.beside_track(line, options)
        self._scene: Scene | None = None
        self._scene_key: tuple[Any, ...] = ()
        self._front: View | None = None
        self._beside: list[StillView] = []
        self._films: dict[tuple[int, int, str], View] = {}

    def build(self, props: Sequence[Prop], conditions: Conditions) -> None:
        """Make the scene of a new episode, unless it looks like the last one's."""
        key = (tuple(props), conditions)
        if key == self._scene_key:
            return
        self._scene_key = key
        n_cars, n_people = 1 + self._options.cars, self._options.people
        scene = Scene(self._line, self._options.road_width_m, props, conditions, n_cars, n_people)
        self._hang_views(scene, conditions)
        if self._scene:
            self._scene.close()
        self._scene = scene
        if self._beside:
            self._renderer.draw(*self._beside)
            for view in self._beside:
                view.keep_background()

    def shoot(self, simulation: Simulation) -> tuple[Image | None, list[dict[str, Any]]]:
        """Return the car's picture (None with `pictures=False`) and those of the cameras beside the track."""
        scene = self._move(simulation)
        boxes = scene.boxes() if self._beside else []
        for view in self._beside:
            view.look_at(boxes)
        front = [self._front] if self._front else []
        pictures = self._renderer.draw(*front, *self._beside)
        beside = [
            {"name": f"camera_{number}", "camera": camera, "image": image}
            for number, (camera, image) in enumerate(zip(self._cameras, pictures[len(front) :], strict=True), 1)
        ]
        return (pictures[0] if front else None), beside

    def film(self, width: int, height: int, view: str, simulation: Simulation) -> Image:
        """Return one picture for people; `view` is "follow" or "above".

        Raises:
            CopycarError: unknown view.
        """
        if view not in _FILM_VIEWS:
            raise CopycarError(f"unknown view {view!r}", fix=did_you_mean(view, _FILM_VIEWS))
        scene = self._move(simulation)
        key = (width, height, view)
        if key not in self._films:
            self._films[key] = self._film_view(scene, width, height, view)
        return self._renderer.draw(self._films[key])[0]

    def close(self) -> None:
        """Free the buffers and the scene."""
        self._renderer.close()
        if self._scene:
            self._scene.close()
        self._scene = self._front = None
        self._beside, self._films = [], {}

    def _move(self, simulation: Simulation) -> Scene:
        if self._scene is None:
            raise CopycarError("there is no scene to draw", fix="call reset() first")
        angle = -simulation.motion.wheel_steering * car.MAX_WHEEL_ANGLE_RAD
        self._scene.move(simulation.poses(), angle, simulation.people())
        return self._scene

    def _hang_views(self, scene: Scene, conditions: Conditions) -> None:
        """Make the views at the first episode; afterwards hang them into the new scene."""
        on_board = vantage.vehicle(self._options, conditions).camera(self._options.width, self._options.height)
        if self._front is None and self._options.pictures:
            self._front = self._renderer.view(scene.own_car, on_board, self._options.supersample, OWN_CAR_BIT)
        if not self._beside:
            self._beside = [self._still_view(scene, camera) for camera in self._cameras]
        if self._front:
            self._front.hang(scene.own_car, on_board)
        for still, camera in zip(self._beside, self._cameras, strict=True):
            still.hang(scene.root, camera)
        for (width, height, kind), film in self._films.items():
            film.hang(*self._film_place(scene, width, height, kind))

    def _still_view(self, scene: Scene, camera: Camera) -> StillView:
        buffer = self._renderer.buffer(camera.width_px, camera.height_px)
        n_movers = 1 + self._options.cars + self._options.people
        view = StillView(buffer, scene.root, camera, n_movers, MOVERS_BIT, FLAT_BIT)
        self._renderer.add(view)
        return view

    def _film_view(self, scene: Scene, width: int, height: int, view: str) -> View:
        parent, camera = self._film_place(scene, width, height, view)
        return self._renderer.view(parent, camera, supersample=2)

    def _film_place(self, scene: Scene, width: int, height: int, view: str) -> tuple[Any, Camera]:
        if view == "above":
            return scene.root, vantage.above(self._line, width, height)
        return scene.own_car, vantage.behind(width, height)
