import pytest

from copycar.core.config import Settings, build
from copycar.core.errors import CopycarError


class Example(Settings):
    """Two settings."""

    epochs: int = 10
    """How long."""
    seed: int = 0
    """Which dice."""


def test_every_fault_is_reported_at_once() -> None:
    with pytest.raises(CopycarError) as caught:
        build(Example, {"epoch": 3, "seed": "many"}, "copycar.toml")
    assert "2 fault(s)" in caught.value.what
    assert "did you mean epochs" in caught.value.why
    assert "seed" in caught.value.why


class Outer(Settings):
    """Settings within settings."""

    inner: Example = Example()
    """A table."""
    maybe: Example | None = None
    """A table, or none."""


@pytest.mark.parametrize("table", ["inner", "maybe"])
def test_an_unknown_key_of_a_table_gets_the_nearest_of_that_table(table: str) -> None:
    with pytest.raises(CopycarError, match=f"{table}.sed: did you mean seed"):
        build(Outer, {table: {"sed": 3}})
