"""Places to drive, each a `gymnasium.Env`: the built-in track, and more by plug-in. Knows nothing of who drives."""

from copycar.environments.make import environments, make_environment

__all__ = ["environments", "make_environment"]
