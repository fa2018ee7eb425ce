"""Import what somebody names as `package.module:Name` or `folder/file.py:Name`. Knows nothing of what it is."""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any

from copycar.core.errors import CopycarError, did_you_mean


def import_named(name: str) -> Any:
    """Return what `name` stands for; the module is run, as every import does.

    Modules are looked for in the current folder too, and what a file itself imports also beside that file.

    Args:
        name: `package.module:Name` or `path/to/file.py:Name`.

    Raises:
        CopycarError: there is no such file, module or name, or the module itself fails, with the line where.
    """
    place, _, attribute = name.rpartition(":")
    if not place or not attribute:
        raise CopycarError(
            f"{name!r} names nothing in a module", fix="write package.module:Name or path/to/file.py:Name"
        )
    module = _import_file(Path(place)) if place.endswith(".py") else _import_module(place)
    found: Any = module
    for part in attribute.split("."):
        if not hasattr(found, part):
            public = [other for other in vars(found) if not other.startswith("_")]
            raise CopycarError(f"{place} has no {part!r}", fix=did_you_mean(part, public))
        found = getattr(found, part)
    return found


def _import_module(name: str) -> ModuleType:
    with _found_in(Path.cwd()), _explained(name):
        return importlib.import_module(name)


def _import_file(path: Path) -> ModuleType:
    path = path.expanduser()
    if not path.is_file():
        raise CopycarError(f"there is no file {path}", fix="check the path, which counts from the current folder")
    with _found_in(path.resolve().parent), _explained(str(path)):
        return _run_file(path.resolve(), path.stat().st_mtime_ns)


@lru_cache
def _run_file(path: Path, mtime_ns: int) -> ModuleType:
    """Run a file as a module, once for every time it was written."""
    del mtime_ns  # the cache's key
    spec = importlib.util.spec_from_file_location(f"_file_{path.stem}", path)
    assert spec is not None and spec.loader is not None, "a .py file has a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module  # dataclasses and pickle look a class's module up there
    spec.loader.exec_module(module)
    return module


@contextmanager
def _found_in(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


@contextmanager
def _explained(place: str) -> Iterator[None]:
    """Say where somebody's module fails; its own traceback would begin deep inside the import system."""
    try:
        yield
    except CopycarError:
        raise
    except Exception as error:  # somebody else's code may raise anything
        last = extract_tb(error.__traceback__)[-1]
        where = "" if "importlib" in last.filename else f", {last.filename} line {last.lineno}"
        raise CopycarError(
            f"{place} cannot be imported", f"{type(error).__name__}: {error}{where}", "mend it, or check the name"
        ) from error
