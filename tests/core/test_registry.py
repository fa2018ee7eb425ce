import pytest

from copycar.core.errors import CopycarError
from copycar.core.registry import Registry


def test_an_unknown_name_is_answered_with_the_nearest_one() -> None:
    registry: Registry[object] = Registry("network", "copycar.none", {"linear": "math:sqrt"})
    with pytest.raises(CopycarError, match="did you mean linear"):
        registry.get("liner")


def test_nothing_is_overwritten() -> None:
    registry: Registry[object] = Registry("network", "copycar.none", {"linear": "math:sqrt"})
    with pytest.raises(CopycarError, match="two packages register"):
        registry.add("linear", "math:sin")


def test_a_module_is_loaded_only_when_it_is_asked_for() -> None:
    registry: Registry[object] = Registry("network", "copycar.none", {"broken": "no_such_module:x"})
    assert registry.names() == ["broken"]
    with pytest.raises(ModuleNotFoundError):
        registry.get("broken")
