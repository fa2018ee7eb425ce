"""Read the settings of a Python file without running it. Knows nothing of what they mean.

The file is parsed, never executed: `ast` gives a tree, and only literals, arithmetic on them and names set earlier in
the file are computed. What else there is, is named with its line.
"""

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from copycar.core.errors import CopycarError

LARGEST = 1e300
"""Beyond it a number is no setting, and arithmetic on it could take for ever."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One name of a settings file.

    Attributes:
        name: as it is written.
        line: where it was set last, from 1.
        file: the file's name, for messages.
        value: what it is; None where it cannot be read.
        why: why it cannot be read; "" where it can.
        node: what stands there, where it cannot be read.
    """

    name: str
    line: int
    file: str
    value: Any = None
    why: str = ""
    node: ast.AST | None = None

    @property
    def place(self) -> str:
        """File and line, for messages."""
        return f"{self.file}, line {self.line}"


class _UnreadableError(Exception):
    """Says in words why something is no literal."""


_ARITHMETIC: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}


def read_settings(text: str, file: str) -> dict[str, Setting]:
    """Return every name that the file sets, by name, in the order of the first line that sets it.

    Args:
        text: the file's content.
        file: its name, for messages.

    Raises:
        CopycarError: the text is not Python.
    """
    try:
        statements = ast.parse(text).body
        settings: dict[str, Setting] = {}
        for statement in statements:
            _take(statement, settings, file)
    except SyntaxError as error:
        raise CopycarError(f"{file} is not Python", f"line {error.lineno}: {error.msg}", "correct that line") from None
    except (ValueError, RecursionError, MemoryError):  # a zero byte; brackets nested too deep
        raise CopycarError(
            f"{file} cannot be read", "it is not a settings file", "name donkeycar's myconfig.py"
        ) from None
    return settings


def _take(statement: ast.stmt, settings: dict[str, Setting], file: str) -> None:
    """Compute what one statement sets."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _assign(target, value, settings, file)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            _assign(target, value, settings, file)
        case ast.AugAssign(target=ast.Name(id=name) as target, op=operation, value=value):
            total = ast.BinOp(ast.Name(name, ast.Load()), operation, value)
            _assign(target, ast.copy_location(total, statement), settings, file)
        case ast.FunctionDef(name=name):
            settings[name] = Setting(name, statement.lineno, file, why="it is a function", node=statement)
        case ast.ImportFrom(names=[ast.alias(name="*")], module=module):
            settings["*"] = Setting(f"from {module} import *", statement.lineno, file, why="other files are not read")
        case ast.Import() | ast.ImportFrom() | ast.ClassDef() | ast.Expr() | ast.Pass():
            pass  # sets nothing that donkeycar takes for a setting
        case _:
            _leave_open(statement, settings, file)


def _assign(target: ast.expr, node: ast.expr, settings: dict[str, Setting], file: str) -> None:
    match target, node:
        case ast.Name(id=name), _:
            settings[name] = _setting(name, node, settings, file)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=key)), _ if name in settings:
            added, before = _setting(name, node, settings, file), settings[name]
            why = before.why or added.why or ("" if isinstance(before.value, dict) else "it is no dict")
            value = None if why else {**before.value, key: added.value}
            settings[name] = Setting(name, target.lineno, file, value, why, node if why else None)
        case ast.Tuple(elts=targets), ast.Tuple(elts=nodes) if len(targets) == len(nodes):
            for each, its_node in zip(targets, nodes, strict=True):
                _assign(each, its_node, settings, file)
        case _:
            _leave_open(ast.copy_location(ast.Expr(target), target), settings, file)


def _setting(name: str, node: ast.expr, settings: dict[str, Setting], file: str) -> Setting:
    try:
        return Setting(name, node.lineno, file, _value(node, settings))
    except _UnreadableError as refusal:
        return Setting(name, node.lineno, file, why=str(refusal), node=node)


def _leave_open(statement: ast.stmt, settings: dict[str, Setting], file: str) -> None:
    """Mark every name that the statement may set: what it will be is decided when the file runs."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            why = f"an `{type(statement).__name__.lower()}` decides it when the file is run"
            settings[node.id] = Setting(node.id, node.lineno, file, why=why, node=statement)


def _value(node: ast.expr, settings: dict[str, Setting]) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            return _bounded(value)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            values = [_value(part, settings) for part in parts]
            return values if isinstance(node, ast.List) else tuple(values)
        case ast.Dict(keys=keys, values=values) if all(isinstance(key, ast.Constant) for key in keys):
            return {key.value: _value(value, settings) for key, value in zip(keys, values, strict=True)}  # type: ignore[union-attr]
        case ast.Name(id=name):
            return _earlier(name, settings)
        case ast.UnaryOp(op=operation, operand=operand):
            return _computed(operation, _value(operand, settings))
        case ast.BinOp(left=left, op=operation, right=right):
            return _computed(operation, _value(left, settings), _value(right, settings))
    raise _UnreadableError(f"`{_short(node)}` would have to be run")


def _earlier(name: str, settings: dict[str, Setting]) -> Any:
    if name not in settings:
        raise _UnreadableError(f"{name} is not set earlier in the file")
    if settings[name].why:
        raise _UnreadableError(f"{name} cannot be read either")
    return settings[name].value


def _computed(operation: ast.AST, *values: Any) -> Any:
    """Return a sum, product … of numbers, or texts or lists put together."""
    joins = isinstance(operation, ast.Add) and all(isinstance(value, str | list | tuple) for value in values)
    numbers = all(isinstance(value, int | float) for value in values)
    if type(operation) not in _ARITHMETIC or not (numbers or joins):
        raise _UnreadableError("only + - * / // % of numbers, and + of texts or lists, are computed")
    try:
        return _bounded(_ARITHMETIC[type(operation)](*values))
    except (ZeroDivisionError, OverflowError, TypeError) as error:
        raise _UnreadableError(str(error)) from None


def _bounded(value: Any) -> Any:
    if isinstance(value, int | float) and not abs(value) < LARGEST:
        raise _UnreadableError("such a large number is no setting")
    return value


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:57]}..."
