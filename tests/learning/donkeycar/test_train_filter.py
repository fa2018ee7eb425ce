import ast
from types import SimpleNamespace

import pytest

from copycar.learning.donkeycar.train_filter import as_where
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub
from copycar.tubs.where import matches


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return Tub.open(make_tub(tmp_path_factory.mktemp("filter") / "tub", n_frames=40, image_size=(16, 16))).records


def as_donkeycar_has_it(record):
    action = {"user/angle": record.action.steering, "user/throttle": record.action.throttle}
    return SimpleNamespace(underlying={**record.values, **action, "_index": record.index})


@pytest.mark.parametrize(
    "function",
    [
        "lambda r: r.underlying['user/throttle'] > 0.1",
        "lambda record: abs(record.underlying['user/angle']) < 0.5 and not record.underlying['user/throttle'] == 0",
        "lambda r: -0.3 <= r.underlying.get('user/angle') <= 0.3",
        "lambda r: r.underlying['user/mode'] in ('user', 'local')",
        "lambda r: max(r.underlying['user/angle'], -r.underlying['user/throttle']) > 0 or r.underlying['_index'] < 9",
    ],
)
def test_the_expression_keeps_the_frames_that_the_function_keeps(function, records):
    keeps = eval(function)
    expected = [bool(keeps(as_donkeycar_has_it(record))) for record in records]
    where = as_where(ast.parse(function, mode="eval").body)
    assert matches(records, where).tolist() == expected
    assert any(expected)


def test_a_function_that_only_returns_counts_as_a_lambda():
    text = 'def TRAIN_FILTER(record):\n    """Fast ones."""\n    return record.underlying["user/throttle"] > 0.2\n'
    assert as_where(ast.parse(text).body[0]) == "throttle > 0.2"


@pytest.mark.parametrize(
    "function",
    [
        "lambda r: open('x')",
        "lambda r: r.other['user/throttle'] > 0",
        "lambda r: s.underlying['user/throttle'] > 0",
        "lambda r: r.underlying[0] > 0",
        "lambda r: r.underlying.get('user/throttle', 1) > 0",
        "lambda r: threshold < r.underlying['user/throttle']",
        "lambda r, s: r.underlying['user/throttle'] > 0",
        "lambda r: r.underlying['user/throttle'] ** 2 > 0",
        "lambda r: sum(r.underlying['a']) > 0",
        "3",
    ],
)
def test_a_function_that_does_anything_else_has_no_expression(function):
    assert as_where(ast.parse(function, mode="eval").body) is None


@pytest.mark.parametrize("body", ["x = 1\n    return r.underlying['a'] > x", "return", "pass"])
def test_a_function_with_more_than_a_return_has_no_expression(body):
    assert as_where(ast.parse(f"def f(r):\n    {body}\n").body[0]) is None
