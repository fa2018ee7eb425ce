"""The picture of the world: road, ground, sky and everything on it, as a Panda3D scene. Knows nothing of physics.

Ground, road and paint lie in one plane and are drawn one over the other without depth, which is exact from any
height and cannot flicker; what stands on them is drawn afterwards with depth.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (
    BitMask32,
    Geom,
    GeomEnums,
    GeomNode,
    GeomTriangles,
    GeomVertexData,
    GeomVertexFormat,
    NodePath,
    SamplerState,
    Texture,
)

from copycar.core.frame import Image
from copycar.environments.track import car, models, paint, textures
from copycar.environments.track.conditions import Conditions
from copycar.environments.track.layout import Prop, start_posts
from copycar.environments.track.line import Line
from copycar.environments.track.meshes import Light, Mesh, merged, shaded, tinted
from copycar.environments.track.physics import Pose

OWN_CAR_BIT = 1
"""Views hidden for this bit do not see the learner's own car."""

MOVERS_BIT = 2
"""Views hidden for this bit see neither cars nor people."""

FLAT_BIT = 3
"""Views hidden for this bit see neither ground, road and paint nor the sky."""

WORLD_ALPHA, MOVER_ALPHA = 0, 255
"""Alpha is not used for transparency here: in a picture it marks the pixels that are cars, people and their shadows."""

_CAR_HALVES = 0.6 * car.LENGTH_M, 0.7 * car.WIDTH_M, 0.16
"""Half the length and half the width of a box around a car, a little more than its shadow's, and the box's height."""

_PERSON_HALVES = 0.25, 0.3, models.PERSON_HEIGHT_M + 0.02
"""The same of a person."""

_VERTEX = np.dtype([("point", "<f4", 3), ("colour", "u1", 4), ("uv", "<f4", 2)])
_FLAT_LAYERS = ("sky", "ground", "road", "paint", "shadow")


class Scene:
    """Everything that can be seen in one episode.

    Args:
        line: centre line (either direction).
        road_width_m: between the outer sides of the edge lines.
        props: what stands around.
        conditions: light, colours, textures.
        n_cars: cars to show, the learner's included.
        n_people: people to show.
    """

    def __init__(
        self,
        line: Line,
        road_width_m: float,
        props: Sequence[Prop],
        conditions: Conditions,
        n_cars: int,
        n_people: int = 0,
    ) -> None:
        self.root = NodePath("world")
        self.root.setBin("unsorted", 0)  # Panda3D's own order is that of addresses in memory, another one in each run
        self._light = Light.of(
            conditions.sun_heading_rad, conditions.sun_height_rad, conditions.brightness, conditions.tint
        )
        rng = np.random.default_rng([3, conditions.look])
        self._add_flat("sky", [paint.sky()], textures.sky(rng), repeat=False)
        self._add_flat("ground", [paint.ground()], textures.ground(conditions.ground, rng))
        self._add_flat("road", paint.road(line, road_width_m), textures.asphalt(rng))
        self._add_flat("paint", paint.lines(line, road_width_m, conditions.centre_line), None)
        self._add_props(props, textures.facade(rng))
        self._add_solid([models.banner(*start_posts(line, road_width_m))], None, self.root)
        self._boxes: list[NDArray[np.float64]] = []
        self._cars = [self._add_car(index) for index in range(n_cars)]
        self._people = [self._add_person(index) for index in range(n_people)]

    @property
    def own_car(self) -> Any:
        """The learner's car: x forward, y left, z up from the ground below its centre."""
        return self._cars[0][0]

    def move(self, cars: Sequence[Pose], wheel_angle_rad: float, people: Sequence[Pose] = ()) -> None:
        """Put everything where it is; the learner's front wheels turn by `wheel_angle_rad`, positive to the left."""
        bodies = [*(body for body, _ in self._cars), *self._people]
        for body, (x, y, heading) in zip(bodies, (*cars, *people), strict=True):
            body.setPosHpr(x, y, 0, math.degrees(heading), 0, 0)
        for wheel in self._cars[0][1]:
            wheel.setH(math.degrees(wheel_angle_rad))
        self._boxes = [_box_around(pose, _CAR_HALVES) for pose in cars]
        self._boxes += [_box_around(pose, _PERSON_HALVES) for pose in people]

    def boxes(self) -> list[NDArray[np.float64]]:
        """Return the corners (8, 3) of a box around every car and person, with its shadow, where it was moved to."""
        return self._boxes

    def close(self) -> None:
        """Drop the scene, and its textures from the renderer, which would keep them."""
        for texture in self.root.findAllTextures():
            texture.releaseAll()
        self.root.removeNode()

    def _add_flat(self, layer: str, chunks: Sequence[Mesh], texture: Image | None, repeat: bool = True) -> Any:
        node = self.root.attachNewNode(_node(layer, [tinted(chunk, self._light) for chunk in chunks]))
        _lay_flat(node, layer)
        node.hide(BitMask32.bit(FLAT_BIT))
        if texture is not None:
            node.setTexture(_texture(texture, repeat))
        return node

    def _add_solid(self, meshes: Sequence[Mesh], texture: Image | None, parent: Any, alpha: int = WORLD_ALPHA) -> Any:
        node = parent.attachNewNode(_node("solid", [shaded(mesh, self._light) for mesh in meshes], alpha))
        if texture is not None:
            node.setTexture(_texture(texture, repeat=True))
        return node

    def _add_props(self, props: Sequence[Prop], facade: Image) -> None:
        plain = [prop for prop in props if prop.kind != "building"]
        for tile in _tiles(plain):
            self._add_solid([merged([models.prop_mesh(prop) for prop in tile])], None, self.root)
        buildings = [models.prop_mesh(prop) for prop in props if prop.kind == "building"]
        if buildings:
            self._add_solid(buildings, facade, self.root)

    def _add_car(self, index: int) -> tuple[Any, list[Any]]:
        colour = models.CAR_COLOURS[index % len(models.CAR_COLOURS)]
        car_node = self.root.attachNewNode("car")
        self._add_solid([models.car_body(colour)], None, car_node, MOVER_ALPHA)
        shadow = car_node.attachNewNode(_node("shadow", [tinted(models.shadow(), self._light)], MOVER_ALPHA))
        _lay_flat(shadow, "shadow")
        wheels = [self._add_solid([models.wheel()], None, car_node, MOVER_ALPHA) for _ in (-1, 1)]
        for side, wheel in zip((-1, 1), wheels, strict=True):
            wheel.setPos(car.WHEELBASE_M / 2, side * car.TRACK_WIDTH_M / 2, 0)
        car_node.hide(BitMask32.bit(MOVERS_BIT))
        if index == 0:
            car_node.hide(BitMask32.bit(OWN_CAR_BIT))
        return car_node, wheels

    def _add_person(self, index: int) -> Any:
        person = self.root.attachNewNode("person")
        shirt = models.SHIRT_COLOURS[index % len(models.SHIRT_COLOURS)]
        self._add_solid([models.person(shirt)], None, person, MOVER_ALPHA)
        shadow = person.attachNewNode(_node("shadow", [tinted(models.person_shadow(), self._light)], MOVER_ALPHA))
        _lay_flat(shadow, "shadow")
        person.hide(BitMask32.bit(MOVERS_BIT))
        return person


def _box_around(pose: Pose, halves_m: tuple[float, float, float]) -> NDArray[np.float64]:
    x, y, heading = pose
    along, across, top = halves_m
    cos_h, sin_h = math.cos(heading), math.sin(heading)
    return np.array(
        [
            (x + a * along * cos_h - b * across * sin_h, y + a * along * sin_h + b * across * cos_h, height)
            for a in (-1, 1)
            for b in (-1, 1)
            for height in (0.0, top)
        ]
    )


def _lay_flat(node: Any, layer: str) -> None:
    node.setBin("background", _FLAT_LAYERS.index(layer))
    node.setDepthTest(False)
    node.setDepthWrite(False)
    node.setTwoSided(True)


def _tiles(props: Sequence[Prop], side_m: float = 5.0) -> list[list[Prop]]:
    """Group props by place, so that Panda3D draws few pieces and skips those out of sight."""
    tiles: dict[tuple[int, int], list[Prop]] = {}
    for prop in props:
        tiles.setdefault((math.floor(prop.x_m / side_m), math.floor(prop.y_m / side_m)), []).append(prop)
    return list(tiles.values())


def _node(name: str, meshes: Sequence[Mesh], alpha: int = WORLD_ALPHA) -> Any:
    node = GeomNode(name)
    for mesh in meshes:
        node.addGeom(_geom(mesh, alpha))
    return node


def _geom(mesh: Mesh, alpha: int) -> Any:
    rows = np.zeros(len(mesh.points), _VERTEX)
    rows["point"], rows["uv"] = mesh.points, mesh.uvs
    rows["colour"][:, :3], rows["colour"][:, 3] = mesh.colours, alpha
    data = GeomVertexData("mesh", GeomVertexFormat.getV3c4t2(), GeomEnums.UHStatic)
    data.uncleanSetNumRows(len(rows))
    data.modifyArrayHandle(0).copyDataFrom(rows.tobytes())
    triangles = GeomTriangles(GeomEnums.UHStatic)
    triangles.setIndexType(GeomEnums.NTUint32)
    indices = triangles.modifyVertices(mesh.triangles.size)
    indices.uncleanSetNumRows(mesh.triangles.size)
    indices.modifyHandle().copyDataFrom(mesh.triangles.astype("<u4").tobytes())
    geom = Geom(data)
    geom.addPrimitive(triangles)
    return geom


def _texture(image: Image, repeat: bool) -> Any:
    height, width, _ = image.shape
    texture = Texture()
    texture.setup2dTexture(width, height, Texture.TUnsignedByte, Texture.FRgb)
    texture.setRamImage(np.ascontiguousarray(image[..., ::-1]).tobytes())  # Panda3D: BGR
    texture.setMinfilter(SamplerState.FTLinearMipmapLinear)
    texture.setMagfilter(SamplerState.FTLinear)
    wrap = SamplerState.WMRepeat if repeat else SamplerState.WMClamp
    texture.setWrapU(SamplerState.WMRepeat)
    texture.setWrapV(wrap)
    return texture
