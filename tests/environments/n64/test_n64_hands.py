from pathlib import Path

import pytest

from copycar.core.errors import CopycarError
from copycar.core.frame import Action
from copycar.environments.make import make_environment
from copycar.environments.n64.hands import Hands
from copycar.environments.n64.options import N64Options


def hands(**options) -> Hands:
    return Hands(N64Options(rom=Path("game.z64"), polls_per_step=1, **options))


@pytest.mark.parametrize("throttle", [0.0, 0.25, 0.3, 0.7, 1.0])
def test_a_throttle_is_held_for_its_share_of_the_polls(throttle):
    holder = hands()
    pressed = [bool(holder.pads(Action(0.0, throttle))[0].buttons) for _ in range(200)]
    assert sum(pressed) == pytest.approx(200 * throttle, abs=1)


def test_a_half_throttle_is_spread_evenly():
    holder = hands()
    assert [len(holder.pads(Action(0.0, 0.5))[0].buttons) for _ in range(6)] == [0, 1, 0, 1, 0, 1]


def test_steering_is_the_analog_stick_and_braking_the_other_button():
    (pad,) = hands(hold=("R_TRIG",)).pads(Action(-0.5, -1.0))
    assert (pad.x, pad.y, pad.buttons) == (-40, 0, {"B_BUTTON", "R_TRIG"})
    assert hands(brake="").pads(Action(0.0, -1.0))[0].buttons == frozenset()


def test_an_action_is_held_for_every_poll_of_its_step():
    holder = Hands(N64Options(rom=Path("game.z64"), polls_per_step=3))
    assert [pad.x for pad in holder.pads(Action(1.0, 0.0))] == [80, 80, 80]


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ('rom = "game.z64"', "there is no ROM"),
        ('rom = "game.z64"\naccelerate = "A"', "has no A; it has A_BUTTON"),
        ('rom = "game.z64"\npols_hz = 3', "did you mean polls_hz"),
        ("width = 160", "rom: is missing"),
    ],
)
def test_what_a_file_tells_wrongly_is_named(tmp_path, told, fault):
    file = tmp_path / "game.toml"
    file.write_text(told)
    with pytest.raises(CopycarError, match=fault):
        make_environment(f"n64:{file}")
