"""A keyboard that is none: it notes what is pressed. Knows nothing of screens or driving."""


class FakeKeyboard:
    """Notes every press and release.

    Attributes:
        held: keys that are down.
        log: ("press" or "release", key), in order.
        is_open: whether nobody has let go of it.
    """

    def __init__(self) -> None:
        self.held: set[str] = set()
        self.log: list[tuple[str, str]] = []
        self.is_open = True

    def press(self, key: str) -> None:
        """Press a key and hold it."""
        self.held.add(key)
        self.log.append(("press", key))

    def release(self, key: str) -> None:
        """Let a key go."""
        self.held.discard(key)
        self.log.append(("release", key))

    def watch(self, *keys: str) -> None:
        """Do nothing: it knows every key."""

    def down(self) -> frozenset[str]:
        """Return the keys that are down."""
        return frozenset(self.held)

    def close(self) -> None:
        """Note that it was let go of."""
        self.is_open = False
