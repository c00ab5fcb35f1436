"""Templates of calls: the new call written from the parts of the old one."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Sequence

_PART = re.compile(r"\{(@[\w.]+|kw:\w+!?|\d+!?|rest|,?args,?|args-\w+|-\w+|self!?|,rest)\}")
_SIMPLE = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.JoinedStr)

Render = Callable[[ast.expr], str]


def fill(template: str, call: ast.Call | None, receiver: ast.expr | None, render: Render, reach: Callable[[str], str]) -> str | None:
    """Return a template's text, or None where the old call lacks a part that it names."""
    arguments: Sequence[ast.expr] = call.args if call is not None else ()
    keywords = {item.arg: item.value for item in call.keywords} if call is not None else {}
    named = _PART.findall(template)
    positions = {int(part.rstrip("!")) for part in named if part.rstrip("!").isdigit()}
    words = {part[3:].rstrip("!") for part in named if part.startswith("kw:")}
    left_out = {part.rpartition("-")[2] for part in named if "-" in part}
    if any(position >= len(arguments) or isinstance(arguments[position], ast.Starred) for position in positions) or words - set(keywords):
        return None
    if receiver is None and any(part.startswith("self") for part in named):
        return None

    def part(match: re.Match[str]) -> str:
        text = match[1]
        if text.startswith("@"):
            return reach(text[1:])
        if text.startswith("-"):
            return ""
        if text.strip(",").startswith("args"):
            whole = ", ".join(_written(call, render, (), left_out if "-" in text else ()))
            return ", " * (text[0] == "," and bool(whole)) + whole + ", " * (text[-1] == "," and bool(whole))
        if text in ("rest", ",rest"):
            rest = _written(call, render, positions, words | left_out)
            return ", " * (text[0] == "," and bool(rest)) + ", ".join(rest)
        node = receiver if text.startswith("self") else keywords[text[3:].rstrip("!")] if text.startswith("kw:") else arguments[int(text.rstrip("!"))]
        assert node is not None
        return atom(node, render(node)) if text.endswith("!") else render(node)

    return _PART.sub(part, template)


def atom(node: ast.expr, text: str) -> str:
    """Return an expression's text, in parentheses where an operator or an attribute beside it would take it apart."""
    simple = isinstance(node, _SIMPLE) and not (isinstance(node, ast.Constant) and isinstance(node.value, int | float | complex))
    enclosed = isinstance(node, ast.Tuple) and not text.startswith("(")
    return text if simple and not enclosed else f"({text})"


def _written(call: ast.Call | None, render: Render, positions: Collection[int] = (), words: Collection[str] = ()) -> list[str]:
    """Return a call's arguments as they are written, those already placed left out."""
    if call is None:
        return []
    found = [render(item) for place, item in enumerate(call.args) if place not in positions]
    left = [item for item in call.keywords if item.arg not in words]
    return found + [f"{item.arg}={render(item.value)}" if item.arg else f"**{render(item.value)}" for item in left]


def fits(call: ast.Call | None, positional: int, needs: Sequence[str], lacks: Sequence[str]) -> bool:
    """Say whether a call has the number of arguments and the keywords that a row is for."""
    if positional < 0 and not needs and not lacks:
        return True
    if call is None or any(isinstance(item, ast.Starred) for item in call.args):
        return False
    given = {item.arg for item in call.keywords}
    return (positional < 0 or len(call.args) == positional) and set(needs) <= given and not (set(lacks) & given)
