"""Names to factories. Built-ins and plug-ins (entry points) come in through the same door."""

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar

from copycar.core.errors import CopycarError, did_you_mean

T = TypeVar("T")


class Registry(Generic[T]):
    """Lazy names: an entry is the string `"module:attribute"` and is imported when it is first asked for.

    Args:
        kind: what is registered, in words for messages ("network", "environment").
        group: entry-point group through which other packages add names, e.g. `copycar.policies`.
        builtins: name to `"module:attribute"`.

    >>> metrics = Registry("metric", "copycar.none", {"sqrt": "math:sqrt"})
    >>> metrics.get("sqrt")(9.0)
    3.0
    """

    def __init__(self, kind: str, group: str, builtins: dict[str, str]) -> None:
        self.kind, self.group = kind, group
        self._paths = dict(builtins)
        self._plugins_loaded = False

    def names(self) -> list[str]:
        """Return every known name, sorted."""
        self._load_plugins()
        return sorted(self._paths)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __contains__(self, name: str) -> bool:
        self._load_plugins()
        return name in self._paths

    def add(self, name: str, path: str) -> None:
        """Add `name` as `"module:attribute"`.

        Raises:
            CopycarError: the name is taken by something else; nothing is ever overwritten.
        """
        if self._paths.get(name, path) != path:
            raise CopycarError(
                f"two packages register the {self.kind} {name!r}: {self._paths[name]} and {path}",
                fix="uninstall one of them or rename its entry point",
            )
        self._paths[name] = path

    def get(self, name: str) -> T:
        """Import and return what `name` stands for.

        Raises:
            CopycarError: unknown name, with the nearest known one.
        """
        if name not in self:
            raise CopycarError(f"unknown {self.kind} {name!r}", fix=did_you_mean(name, self._paths))
        module, _, attribute = self._paths[name].partition(":")
        found: Any = import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
        return found  # type: ignore[no-any-return]

    def _load_plugins(self) -> None:
        if not self._plugins_loaded:
            self._plugins_loaded = True
            for point in entry_points(group=self.group):
                self.add(point.name, point.value)
