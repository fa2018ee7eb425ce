from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copycar.core.errors import CopycarError
from copycar.learning.donkeycar.python_settings import read_settings


def value(expression: str, before: str = ""):
    return read_settings(f"{before}\nX = {expression}\n", "myconfig.py")["X"].value


def why(expression: str) -> str:
    return read_settings(f"X = {expression}\n", "myconfig.py")["X"].why


@pytest.mark.parametrize(
    "expression",
    [
        "1",
        "-0.5",
        "'a'",
        "None",
        "True",
        "not True",
        "[1, 'b']",
        "(0, 3)",
        "{'a': (1, 2)}",
        "2 * (3 + 4) / 7",
        "7 // 2 % 2",
    ],
)
def test_literals_and_arithmetic_are_computed(expression):
    assert value(expression) == eval(expression)


def test_lists_and_texts_are_put_together():
    assert value("A + ['BLUR'] + []", "A = ['CROP']") == ["CROP", "BLUR"]
    assert value("'a' + 'b'") == "ab"


def test_a_name_set_earlier_stands_for_its_value_and_the_last_one_counts():
    assert value("[W, H * 2]", "W = H = 3\nW = 4\nH += 1") == [4, 8]
    assert read_settings("A, B = 1, 2\nC: int = 5\nD = {}\nD['x'] = A\n", "")["D"].value == {"x": 1}


@pytest.mark.parametrize(
    "expression",
    [
        "open('x', 'w')",
        "__import__('os').system('touch x')",
        "lambda r: r",
        "[i for i in range(3)]",
        "os.environ['HOME']",
        "f'{1}'",
        "2 ** 9",
        "'a' * 9999999999",
        "1 / 0",
        "1e308 * 10",
        "[1] + 'a'",
        "UNKNOWN",
        "b'x'",
        "{**{}}",
        "-'a'",
        "not_set_yet + 1",
    ],
)
def test_what_is_no_literal_is_refused_and_never_run(expression, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert why(expression)
    assert list(tmp_path.iterdir()) == []


def test_a_number_cannot_grow_beyond_bounds():
    text = "X = 9\n" + "X = X * X\n" * 40  # run, it would have a million million digits
    assert (
        "such a large number" in read_settings(text, "c.py")["X"].why
        or "cannot be read" in read_settings(text, "")["X"].why
    )


def test_what_depends_on_something_unreadable_is_unreadable():
    settings = read_settings("A = f()\nB = A + 1\n", "c.py")
    assert settings["B"].why == "A cannot be read either"


@pytest.mark.parametrize(
    "statement", ["if A:\n    B = 2", "for B in [1]:\n    pass", "with f() as B:\n    pass", "*B, C = A"]
)
def test_what_only_running_would_decide_is_left_open(statement):
    settings = read_settings(f"A = 1\nB = 1\n{statement}\n", "c.py")
    assert settings["B"].why
    assert settings["B"].line >= 3
    assert not settings["A"].why


def test_other_files_are_named():
    (setting,) = read_settings("from base import *\n", "c.py").values()
    assert (setting.name, setting.place) == ("from base import *", "c.py, line 1")


def test_the_place_of_a_setting_is_its_line():
    assert read_settings("# hello\n\nBATCH_SIZE = 64\n", "myconfig.py")["BATCH_SIZE"].place == "myconfig.py, line 3"


@pytest.mark.parametrize("text", ["X = = 3", "X = \x00", "(" * 5000, "if True:"])
def test_what_is_no_python_is_refused_in_words(text):
    with pytest.raises(CopycarError, match=r"myconfig\.py"):
        read_settings(text, "myconfig.py")


short = st.text("aé'\"\\\n{", max_size=4)
literals = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | short,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(short, inner, max_size=3),
    max_leaves=8,
)


@given(literals)
def test_every_literal_comes_back(literal):
    assert value(repr(literal)) == literal


@given(st.text("AB =[]{}()'\"\n\\#:+*1\x00é", max_size=40))
def test_any_text_is_read_or_refused(text):
    with suppress(CopycarError):
        read_settings(text, "c.py")
