"""`copycar import-weights`: go on with what a donkeycar pilot has learned."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from copycar.cli.numbers import Share
from copycar.cli.output import print_json, quoted, show, tell, typed


def import_weights(
    pilot: Path,
    *,
    type: Literal["linear", "categorical"] | None = None,
    throttle_range: Share | None = None,
    out: Path | None = None,
    json: bool = False,
) -> None:
    """Make a run of a donkeycar pilot: evaluate it, drive with it, or go on training it.

    Args:
        pilot: the .h5 or .keras file of its linear or categorical pilot.
        type: which of the two it must be; by default its output layers tell.
        throttle_range: of a categorical pilot: MODEL_CATEGORICAL_MAX_THROTTLE_RANGE in its car's myconfig.py;
            default 0.8, as donkeycar's.
        out: folder of the run; default: in runs, named by date, time and type.
        json: print the result as one JSON object.
    """
    from copycar.learning.import_pilot import THROTTLE_RANGE, import_pilot  # noqa: PLC0415 - torch: `--help` must not wait for it

    full = THROTTLE_RANGE if throttle_range is None else throttle_range
    imported = import_pilot(pilot, out, kind=type, throttle_range=full, command=typed())
    if json:
        print_json(imported.as_json())
        return
    if imported.type == "categorical":
        tell(show, f"Its last throttle bin drives {imported.options['most_throttle']:g}, see --throttle-range.")
    policy, folder = quoted(imported.run.policy), quoted(imported.run.folder)
    tell(show, f"policy: {imported.run.policy}")
    tell(show, f"next:   copycar evaluate {policy} --on TUB")
    tell(show, f"        copycar train TUB --type {imported.type}{_options(imported.options)} --transfer {folder}")


def _options(options: Mapping[str, object]) -> str:
    return "".join(f" --network.{name} {value}" for name, value in options.items())
