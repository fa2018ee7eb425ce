"""The settings file that an import writes, as text. Knows nothing of where it goes."""

import json
import textwrap
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from copycar.learning.donkeycar.sheet import Sheet

WIDTH = 118


def as_settings_file(sheet: Sheet, sources: str) -> str:
    """Return the TOML: what was carried over, and as remarks what was not.

    Args:
        sheet: what became of every setting.
        sources: the files that it comes from, for the first line.
    """
    tables = [_table("train", {key: value for key, value in sheet.values.items() if not _is_table(value)})]
    for key, value in sheet.values.items():
        if isinstance(value, Mapping):
            tables.append(_table(f"train.{key}", value))
        elif _is_table(value):
            tables += [_table(f"[train.{key}]", step) for step in value]
    remarks = [f"From {sources}. Train with it: copycar train TUB --config THIS_FILE", *sheet.notes]
    return "\n".join([*_remarks(remarks), "", *tables, *_remarks(_left(sheet))])


def left_by_reason(sheet: Sheet) -> dict[str, list[str]]:
    """Return the names that were left out, by why; the reasons with fewest names first."""
    by_reason = sorted(sheet.left.items(), key=lambda item: item[1])
    grouped = {why: [name for name, _ in found] for why, found in groupby(by_reason, key=lambda item: item[1])}
    return dict(sorted(grouped.items(), key=lambda item: len(item[1])))


def _left(sheet: Sheet) -> list[str]:
    if not sheet.left:
        return []
    lines = ["Not carried over:"]
    for why, names in left_by_reason(sheet).items():
        lines.append(f"{', '.join(_placed(sheet, name) for name in names)}: {why}")
    return lines


def _placed(sheet: Sheet, name: str) -> str:
    """Return the name, with its line where it could not be read."""
    setting = sheet.settings[name]
    return f"{setting.name} ({setting.place})" if setting.why else setting.name


def _table(name: str, values: Mapping[str, Any]) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in values.items()), ""])


def _toml(value: Any) -> str:
    """Return a text, number or truth value; JSON writes them alike but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _remarks(lines: list[str]) -> list[str]:
    wrapped = [part for line in lines for part in textwrap.wrap(line, WIDTH, subsequent_indent="  ")]
    return [f"# {line}" for line in wrapped]
