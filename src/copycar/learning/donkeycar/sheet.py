"""Which of donkeycar's settings were carried over, to what, and which were not, and why. Knows none of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from copycar.learning.donkeycar.python_settings import Setting
from copycar.learning.settings import TrainSettings


@dataclass(frozen=True)
class Sheet:
    """A configuration on its way to ours.

    Attributes:
        settings: what was read, by name.
        values: what `TrainSettings` gets.
        carried: donkeycar's name to what it became, in words.
        left: donkeycar's name to why it was left out.
        notes: what behaves in another way than there.
    """

    settings: Mapping[str, Setting]
    values: dict[str, Any] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def read(self, name: str, default: Any = None) -> Any:
        """Return a value, or `default` where the file does not set it or it cannot be read; the latter is noted."""
        setting = self.settings.get(name)
        if setting is None:
            return default
        if setting.why:
            self.left[name] = setting.why
            return default
        return setting.value

    def readable(self) -> dict[str, Any]:
        """Return every value that could be read, by name."""
        return {name: setting.value for name, setting in self.settings.items() if not setting.why}

    def carry(self, key: str, value: Any, *names: str) -> None:
        """Set one of our settings; where it refuses the value, its names are left out instead.

        Args:
            key: of `TrainSettings`.
            value: what it gets.
            names: the settings that it comes from; those that the file does not set are donkeycar's defaults.
        """
        try:
            TrainSettings(**{key: value})
        except ValidationError as error:
            self.leave(f"{key} cannot be {value!r}: {error.errors()[0]['msg']}", *names)
            return
        self.values[key] = value
        self.note_carried(f"{key} = {value}", *names)

    def note_carried(self, became: str, *names: str) -> None:
        """Note what settings became."""
        for name in names:
            if name in self.settings and name not in self.left:
                self.carried[name] = became

    def leave(self, why: str, *names: str) -> None:
        """Note why settings are left out, where nothing was noted before."""
        for name in names:
            if name in self.settings and name not in self.carried:
                self.left.setdefault(name, why)
