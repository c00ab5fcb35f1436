"""Evaluates an expression of a module aside from it, with what its names mean now or will mean."""

from __future__ import annotations
import __future__

import ast

from ..commit import MISSING as ABSENT  # what stands for "no value"
from .lookups import global_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Failed(Exception):  # noqa: N818
    """The expression raised; the message names what."""


def evaluate(node: ast.expr, variables: dict[str, Any], names: Mapping[str, Any], filename: str) -> Any:
    """Return the value of an expression over a module's globals, `names` before them; raises Failed."""
    flags = __future__.annotations.compiler_flag
    apart = bool(names) and any(isinstance(item, ast.Lambda) for item in ast.walk(node))  # a lambda keeps the globals that it is made with
    if apart and blind(node, variables, names):
        raise Failed("NameError")
    try:
        code = compile(ast.Expression(body=node), filename, "eval", flags=flags, dont_inherit=True)
        if apart:
            return eval(code, variables, dict(names))
        # One merged dict and no separate locals: the scope of a comprehension sees globals alone.
        return eval(code, {**variables, **names} if names else variables)
    except Exception as error:  # an expression of the program, and what it calls, may raise anything
        raise Failed(type(error).__name__) from error


def blind(node: ast.expr, variables: Mapping[str, Any], names: Mapping[str, Any]) -> bool:
    """Tell whether scopes within an expression that makes functions read names that only stand aside: they see the module's globals alone."""
    called = any(isinstance(item, ast.Call) for item in ast.walk(node))
    inner = [item for item in ast.walk(node) if isinstance(item, _COMPREHENSIONS) or (called and isinstance(item, ast.Lambda))]
    read = {item.id for scope in inner for item in ast.walk(scope) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}
    return any(name in names and (name not in variables or variables[name] is not names[name]) for name in read)


def lookup_in(variables: dict[str, Any], names: Mapping[str, Any]) -> Callable[[str], object]:
    """Return the function that says what a name means over a module's globals; it raises LookupError."""

    def lookup(name: str) -> object:
        if name in names:
            return names[name]
        value = global_value(variables, name)
        if value is None and name not in variables:
            raise LookupError(name)
        return value

    return lookup


__all__ = ["ABSENT", "Failed", "blind", "evaluate", "lookup_in"]
