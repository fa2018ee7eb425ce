"""When a person's hand counts."""

import pytest

from copycar.core.clock import FakeClock
from copycar.core.frame import STOP, Action
from copycar.driving.hand import PICTURE_S_MAX, SILENCE_S_MAX, Hand

TICK_S = 0.1  # of the slowest drive that people steer by hand


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def hand(clock):
    hand = Hand(clock)
    hand.say(Action(0.5, 2.0), is_touching=True, number=7, seen_ns=0)
    return hand


def test_what_was_said_is_clipped_and_counts(hand):
    assert hand.said().action == Action(0.5, 1.0)
    assert hand.said().number == 7
    assert not hand.is_lost()


def test_nobody_drives_before_the_first_word_and_after_letting_go(clock, hand):
    assert Hand(clock).is_lost()
    hand.let_go()
    assert hand.is_lost()


def test_a_silent_hand_is_lost_so_soon_that_the_next_tick_stops_within_300_ms(clock, hand):
    clock.sleep(SILENCE_S_MAX)
    assert not hand.is_lost()
    clock.sleep(0.001)
    assert hand.is_lost()
    assert SILENCE_S_MAX + TICK_S < 0.301


def test_a_hand_that_sees_an_old_picture_is_lost_however_much_it_says(clock, hand):
    clock.sleep(PICTURE_S_MAX + 0.001)
    hand.say(Action(0.0, 1.0), is_touching=True, number=8, seen_ns=0)
    assert hand.is_lost()


def test_a_hand_that_has_seen_nothing_is_lost(hand):
    hand.say(Action(0.0, 1.0), is_touching=True, number=8, seen_ns=None)
    assert hand.is_lost()


def test_what_is_no_number_is_standing_still(hand):
    hand.say(Action(float("nan"), 1.0), is_touching=True, number=8, seen_ns=0)
    assert hand.said().action == STOP
