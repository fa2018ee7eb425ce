"""How long work says how far it is. Knows nothing of the work, nor of who listens."""

from collections.abc import Callable

OnProgress = Callable[[int, int], None]
"""Is told (done, in all) from time to time, in the calling thread."""
