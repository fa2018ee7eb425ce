"""Turns a number into presses of a key whose share of the time is that number. Knows nothing of keys."""

RESTING = 0.02
"""Less than this is a resting stick: nothing is pressed."""


class Pulses:
    """Says, moment by moment, whether to press.

    What was pressed too much or too little is made up for at the next moments (first-order sigma-delta modulation), so
    that the mean over any stretch of time differs from what was wanted by one moment at most.

    >>> half = Pulses()
    >>> [half.next(-0.5) for _ in range(6)]
    [0, -1, 0, -1, 0, -1]
    """

    def __init__(self) -> None:
        self._owed = 0.0

    def next(self, wanted: float) -> int:
        """Return -1, 0 or 1 for the next moment.

        Args:
            wanted: -1 … 1.
        """
        if abs(wanted) < RESTING:
            self._owed = 0.0
            return 0
        self._owed += max(-1.0, min(1.0, wanted))
        pressed = 0 if abs(self._owed) <= 0.5 else 1 if self._owed > 0 else -1
        self._owed -= pressed
        return pressed
