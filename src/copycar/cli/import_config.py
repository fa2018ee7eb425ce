"""`copycar import-config`: donkeycar's configuration becomes a settings file of ours."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from copycar.cli.output import log, print_json, show, tell
from copycar.core.errors import CopycarError
from copycar.core.files import write_atomic
from copycar.learning.donkeycar.carry import carry_over
from copycar.learning.donkeycar.python_settings import Setting, read_settings
from copycar.learning.donkeycar.settings_file import as_settings_file, left_by_reason
from copycar.learning.donkeycar.sheet import Sheet

USUAL_FILE = Path("run.toml")


def import_config(
    myconfig: Path,
    base: Path | None = None,
    *,
    out: Annotated[Path, Parameter(alias="-o")] = USUAL_FILE,
    json: bool = False,
) -> None:
    """Turn donkeycar's configuration into settings for `copycar train --config`. The files are read, never run.

    Args:
        myconfig: donkeycar's myconfig.py, or a whole config.py.
        base: the car's config.py, where it was changed too; myconfig.py lies over it.
        out: the settings file; must not exist yet.
        json: print what became of every setting as one JSON object.
    """
    if out.exists():
        raise CopycarError(f"{out} exists already", fix="name another file: -o FILE.toml")
    sources = [path for path in (base, myconfig) if path is not None]
    settings: dict[str, Setting] = {}
    for path in sources:
        settings |= _read(path)
    sheet = carry_over(settings)
    write_atomic(out, as_settings_file(sheet, " and ".join(str(path) for path in reversed(sources))))
    if json:
        print_json({"file": str(out), **_as_json(sheet, settings)})
    else:
        _show(sheet, out)
        _mention_config(myconfig, base)


def _read(path: Path) -> dict[str, Setting]:
    try:
        return read_settings(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        raise CopycarError(f"no file {path}", fix="name donkeycar's myconfig.py") from None
    except (IsADirectoryError, UnicodeDecodeError):
        raise CopycarError(f"{path} is no text file", fix="name donkeycar's myconfig.py") from None


def _as_json(sheet: Sheet, settings: Mapping[str, Setting]) -> dict[str, object]:
    left = [
        {"name": settings[name].name, "why": why, "file": settings[name].file, "line": settings[name].line}
        for name, why in sheet.left.items()
    ]
    return {"settings": sheet.values, "carried": sheet.carried, "left_out": left, "notes": sheet.notes}


def _show(sheet: Sheet, out: Path) -> None:
    for name, became in sheet.carried.items():
        tell(show, f"  {name:24} {became}")
    for note in sheet.notes:
        tell(show, f"note: {note}", "yellow")
    if sheet.left:
        tell(show, f"{len(sheet.left)} settings were not carried over:")
    for why, names in left_by_reason(sheet).items():
        tell(show, f"  {', '.join(_named(sheet.settings[name]) for name in names)}: {why}")
    tell(show, f"{out}: {len(sheet.carried)} settings carried over; train with: copycar train TUB --config {out}")


def _named(setting: Setting) -> str:
    return f"{setting.name} ({setting.place})" if setting.why else setting.name


def _mention_config(myconfig: Path, base: Path | None) -> None:
    beside = myconfig.with_name("config.py")
    if base is None and myconfig.name != beside.name and beside.is_file():
        tell(log, f"note: {beside} was not read: where you changed it too, name it after {myconfig}", "yellow")
