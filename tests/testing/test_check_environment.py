from typing import Any

import gymnasium
import pytest

from copycar.core.errors import GateError
from copycar.testing.check_environment import check_environment
from copycar.testing.environment import CircleTrack


class Mirrored(gymnasium.ActionWrapper[Any, Any, Any]):
    """Steers the wrong way round."""

    def action(self, action: Any) -> Any:
        return action * (-1, 1)


class Forgetful(gymnasium.Wrapper[Any, Any, Any, Any]):
    """Tells no lap, and progress as text."""

    def step(self, action: Any) -> Any:
        *rest, info = super().step(action)
        return (*rest, {"progress": "half", **{key: info[key] for key in info if key not in {"lap", "progress"}}})


class Silent(CircleTrack):
    """A game behind a window: it tells nothing but its picture, and starts where it starts."""

    starts_anywhere = False
    rescue = expert = None  # type: ignore[assignment]

    def reset(self, **_: Any) -> Any:
        return super().reset()[0], {}

    def step(self, action: Any) -> Any:
        return (*super().step(action)[:4], {})


class Deaf(CircleTrack):
    """Says that it starts anywhere, and does not listen."""

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return super().reset(seed=seed)


def test_a_right_environment_passes() -> None:
    check_environment(CircleTrack())


def test_what_a_place_does_not_know_is_not_asked_of_it() -> None:
    check_environment(Silent())


def test_who_starts_anywhere_has_to() -> None:
    with pytest.raises(GateError, match=r"reset to .* gave"):
        check_environment(Deaf())


def test_swapped_steering_is_found() -> None:
    with pytest.raises(GateError, match="steering > 0 must turn right"):
        check_environment(Mirrored(CircleTrack()))


def test_missing_and_mistyped_keys_are_all_named() -> None:
    with pytest.raises(GateError) as caught:
        check_environment(Forgetful(CircleTrack()))
    assert "no 'lap'" in str(caught.value)
    assert "info['progress'] of step is str" in str(caught.value)


def test_a_foreign_environment_hears_what_it_lacks() -> None:
    with pytest.raises(GateError) as caught:
        check_environment(gymnasium.make("CartPole-v1"))
    for word in ("action_space", "image", "stop"):
        assert word in str(caught.value)
