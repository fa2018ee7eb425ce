"""Whether an environment can put its car where a drive is to begin. Knows no particular environment."""

from typing import Any


def can_start_anywhere(environment: Any) -> bool:
    """Return whether `reset` obeys `progress`, `offset_m`, `heading_offset_rad` and `direction`.

    Only a place that says so does (`starts_anywhere = True`): most games begin where they begin, whatever
    they are told.
    """
    return bool(getattr(environment.unwrapped, "starts_anywhere", False))
