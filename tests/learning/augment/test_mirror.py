import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.learning.augment.mirror import mirror_names, mirror_signs


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Left_Lane", "Right_Lane"], (1, 0)),
        (["RIGHT-LANE", "LEFT-LANE"], (1, 0)),
        (["left_light_forward", "forward", "right_light_forward"], (2, 1, 0)),
        (["stop", "go"], (0, 1)),
        (["Left", "right"], (1, 0)),
        (["turn left", "turn right"], (1, 0)),
        (["left_to_right", "right_to_left"], (1, 0)),
        (["bright", "leftover"], (0, 1)),  # no words of a side
        ([], ()),
    ],
)
def test_sides_change_places_and_everything_else_stays(names, expected):
    assert mirror_names(names) == expected


@pytest.mark.parametrize("names", [["left", "straight"], ["Left_Lane", "Right_Road"], ["left", "left_hard", "right"]])
def test_a_side_without_its_partner_cannot_be_mirrored(names):
    assert mirror_names(names) is None


@given(
    st.lists(st.sampled_from(["left", "right", "lane", "go", "a-left", "a_right", "LEFT-x", "right_X"]), unique=True)
)
def test_mirrored_twice_is_as_before(names):
    permutation = mirror_names(names)
    if permutation is not None:
        assert [permutation[place] for place in permutation] == list(range(len(names)))


def test_numbers_to_one_side_change_their_sign():
    assert mirror_signs(["user/angle", "user/throttle", "enc/speed"]) == (-1, 1, 1)


def test_a_turning_rate_changes_its_sign_unless_it_is_about_the_sideways_axis():
    names = [f"imu/{kind}_{axis}" for kind in ("acl", "gyr") for axis in "xyz"]
    assert mirror_signs(names) == (1, -1, 1, -1, 1, -1)


def test_numbers_of_a_side_keep_their_sign_for_they_change_places():
    assert mirror_signs(["sonar_left", "sonar_right"]) == (1, 1)
    assert mirror_names(["sonar_left", "sonar_right"]) == (1, 0)


def test_a_number_that_nobody_knows_cannot_be_mirrored():
    assert mirror_signs(["user/angle", "lidar/nearest_bearing"]) is None
