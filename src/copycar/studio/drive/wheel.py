"""Who of the visitors drives: one at a time, the others watch. Knows nothing of sockets."""


class Wheel:
    """The seat behind the wheel.

    >>> wheel = Wheel()
    >>> wheel.take("ann"), wheel.take("bob"), wheel.holder
    (True, False, 'ann')
    """

    def __init__(self) -> None:
        self.holder: object | None = None

    def take(self, visitor: object) -> bool:
        """Sit down if the seat is free; return whether it is the visitor's now."""
        if self.holder is None:
            self.holder = visitor
        return self.holder is visitor

    def leave(self, visitor: object) -> bool:
        """Stand up; return whether it was the visitor who sat there."""
        if self.holder is not visitor:
            return False
        self.holder = None
        return True
