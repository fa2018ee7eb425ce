"""Triangles with colours as arrays: boxes, cones, ribbons. Knows nothing of what they depict or of Panda3D."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Mesh:
    """A set of triangles.

    Attributes:
        points: (V, 3) metres.
        colours: (V, 3) RGB 0 … 255.
        uvs: (V, 2) texture coordinates.
        triangles: (T, 3) rows of `points`, counter-clockwise seen from outside.
    """

    points: Array
    colours: Array
    uvs: Array
    triangles: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Light:
    """Where light comes from and what colour it has.

    Attributes:
        to_sun: (3,) unit vector.
        colour: (r, g, b) factors; 1 is a clear day.
    """

    to_sun: Array
    colour: Rgb

    @classmethod
    def of(cls, heading_rad: float, height_rad: float, brightness: float, tint: Rgb) -> "Light":
        """Return the light of a sun at `heading_rad` and `height_rad` above the horizon."""
        flat = math.cos(height_rad)
        to_sun = np.array([flat * math.cos(heading_rad), flat * math.sin(heading_rad), math.sin(height_rad)])
        return cls(to_sun, (brightness * tint[0], brightness * tint[1], brightness * tint[2]))


def merged(meshes: Sequence[Mesh]) -> Mesh:
    """Return one mesh of all."""
    starts = np.cumsum([0, *(len(mesh.points) for mesh in meshes)])
    return Mesh(
        np.concatenate([mesh.points for mesh in meshes]),
        np.concatenate([mesh.colours for mesh in meshes]),
        np.concatenate([mesh.uvs for mesh in meshes]),
        np.concatenate(
            [mesh.triangles + np.uint32(start) for mesh, start in zip(meshes, starts[:-1].tolist(), strict=True)]
        ),
    )


def moved(mesh: Mesh, x: float, y: float, z: float = 0.0, heading_rad: float = 0.0) -> Mesh:
    """Return the mesh turned about Z, then shifted."""
    cos_h, sin_h = math.cos(heading_rad), math.sin(heading_rad)
    turn = np.array([[cos_h, -sin_h, 0.0], [sin_h, cos_h, 0.0], [0.0, 0.0, 1.0]])
    return replace(mesh, points=mesh.points @ turn.T + (x, y, z))


def shaded(mesh: Mesh, light: Light, ambient: float = 0.62) -> Mesh:
    """Return the mesh with its light baked into the colours: flat faces, matt, no shadows.

    Every triangle's vertices must be its face's own (as all solids here are made).
    """
    corners = mesh.points[mesh.triangles]  # (T, 3 corners, 3)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    strength = ambient + (1.1 - ambient) * np.clip(normal @ light.to_sun, 0, 1)
    colours = mesh.colours.copy()
    colours[mesh.triangles] *= strength[:, None, None]
    return tinted(replace(mesh, colours=colours), light)


def tinted(mesh: Mesh, light: Light) -> Mesh:
    """Return the mesh with its colours multiplied by the light's, as befits what lies flat or shines."""
    return replace(mesh, colours=np.clip(mesh.colours * light.colour, 0, 255))


def solid(corners: ArrayLike, faces: Sequence[Sequence[int]], colour: Rgb, face_uvs: ArrayLike | None = None) -> Mesh:
    """Return a body of flat faces.

    Args:
        corners: (C, 3) metres.
        faces: convex faces as rows of `corners`, counter-clockwise from outside.
        colour: RGB 0 … 255.
        face_uvs: (F, 4, 2) texture coordinates for four-cornered faces.
    """
    at = np.asarray(corners, dtype=np.float64)
    points = at[[corner for face in faces for corner in face]]
    starts = np.cumsum([0, *(len(face) for face in faces)])
    fans = [
        (start, start + step, start + step + 1)
        for start, face in zip(starts.tolist(), faces, strict=False)
        for step in range(1, len(face) - 1)
    ]
    uvs = np.zeros((len(points), 2)) if face_uvs is None else np.asarray(face_uvs, dtype=np.float64).reshape(-1, 2)
    return Mesh(points, np.tile(np.array(colour, dtype=np.float64), (len(points), 1)), uvs, np.array(fans, np.uint32))


def box(size: ArrayLike, colour: Rgb, foot_z: float = 0.0, uv_per_m: float = 0.0) -> Mesh:
    """Return a box of `size` (length x, width y, height z), centred in x and y, standing at `foot_z`; no bottom."""
    length, width, height = np.asarray(size, dtype=np.float64)
    x, y, low, high = length / 2, width / 2, foot_z, foot_z + height
    ring = [(x, -y), (x, y), (-x, y), (-x, -y)]
    corners = [(*corner, low) for corner in ring] + [(*corner, high) for corner in ring]
    faces = [(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7)]
    widths = [width, length, width, length]
    sides = [[(0, 0), (w, 0), (w, height), (0, height)] for w in widths]
    return solid(corners, faces, colour, np.array([*sides, [(0, 0)] * 4]) * uv_per_m)


def frustum(bottom_m: float, top_m: float, low: float, high: float, colour: Rgb, sides: int = 6) -> Mesh:
    """Return a drum of radii `bottom_m`, `top_m` between heights `low` and `high`, open at both ends."""
    angle = np.arange(sides) * (2 * math.pi / sides)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    corners = np.vstack(
        [
            np.column_stack([circle * bottom_m, np.full(sides, low)]),
            np.column_stack([circle * top_m, np.full(sides, high)]),
        ]
    )
    around = [(k, (k + 1) % sides, sides + (k + 1) % sides, sides + k) for k in range(sides)]
    return solid(corners, around, colour)


def cone(radius_m: float, low: float, high: float, colour: Rgb, sides: int = 6) -> Mesh:
    """Return a cone with its tip at `high`, open below."""
    angle = np.arange(sides) * (2 * math.pi / sides)
    foot = np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle), np.full(sides, low)])
    return solid(np.vstack([foot, [0, 0, high]]), [(k, (k + 1) % sides, sides) for k in range(sides)], colour)


def ribbon(left: Array, right: Array, colour: Rgb, us: tuple[float, float], vs: Array, z: float = 0.0) -> Mesh:
    """Return the flat strip between two open lines (N, 2); textures run `us` across and `vs` (N,) along."""
    count = len(left)
    flat = np.vstack([left, right])
    points = np.column_stack([flat, np.full(2 * count, z)])
    uvs = np.column_stack([np.repeat(us, count), np.tile(vs, 2)])
    row = np.arange(count - 1, dtype=np.uint32)
    one = np.column_stack([row, row + count, row + count + 1])
    two = np.column_stack([row, row + count + 1, row + 1])
    colours = np.tile(np.array(colour, dtype=np.float64), (2 * count, 1))
    return Mesh(points, colours, uvs, np.vstack([one, two]).astype(np.uint32))
