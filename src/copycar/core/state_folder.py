"""Where programs of the user keep what they know between two calls, and what is neither a setting nor a cache."""

import os
import sys
from pathlib import Path


def state_folder() -> Path:
    """Return the user's own folder for that; `XDG_STATE_HOME` names another place."""
    if folder := os.environ.get("XDG_STATE_HOME"):
        return Path(folder) / "copycar"
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "copycar"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "copycar"
    return home / ".local" / "state" / "copycar"
