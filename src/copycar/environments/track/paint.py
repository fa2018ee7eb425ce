"""What lies flat or far away, as meshes: ground, road, its lines, the sky. Knows nothing of Panda3D."""

import math

import numpy as np

from copycar.environments.track.line import Line
from copycar.environments.track.meshes import Array, Mesh, Rgb, merged, ribbon

LINE_WIDTH_M = 0.06
_DASH_M, _GAP_M = 0.3, 0.25
_STEP = 3  # every third point of the line, 15 cm apart: bends still look round
_CHUNK = 20  # steps per piece: Panda3D skips the pieces out of sight
_GROUND_M, _SKY_RADIUS_M = 90.0, 85.0
_WHITE: Rgb = (244, 244, 240)
_CENTRE_COLOURS: dict[str, Rgb] = {"yellow": (250, 204, 40), "white": _WHITE}


def road(line: Line, width_m: float) -> list[Mesh]:
    """Return the road's surface in pieces; one texture tile per metre."""
    return [
        _strip(line, -width_m / 2, width_m / 2, chunk, (255, 255, 255)) for chunk in _chunks(_rows(line, _STEP), _CHUNK)
    ]


def lines(line: Line, width_m: float, centre: str) -> list[Mesh]:
    """Return the paint on the road in pieces: edge lines, centre dashes, the chequered start line.

    Args:
        line: the centre line.
        width_m: between the outer sides of the edge lines.
        centre: "yellow", "white" or "none".
    """
    edge = width_m / 2
    chunks = _chunks(_rows(line, _STEP), _CHUNK)
    painted = [
        [_strip(line, side, side + LINE_WIDTH_M, chunk, _WHITE) for side in (-edge, edge - LINE_WIDTH_M)]
        for chunk in chunks
    ]
    dashes = _dashes(line, _CENTRE_COLOURS[centre]) if centre != "none" else []
    for number, dash in enumerate(dashes):
        painted[number * len(chunks) // len(dashes)].append(dash)
    return [merged(piece) for piece in painted] + [merged(_start_line(line, width_m))]


def ground() -> Mesh:
    """Return the ground to the horizon, brighter with distance; one texture tile per 1.5 m."""
    radii = np.array([0.0, 6.0, 14.0, 26.0, 45.0, _GROUND_M])
    haze = np.array([220.0, 220.0, 222.0, 228.0, 240.0, 255.0])
    rings = [np.column_stack([_circle() * radius]) for radius in radii]
    return _rings(rings, [0.0] * len(radii), haze, [ring / 1.5 for ring in rings])


def sky() -> Mesh:
    """Return the sky as a tall drum with a lid; its texture starts at the horizon and goes round twice."""
    heights = [-2.0, 0.0, 15.0, 40.0, 90.0]
    vs = [0.0, 0.0, 0.3, 0.7, 1.0]
    circle = _circle()
    rings = [circle * (_SKY_RADIUS_M if height < 60 else 20.0) for height in heights]
    around = np.linspace(0, 2, len(circle))
    uvs = [np.column_stack([around, np.full(len(circle), v)]) for v in vs]
    return _rings(rings, heights, np.full(len(heights), 255.0), uvs)


def _circle(sides: int = 32) -> Array:
    angle = np.linspace(0, 2 * math.pi, sides + 1)  # the first point again at the end: textures need it
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _rings(rings: list[Array], heights: list[float], greys: Array, uvs: list[Array]) -> Mesh:
    """Join circles of equal point counts into a surface."""
    count = len(rings[0])
    points = np.vstack([np.column_stack([ring, np.full(count, z)]) for ring, z in zip(rings, heights, strict=True)])
    colours = np.repeat(np.repeat(greys, count)[:, None], 3, axis=1)
    row = np.arange(count - 1)
    quads = [
        (base + row, base + row + 1, base + row + count, base + row + count + 1)
        for base in range(0, count * (len(rings) - 1), count)
    ]
    triangles = [np.column_stack([a, b, d]) for a, b, c, d in quads] + [
        np.column_stack([a, d, c]) for a, b, c, d in quads
    ]
    return Mesh(points, colours, np.vstack(uvs), np.vstack(triangles).astype(np.uint32))


def _rows(line: Line, step: int) -> Array:
    """Arc lengths every `step` points, and the start again at the end."""
    return np.append(np.arange(0, len(line.points), step) * line.spacing_m, line.length_m)


def _chunks(arcs: Array, size: int) -> list[Array]:
    return [arcs[start : start + size + 1] for start in range(0, len(arcs) - 1, size)]


def _strip(line: Line, left_m: float, right_m: float, arcs: Array, colour: Rgb) -> Mesh:
    """A strip along the line between two offsets (positive right)."""
    left = np.array([line.at(arc, left_m)[:2] for arc in arcs.tolist()])
    right = np.array([line.at(arc, right_m)[:2] for arc in arcs.tolist()])
    return ribbon(left, right, colour, (left_m, right_m), arcs)


def _dashes(line: Line, colour: Rgb) -> list[Mesh]:
    count = round(line.length_m / (_DASH_M + _GAP_M))
    period = line.length_m / count
    half = LINE_WIDTH_M / 2
    return [_strip(line, -half, half, np.linspace(k * period, k * period + _DASH_M, 4), colour) for k in range(count)]


def _start_line(line: Line, width_m: float) -> list[Mesh]:
    cells, cell_m = [], 0.1
    columns = round(width_m / cell_m)
    for row in range(2):
        for column in range(columns):
            colour: Rgb = _WHITE if (row + column) % 2 else (20, 20, 22)
            left = -width_m / 2 + column * width_m / columns
            arcs = np.array([(row - 1) * cell_m, row * cell_m])
            cells.append(_strip(line, left, left + width_m / columns, arcs, colour))
    return cells
