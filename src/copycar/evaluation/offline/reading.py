"""What recordings tell a policy besides pictures, and what they say of the things it names. Knows no networks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.driving.runtime.metadata import PolicyMetadata
from copycar.learning.columns import Category, Column, Numbers, Reads, Values
from copycar.learning.places import LOCATION, place_by_progress
from copycar.tubs.formats.autcar_commands import action_of, nearest_command
from copycar.tubs.record import Record


def reads_of(metadata: Sequence[PolicyMetadata]) -> Reads:
    """Return the extra inputs of all these policies, each under a name of its own; see `input_name`."""
    return Reads(
        inputs={
            input_name(place, name): _column(given)
            for place, one in enumerate(metadata)
            for name, given in one.inputs.items()
        }
    )


def input_name(place: int, name: str) -> str:
    """Return under which name the data holds an input of the policy at `place`: two may read different keys."""
    return f"{place}/{name}"


def inputs_of(metadata: PolicyMetadata, record: Record) -> dict[str, NDArray[np.float32]]:
    """Return what one record tells a policy besides its picture, float32 (k,) by the name of the input.

    A thing that the record does not name is left out: the policy then goes by the one that it was told last.

    Raises:
        CopycarError: the record lacks a number that the policy reads.
    """
    found = {}
    for name, given in metadata.inputs.items():
        column = _column(given)
        if column.of(record) is not None:
            found[name] = as_input(column, column.read([record]))[0]
        elif isinstance(column, Numbers):
            raise CopycarError(
                f"frame {record.index} has no {' and '.join(column.keys)}",
                f"the policy reads {name!r} from there, besides the picture",
                "ask it about a recording of a car that has these sensors",
            )
    return found


def as_input(column: Column, values: Values) -> NDArray[np.float32]:
    """Return (N, k) as a network takes it: numbers as they are, one of several things one-hot."""
    if isinstance(column, Category):
        one_hot: NDArray[np.float32] = np.eye(column.width, dtype=np.float32)[values]
        return one_hot
    return values.astype(np.float32)


def true_things(records: Sequence[Record], name: str, described: Mapping[str, Any]) -> NDArray[np.int64]:
    """Return which of the named things each record shows, int64 (N,); -1 where it does not say.

    A frame without a command counts as the one that is nearest to its steering and throttle, one without a place as the
    one of its progress on the lap: so the networks learned them.

    Args:
        records: N.
        name: what the policy calls this answer.
        described: `"keys"` and `"names"`, as a policy's metadata holds them.
    """
    names = list(described["names"])
    column = Category(tuple(described["keys"]), tuple(names), _otherwise(name, names))
    things = [column.of(record) for record in records]
    number = {name: place for place, name in enumerate(names)}
    return np.array([thing if isinstance(thing, int) else number.get(str(thing), -1) for thing in things], np.int64)


def _column(given: Mapping[str, Any]) -> Column:
    keys = tuple(given["keys"])
    return Category(keys, tuple(given["names"])) if given.get("names") else Numbers(keys)


def _otherwise(name: str, names: Sequence[str]) -> Callable[[Record], str | None] | None:
    """Return how to tell the thing of a record that does not name it; None where nobody knows."""
    if all(action_of(one) is not None for one in names):
        return lambda record: nearest_command(record.action)
    if name == LOCATION:
        return lambda record: place_by_progress(record, len(names))
    return None
