"""Settings: frozen pydantic models filled from files and flags. Every fault is reported at once."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from copycar.core.errors import CopycarError, did_you_mean

S = TypeVar("S", bound="Settings")


class Settings(BaseModel):
    """Base of every verb's settings: immutable, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def build(model: type[S], values: Mapping[str, Any], source: str = "the settings") -> S:
    """Make `model` from `values`.

    Raises:
        CopycarError: naming every unknown key and every bad value in one message.
    """
    try:
        return model(**values)
    except ValidationError as error:
        faults = list_faults(model, error)
        raise CopycarError(f"{source}: {len(faults)} fault(s)", "; ".join(faults), "correct and run again") from None


def list_faults(model: type[Settings], error: ValidationError) -> list[str]:
    """Return every fault that pydantic found in the values for `model`, one sentence each."""
    return [_fault(model, fault) for fault in error.errors()]


def _fault(model: type[Settings], fault: Any) -> str:
    name = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"unknown key {name}: {did_you_mean(str(fault['loc'][-1]), _holder(model, fault['loc']).model_fields)}"
    if fault["type"] == "missing":
        return f"{name}: is missing"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{name}: {message} (got {fault['input']!r})" if name else message  # without: it concerns several keys


def _holder(model: type[BaseModel], location: Sequence[str | int]) -> type[BaseModel]:
    """Return the model, of those nested in `model`, that the last part of `location` belongs to."""
    for part in location[:-1]:
        inner = [kind for kind in _kinds(model, part) if isinstance(kind, type) and issubclass(kind, BaseModel)]
        model = inner[0] if inner else model
    return model


def _kinds(model: type[BaseModel], part: str | int) -> Sequence[Any]:
    """Return what the field's annotation allows: `Inner | None` is Inner and None."""
    field = model.model_fields.get(str(part))
    return () if field is None else get_args(field.annotation) or (field.annotation,)
