"""donkeycar's TRAIN_FILTER, a Python function of a record, as an expression for `where`. Runs nothing."""

import ast

from copycar.tubs.columns import as_name

_NAMES = {
    "user/angle": "steering",
    "user/throttle": "throttle",
    "user/mode": "mode",
    "_index": "index",
    "_session_id": "episode",
}
_FUNCTIONS = {"abs", "min", "max"}
_HARMLESS = (
    *(ast.BoolOp, ast.And, ast.Or, ast.Not, ast.UnaryOp, ast.USub, ast.UAdd),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod),
    *(ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq, ast.In, ast.NotIn),
    *(ast.Constant, ast.List, ast.Tuple, ast.Load),
)
"""What `where` computes too (`copycar.tubs.where`)."""


def as_where(node: ast.AST | None) -> str | None:
    """Return the expression that keeps the frames which the function keeps; None where it does anything else.

    Args:
        node: a lambda of one record, or a function whose body is one `return`.

    >>> as_where(ast.parse("lambda r: r.underlying['user/throttle'] > 0.1", mode="eval").body)
    'throttle > 0.1'
    """
    match node:
        case ast.Lambda(args=arguments, body=body):
            pass
        case ast.FunctionDef(args=arguments, body=[*_, ast.Return(value=ast.expr() as body)]) if _is_plain(node):
            pass
        case _:
            return None
    if len(arguments.args) != 1:
        return None
    fields = _Fields(arguments.args[0].arg)
    translated = fields.visit(body)
    return ast.unparse(translated) if _is_harmless(translated, fields.made) else None


class _Fields(ast.NodeTransformer):
    """Turns `r.underlying["user/throttle"]` and `r.underlying.get("user/throttle")` into `throttle`.

    Args:
        record: what the function calls its record.

    Attributes:
        made: the names that it put in.
    """

    def __init__(self, record: str) -> None:
        self._record = record
        self.made: list[ast.AST] = []

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Translate an index."""
        match node:
            case ast.Subscript(value=values, slice=ast.Constant(value=str(key))) if self._is_values(values):
                return self._field(key)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Translate `.get`, and what is inside a call of a function that `where` has."""
        match node:
            case ast.Call(
                func=ast.Attribute(value=values, attr="get"), args=[ast.Constant(value=str(key))], keywords=[]
            ) if self._is_values(values):
                return self._field(key)
            case ast.Call(func=ast.Name(id=name), keywords=[]) if name in _FUNCTIONS:
                node.args = [self.visit(argument) for argument in node.args]
        return node

    def _field(self, key: str) -> ast.AST:
        name = ast.Name(_NAMES.get(key, as_name(key)), ast.Load())
        self.made.append(name)
        return name

    def _is_values(self, node: ast.expr) -> bool:
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr="underlying"):
                return name == self._record
        return False


def _is_plain(function: ast.FunctionDef) -> bool:
    """Return whether the function does nothing but return something; it may have a docstring."""
    before = function.body[:-1]
    return all(isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) for each in before)


def _is_harmless(node: ast.AST, fields: list[ast.AST]) -> bool:
    """Return whether the expression holds nothing but what `where` knows; names only where they are among `fields`."""
    match node:
        case ast.Name():
            return any(node is field for field in fields)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return all(_is_harmless(argument, fields) for argument in arguments)
    return isinstance(node, _HARMLESS) and all(_is_harmless(child, fields) for child in ast.iter_child_nodes(node))
