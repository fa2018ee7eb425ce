import io
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.driving.drivers.terminal import KeyTerminal, named_keys, open_terminal

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("wW", ["w", "w"]),
        ("\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        ("\x1bOA\x1bOD", ["up", "left"]),
        ("\x1b[1;5D", ["left"]),  # with Ctrl held
        ("\x1b[3~", [""]),  # Delete means nothing, and surely not "~"
        (" q", ["space", "q"]),
    ],
)
def test_what_a_terminal_sends_has_names(sent, keys):
    assert list(named_keys(sent)) == keys


@given(st.text())
def test_whatever_is_sent_gives_keys_and_no_error(sent):
    assert all(isinstance(key, str) for key in named_keys(sent))


def test_pipe_instead_of_a_terminal_is_explained(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("w"))
    with pytest.raises(CopycarError, match="needs a terminal"):
        open_terminal()


@pytest.fixture
def pseudo_terminal():
    """(our end, the program's end) of a terminal that exists only in the kernel."""
    ours, theirs = os.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


@posix_only
def test_keys_come_at_once_and_reading_never_waits(pseudo_terminal):
    ours, theirs = pseudo_terminal
    terminal = KeyTerminal(theirs)
    assert terminal.keys() == []
    os.write(ours, b"w\x1b[D ")
    assert terminal.keys() == ["w", "left", "space"]
    terminal.close()


@posix_only
def test_torn_arrow_is_put_together_again(pseudo_terminal):
    ours, theirs = pseudo_terminal
    terminal = KeyTerminal(theirs)
    os.write(ours, b"w\x1b[")
    assert terminal.keys() == ["w"]
    os.write(ours, b"D")
    assert terminal.keys() == ["left"]
    terminal.close()


@posix_only
def test_closing_puts_the_terminal_back_as_it_was(pseudo_terminal):
    termios = pytest.importorskip("termios")
    _, theirs = pseudo_terminal
    before = termios.tcgetattr(theirs)
    terminal = KeyTerminal(theirs)
    assert termios.tcgetattr(theirs) != before
    terminal.close()
    terminal.close()
    assert termios.tcgetattr(theirs) == before
