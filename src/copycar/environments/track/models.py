"""What things look like: trees, cones, buildings, cars, people, the start banner, as meshes.

Knows nothing of where they stand.

Models stand on z = 0 around the origin, x forward.
"""

import numpy as np

from copycar.environments.track import car
from copycar.environments.track.layout import Prop
from copycar.environments.track.meshes import Mesh, Rgb, box, cone, frustum, merged, moved

_WALLS: list[Rgb] = [(226, 200, 170), (200, 120, 96), (240, 236, 224), (150, 170, 190), (214, 190, 120)]
_LEAVES: list[Rgb] = [(70, 120, 50), (92, 134, 56), (56, 104, 60), (128, 140, 60)]
_FIRS: list[Rgb] = [(40, 84, 56), (50, 96, 60), (34, 74, 52)]
CAR_COLOURS: list[Rgb] = [(206, 44, 40), (36, 92, 190), (240, 190, 40), (60, 160, 80), (230, 230, 235), (120, 60, 150)]
"""Paint of the cars; the learner's is the first."""


SHIRT_COLOURS: list[Rgb] = [
    (230, 226, 216),
    (190, 60, 120),
    (50, 110, 120),
    (240, 140, 50),
    (90, 90, 100),
    (120, 160, 60),
]
"""What people wear."""

PERSON_HEIGHT_M = 1.7


def prop_mesh(prop: Prop) -> Mesh:
    """Return what stands at `prop`, in place. Buildings' walls carry texture coordinates, others none."""
    models = {"building": _building, "tree": _tree, "fir": _fir, "cone": _cone, "post": _post}
    return moved(models[prop.kind](prop), prop.x_m, prop.y_m, 0.0, prop.heading_rad)


def car_body(paint: Rgb) -> Mesh:
    """Return a small touring car without its front wheels."""
    length, width = car.LENGTH_M, car.WIDTH_M
    dark: Rgb = (34, 34, 38)
    parts = [
        box((length, width, 0.05), paint, 0.028),
        box((0.17, width * 0.86, 0.055), dark, 0.078),  # windows
        moved(box((0.13, width * 0.8, 0.012), paint, 0.133), -0.005, 0),  # roof
        moved(box((0.02, width * 0.96, 0.006), dark, 0.128), -length / 2 + 0.02, 0),  # rear wing
        moved(box((0.012, width * 0.7, 0.05), dark, 0.078), -length / 2 + 0.02, 0),
        moved(box((0.01, width * 0.8, 0.018), (250, 246, 210), 0.048), length / 2, 0),  # head lights
        moved(box((0.01, width * 0.8, 0.018), (190, 20, 20), 0.05), -length / 2, 0),
    ]
    rear = [moved(wheel(), -car.WHEELBASE_M / 2, side * car.TRACK_WIDTH_M / 2) for side in (-1, 1)]
    return merged([*parts, *rear])


def wheel() -> Mesh:
    """Return one wheel, standing at the origin."""
    return box((2 * car.WHEEL_RADIUS_M, 0.035, 2 * car.WHEEL_RADIUS_M), (26, 26, 28))


def shadow() -> Mesh:
    """Return the dark patch under a car, slightly larger than the car."""
    return box((car.LENGTH_M * 1.08, car.WIDTH_M * 1.25, 0.0), (28, 28, 30))


def person(shirt: Rgb) -> Mesh:
    """Return a person in mid-stride, 1.7 m tall."""
    trousers: Rgb = (44, 52, 78)
    skin: Rgb = (206, 160, 128)
    legs = [moved(box((0.15, 0.13, 0.82), trousers), side * 0.1, side * 0.08) for side in (-1, 1)]
    arms = [moved(box((0.1, 0.09, 0.6), shirt, 0.8), -side * 0.06, side * 0.24) for side in (-1, 1)]
    body = [box((0.22, 0.38, 0.6), shirt, 0.82), frustum(0.09, 0.1, 1.44, PERSON_HEIGHT_M, skin)]
    hair = box((0.19, 0.19, 0.04), (60, 44, 34), PERSON_HEIGHT_M - 0.04)
    return merged([*legs, *arms, *body, hair])


def person_shadow() -> Mesh:
    """Return the dark patch under a person."""
    return box((0.42, 0.46, 0.0), (28, 28, 30))


def banner(left: Prop, right: Prop) -> Mesh:
    """Return the chequered board between the posts of the start gate."""
    from_point, to_point = np.array([left.x_m, left.y_m]), np.array([right.x_m, right.y_m])
    columns, rows, foot, cell_z = 16, 2, 0.58, 0.075
    heading = float(np.arctan2(*(to_point - from_point)[::-1]))
    cell_x = float(np.hypot(*(to_point - from_point))) / columns
    cells = []
    for column in range(columns):
        x, y = (from_point + (to_point - from_point) * ((column + 0.5) / columns)).tolist()
        for row in range(rows):
            colour: Rgb = (245, 245, 245) if (row + column) % 2 else (22, 22, 24)
            cells.append(moved(box((cell_x, 0.03, cell_z), colour, foot + row * cell_z), x, y, 0.0, heading))
    return merged(cells)


def _picked(choices: list[Rgb], prop: Prop) -> Rgb:
    return choices[int(prop.variant * len(choices))]


def _building(prop: Prop) -> Mesh:
    length, width, height = prop.size_m
    walls = box((length, width, height), _picked(_WALLS, prop), uv_per_m=0.9)
    roof = box((length * 1.06, width * 1.06, 0.06), (122, 74, 62) if prop.variant < 0.6 else (96, 98, 104), height)
    return merged([walls, roof])


def _tree(prop: Prop) -> Mesh:
    width, _, height = prop.size_m
    leaf = _picked(_LEAVES, prop)
    trunk = frustum(0.05 * height, 0.04 * height, 0.0, 0.45 * height, (104, 78, 54), 4)
    crown = [
        frustum(0.2 * width, 0.5 * width, 0.33 * height, 0.55 * height, leaf),
        frustum(0.5 * width, 0.42 * width, 0.55 * height, 0.78 * height, leaf),
        cone(0.42 * width, 0.78 * height, height, leaf),
    ]
    return merged([trunk, *crown])


def _fir(prop: Prop) -> Mesh:
    width, _, height = prop.size_m
    needles = _picked(_FIRS, prop)
    trunk = frustum(0.04 * height, 0.04 * height, 0.0, 0.25 * height, (92, 68, 48), 4)
    tiers = [(0.5, 0.2, 0.55), (0.4, 0.42, 0.78), (0.28, 0.65, 1.0)]
    return merged([trunk, *(cone(r * width, low * height, high * height, needles) for r, low, high in tiers)])


def _cone(prop: Prop) -> Mesh:
    height, orange = prop.size_m[2], (240, 104, 30)
    return merged(
        [
            box((0.13, 0.13, 0.012), orange),
            frustum(0.048, 0.034, 0.012, 0.4 * height, orange),
            frustum(0.034, 0.022, 0.4 * height, 0.68 * height, (245, 245, 240)),
            cone(0.022, 0.68 * height, height, orange),
        ]
    )


def _post(prop: Prop) -> Mesh:
    return frustum(0.025, 0.025, 0.0, prop.size_m[2], (210, 212, 216))
