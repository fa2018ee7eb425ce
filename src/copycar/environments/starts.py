"""Whether an environment can put its car where a drive is to begin. Knows no particular environment."""

from collections.abc import Mapping
from typing import Any

from copycar.core.errors import CopycarError


def can_start_anywhere(environment: Any) -> bool:
    """Return whether `reset` obeys `progress`, `offset_m`, `heading_offset_rad` and `direction`.

    Only a place that says so does (`starts_anywhere = True`): most games begin where they begin, whatever
    they are told.
    """
    return bool(getattr(environment.unwrapped, "starts_anywhere", False))


def refuse_starts(options: Mapping[str, Any] | None, name: str) -> None:
    """Say that a drive in `name` begins where it begins, rather than ignore what was asked for.

    Raises:
        CopycarError: some start was asked for.
    """
    if options:
        asked = ", ".join(options)
        raise CopycarError(
            f"{name} begins where it begins: {asked} cannot be chosen", fix="leave --start and --reverse out"
        )
