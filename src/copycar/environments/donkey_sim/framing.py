"""Cuts a stream of bytes into JSON objects, however it was torn or glued. Knows nothing of what the objects mean.

Simulators end an object with a newline, clients with nothing at all; neither writes a newline inside one. Unity in a
country with decimal commas writes `"speed":1,5`. A line that is no object is dropped and counted, and reading goes on.
"""

import json
import re
from typing import Any

LONGEST = 8 * 1024 * 1024
"""Characters of one object: a 512x512 PNG in base64 has under a million."""

_MARK = re.compile(r'["{}\n]')
_STRING_END = re.compile(r'(?:[^"\\\n]|\\.)*(["\n])')
_DECIMAL_COMMA = re.compile(r'(":\s*-?\d+),(\d+(?:[eE][+-]?\d+)?\s*[,}])')


class Framer:
    r"""Collects what arrives and gives out whole objects.

    Attributes:
        dropped: pieces that were no JSON object.

    >>> framer = Framer()
    >>> framer.feed(b'{"a": 1}{"b": "}')
    [{'a': 1}]
    >>> framer.feed(b'"}\n noise {"c": 2,5}')
    [{'b': '}'}, {'c': 2.5}]
    >>> framer.dropped
    1
    """

    def __init__(self) -> None:
        self._waiting = b""
        self.dropped = 0

    def feed(self, received: bytes) -> list[dict[str, Any]]:
        """Return the objects that are complete now, in order."""
        self._waiting += received
        if b"}" not in received and b"\n" not in received and len(self._waiting) < LONGEST:
            return []
        text = self._waiting.decode("utf-8", errors="surrogateescape")
        objects, rest = self._cut(text)
        if len(rest) >= LONGEST:
            self.dropped += 1
            rest = ""
        self._waiting = rest.encode("utf-8", errors="surrogateescape")
        return objects

    def _cut(self, text: str) -> tuple[list[dict[str, Any]], str]:
        objects: list[dict[str, Any]] = []
        while (start := text.find("{")) >= 0:
            self.dropped += bool(text[:start].strip())
            end = _end_of_object(text, start)
            if end is None:
                return objects, text[start:]
            found = _parsed(text[start:end])
            if found is None:
                self.dropped += 1
            else:
                objects.append(found)
            text = text[end:]
        self.dropped += text.strip() != "" and "\n" in text
        return objects, "" if "\n" in text else text


def _end_of_object(text: str, start: int) -> int | None:
    """Return where the object that begins at `start` ends, after its brace or at a newline; None: not yet here."""
    depth, place = 0, start
    while mark := _MARK.search(text, place):
        place = mark.end()
        if mark[0] == '"':
            string = _STRING_END.match(text, place)
            if string is None:
                return None
            place = string.end()
            if string[1] == "\n":
                return place
        elif mark[0] == "\n":
            return place
        else:
            depth += 1 if mark[0] == "{" else -1
            if depth == 0:
                return place
    return None


def _parsed(text: str) -> dict[str, Any] | None:
    for attempt in (text, _DECIMAL_COMMA.sub(r"\1.\2", text)):
        try:
            found = json.loads(attempt)
        except ValueError:
            continue
        return found if isinstance(found, dict) else None
    return None
