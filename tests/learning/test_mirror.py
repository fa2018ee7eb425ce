import pytest

from copycar.learning.columns import Category, Numbers
from copycar.learning.mirror import mirrored_names, unmirrorable
from copycar.tubs.formats.autcar_commands import CLASSES


def test_every_command_of_autcar_has_its_mirror_image():
    images = [CLASSES[place] for place in mirrored_names(CLASSES)]
    assert images[CLASSES.index("left_light_forward")] == "right_light_forward"
    assert images[CLASSES.index("stop")] == "stop"
    assert [images[CLASSES.index(image)] for image in images] == list(CLASSES)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Left_Lane", "Right_Lane"], [1, 0]),
        (["keep-LEFT", "keep-right", "middle"], [1, 0, 2]),
        (["cleft", "brighten"], [0, 1]),  # no sides, though the letters are there
        (["left", "straight"], None),
    ],
)
def test_sides_change_and_only_sides(names, expected):
    assert mirrored_names(names) == expected


def test_what_has_no_mirror_image_is_named():
    columns = {
        "behavior": Category(("b",), ("Left", "Right")),
        "location": Category(("l",), ("0", "1"), mirrors=False),
        "imu": Numbers(("a",)),
        "pad": Numbers(("a",), mirror=(1.0,)),
    }
    assert unmirrorable(columns) == ["location", "imu"]
