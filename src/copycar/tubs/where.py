"""Filter records by an expression such as `throttle < 0.05` or `episode == "22-11-29_0" and index < 40`.

The text is parsed, never executed: `ast` gives a tree, and only the few kinds of nodes below are computed, over whole
columns at once. Knows nothing of pictures. The words of the language:

- fields: see `copycar.tubs.columns`; `pilot/angle` is written `pilot_angle`
- numbers, texts in quotes, `True` and `False`
- `< <= > >= == != in`, `and or not`, `+ - * / %`, `abs(…)`, `min(…)`, `max(…)`

A frame that lacks a field never fulfils a comparison with it.
"""

import ast
import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from copycar.core.errors import CopycarError
from copycar.tubs.columns import LARGEST, Columns
from copycar.tubs.record import Record

MOST_LETTERS = 1000  # of an expression: bounds the depth of its tree
ALLOWED = "fields, numbers, texts, comparisons, and, or, not, + - * / %, abs, min and max"

Condition = NDArray[np.bool_]

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.And: np.logical_and,
    ast.Or: np.logical_or,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "min": lambda *columns: reduce(np.minimum, columns),
    "max": lambda *columns: reduce(np.maximum, columns),
}


def matches(records: Sequence[Record], expression: str) -> Condition:
    """Return (N,) bool: which records fulfil the expression.

    Args:
        records: of one tub or several.
        expression: in the language above.

    Raises:
        CopycarError: the expression is none, uses an unknown field or mixes numbers with texts.
    """
    reading = _Reading(expression.strip(), Columns(records))
    try:
        with np.errstate(all="ignore"):  # x / 0 is infinite or NaN here, and NaN fulfils no comparison
            found = np.asarray(reading.condition(_parsed(expression)))
    except RecursionError:
        raise CopycarError(f"{_short(expression)} is nested too deep", fix="write it shorter") from None
    return np.broadcast_to(found, len(records)).copy()


def _parsed(text: str) -> ast.expr:
    why = f"it is longer than {MOST_LETTERS} letters" if len(text) > MOST_LETTERS else ""
    try:
        if not why:
            return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        why = error.msg
    except (ValueError, RecursionError, MemoryError):  # a zero byte; brackets nested too deep
        why = "it cannot be parsed"
    raise CopycarError(f"{_short(text)} is not an expression", why, "for example: throttle < 0.05")


class _Reading:
    """Computes the nodes of one expression over some columns."""

    def __init__(self, text: str, columns: Columns) -> None:
        self._text, self._columns = text, columns

    def condition(self, node: ast.expr) -> Any:
        """Compute a node that must say yes or no for every record."""
        value = self._value(node)
        if _kind(value) != "condition":
            raise self._refusal(node, "a condition is needed here: compare it with something, as in throttle < 0.05")
        return value

    def _number(self, node: ast.expr) -> Any:
        value = self._value(node)
        if _kind(value) != "number":
            raise self._refusal(node, "a number is needed here")
        return value

    def _value(self, node: ast.expr) -> Any:
        compute = self._computations.get(type(node))
        if compute is None:
            raise self._refusal(node)
        return compute(self, node)

    def _constant(self, node: ast.Constant) -> Any:
        match node.value:
            case bool() | str():
                return node.value
            case int() | float() as number if abs(number) < LARGEST:
                return np.float64(number)
        raise self._refusal(node)

    def _name(self, node: ast.Name) -> Any:
        return self._columns[node.id]

    def _unary(self, node: ast.UnaryOp) -> Any:
        if isinstance(node.op, ast.Not):
            return np.logical_not(self.condition(node.operand))
        return self._operator(node, node.op)(self._number(node.operand))

    def _binary(self, node: ast.BinOp) -> Any:
        return self._operator(node, node.op)(self._number(node.left), self._number(node.right))

    def _all_or_any(self, node: ast.BoolOp) -> Any:
        return reduce(self._operator(node, node.op), [self.condition(value) for value in node.values])

    def _call(self, node: ast.Call) -> Any:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in _FUNCTIONS or node.keywords or not node.args or (name == "abs" and len(node.args) > 1):
            raise self._refusal(node)
        return _FUNCTIONS[name](*(self._number(value) for value in node.args))

    def _comparison(self, node: ast.Compare) -> Any:
        sides = [node.left, *node.comparators]
        return reduce(np.logical_and, [self._compare(*pair) for pair in zip(sides, node.ops, sides[1:], strict=False)])

    def _compare(self, left: ast.expr, operation: ast.cmpop, right: ast.expr) -> Any:
        if isinstance(operation, ast.In | ast.NotIn):
            is_in = self._is_one_of(left, right)
            return np.logical_not(is_in) if isinstance(operation, ast.NotIn) else is_in
        a, b = np.asarray(self._value(left)), np.asarray(self._value(right))
        if _kind(a) != _kind(b):
            raise CopycarError(
                f"{_short(self._text)} compares a {_kind(a)} with a {_kind(b)}", fix="put texts in quotes"
            )
        known = np.logical_not(np.logical_or(_is_missing(a), _is_missing(b)))
        return np.logical_and(self._operator(left, operation)(a, b), known)

    def _is_one_of(self, left: ast.expr, right: ast.expr) -> Any:
        if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
            raise self._refusal(right, 'after `in` comes a list: ("user", "local")')
        return reduce(np.logical_or, [self._compare(left, ast.Eq(), item) for item in right.elts])

    def _operator(self, node: ast.expr, operation: ast.AST) -> Callable[..., Any]:
        if type(operation) not in _OPERATORS:
            raise self._refusal(node)
        return _OPERATORS[type(operation)]

    def _refusal(self, node: ast.expr, why: str = f"an expression may use {ALLOWED}") -> CopycarError:
        return CopycarError(f"cannot use {_short(ast.get_source_segment(self._text, node) or self._text)}", why)

    _computations = cast(
        "dict[type[ast.expr], Callable[[_Reading, Any], Any]]",
        {
            ast.Constant: _constant,
            ast.Name: _name,
            ast.UnaryOp: _unary,
            ast.BinOp: _binary,
            ast.BoolOp: _all_or_any,
            ast.Compare: _comparison,
            ast.Call: _call,
        },
    )


def _kind(value: Any) -> str:
    return {"U": "text", "b": "condition"}.get(np.asarray(value).dtype.kind, "number")


def _is_missing(array: NDArray[Any]) -> Condition:
    return np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, dtype=np.bool_)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
