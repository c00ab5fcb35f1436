"""What a program says should come out where there is nothing to work on: in docstrings, early returns, guards of like code, annotations."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.absent import absence
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context

_VALUE = r"(?P<value>``?[^`]+``?|'[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?|None|True|False|zero|nothing|an empty (?:list|string|text|dict|tuple|set)|\[\]|\{\}|\(\))"
_NOTHING = (
    r"(?:there (?:is|are) (?:no|none|nothing)|(?:\w+ ){0,4}(?:is|are) (?:empty|zero|missing|0|none)|no \w+|nothing|none|empty|an? empty"
    r"|without|zero|missing|\w+ is 0|not)"
)
_SAID = (
    re.compile(rf"{_VALUE}\s*,?\s+(?:is returned |is given )?(?:if|when|where|for|on|in case of|of)\s+(?:the |an? )?{_NOTHING}", re.IGNORECASE),
    re.compile(
        rf"(?:if|when|where|for|on)\s+(?:the |an? )?{_NOTHING}[^.;]{{0,60}}?(?:returns?|gives?|is|are|counts? as|yields?|->|=|:|,)\s*(?:a |an )?{_VALUE}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:empty|no|without|zero)\s+[\w (),]{{1,40}}?(?:returns?|gives?|is|are|have|has|counts? as|yields?|->|=|:|mean[s]?)\s+(?:a |an )?{_VALUE}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:or|else)\s+{_VALUE}\s+(?:if|when|where|for)\b", re.IGNORECASE),
    re.compile(rf"(?:empty|no|without|zero) \w+(?: \w+){{0,3}}? \w+s {_VALUE}(?=[.,;)]|$)", re.IGNORECASE),
)
_BAD = r"(?:malformed|invalid|bad|empty|blank|short|incomplete|broken|without)"
_LEFT_OUT = r"(?:skip|ignor|leav\w* out|left out|drop|omit)"
_SKIPS = re.compile(rf"{_LEFT_OUT}\w*[^.]{{0,40}}{_BAD}|{_BAD}[^.]{{0,40}}{_LEFT_OUT}", re.IGNORECASE)
_WORDS = {
    "zero": "0",
    "nothing": "None",
    "an empty list": "[]",
    "an empty string": '""',
    "an empty text": '""',
    "an empty dict": "{}",
    "an empty tuple": "()",
    "an empty set": "set()",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The text of what should come out, or of the statement that should run, why, and how sure that is."""

    text: str
    why: str
    sure: float
    is_statement: bool = False
    of_like: bool = False


def answer_for_nothing(context: Context, function: FunctionNode | None, tested: list[str]) -> Answer | None:
    """Return what a function should give where there is nothing; `tested` are the texts that would be tested for emptiness."""
    module = context.module
    if function is not None:
        said = _documented(module, function)
        if said is not None:
            return said
        kinds = absence.absence_returns(module, function)
        if len(kinds) == 1:
            (text,) = kinds
            return Answer(text or "None", f"{function.name}() already answers that way elsewhere", 0.84)
    like = _of_like_code(context, function, tested)
    if like is not None:
        return like
    if function is not None:
        if absence.may_return_none(module, function):
            return Answer("None", f"{function.name}() is declared to give None then", 0.78)
        if absence.callers_expect_none(context.project, function):
            return Answer("None", f"callers of {function.name}() test its result for None", 0.78)
    return None


def _documented(module: Module, function: FunctionNode) -> Answer | None:
    places: list[tuple[str, str]] = [(ast.get_docstring(function) or "", f"the docstring of {function.name}()")]
    owner = next((item for item in module.ancestors(function) if isinstance(item, ast.ClassDef)), None)
    if owner is not None:
        places.append((ast.get_docstring(owner) or "", f"the docstring of {owner.name}"))
    places.append((ast.get_docstring(module.tree) or "", f"the docstring of {module.rel}"))
    first, last = function.lineno, function.end_lineno or function.lineno
    comments = " ".join(line.partition("#")[2].strip() for line in module.lines[max(0, first - 4) : last] if "#" in line)
    places.append((comments, f"a comment in {function.name}()"))
    for text, where in places:
        value = documented_value(text)
        if value:
            return Answer(value, f"{where} says so", 0.88)
    return None


def documented_value(text: str) -> str:
    """Return the value that a text says is given for nothing, as Python writes it; "" where it says none."""
    flat = " ".join(text.split())
    for pattern in _SAID:
        for match in pattern.finditer(flat):
            value = match["value"].strip("`").strip()
            value = _WORDS.get(value.lower(), value)
            if value in ("None", "True", "False", "[]", "{}", "()", '""', "''", "set()") or re.fullmatch(r"-?\d+(?:\.\d+)?|'[^']*'|\"[^\"]*\"", value):
                return value
    return ""


def says_skip(module: Module, function: FunctionNode | None) -> bool:
    """Say whether a docstring says that items which lack something are left out."""
    texts = [ast.get_docstring(module.tree) or ""]
    if function is not None:
        texts.append(ast.get_docstring(function) or "")
        owner = next((item for item in module.ancestors(function) if isinstance(item, ast.ClassDef)), None)
        texts.append((ast.get_docstring(owner) or "") if owner is not None else "")
    return any(_SKIPS.search(" ".join(text.split())) for text in texts)


def _of_like_code(context: Context, function: FunctionNode | None, tested: list[str]) -> Answer | None:
    """Return what the project's other guards of emptiness give, where all that concern the same things give the same."""
    names = {text.rsplit(".", 1)[-1] for text in tested if text}
    same: dict[str, str] = {}
    for module in (
        context.module,
        *(item for rel in context.project.files[:60] if (item := _readable(context, rel)) is not None and item is not context.module),
    ):
        if is_test(module.rel):
            continue
        for where, name, text, is_statement in guards_of(module):
            if where is not function and name in names:
                same.setdefault(("!" if is_statement else "") + text, f"{where.name if where is not None else module.rel}()")
    if len(same) == 1:
        text, where_name = next(iter(same.items()))
        return Answer(text.lstrip("!"), f"{where_name} answers it that way", 0.84, is_statement=text.startswith("!"), of_like=True)
    return None


def _readable(context: Context, rel: str) -> Module | None:
    from nexoide.repair.code.source import UnreadableError

    try:
        return context.project.module(rel)
    except UnreadableError:
        return None


def guards_of(module: Module) -> Iterator[tuple[FunctionNode | None, str, str, bool]]:
    """Yield each guard of emptiness: its function, the name that it tests, and the value that it gives (or the `raise` it makes)."""
    for node in module.nodes:
        if isinstance(node, ast.If) and len(node.body) == 1:
            name = tested_for_nothing(node.test)
            first = node.body[0]
            if name and isinstance(first, ast.Return):
                yield module.function(node), name, module.segment(first.value) if first.value is not None else "None", False
            elif name and isinstance(first, ast.Raise) and isinstance(first.exc, ast.Call):
                yield module.function(node), name, module.segment(first), True
        elif isinstance(node, ast.IfExp):
            name = tested_for_something(node.test)
            if name and isinstance(node.orelse, ast.Constant | ast.UnaryOp | ast.List | ast.Dict):
                yield module.function(node), name, module.segment(node.orelse), False


def tested_for_nothing(test: ast.expr) -> str:
    """Return the last name of what `not x`, `x == 0`, `len(x) == 0`, `x <= 0` tests, "" for any other test."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _measured(test.operand)
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq | ast.LtE | ast.Lt):
        right = test.comparators[0]
        limit = 1 if isinstance(test.ops[0], ast.Lt) else 0
        if isinstance(right, ast.Constant) and right.value == limit and not isinstance(right.value, bool):
            return _measured(test.left)
        if isinstance(right, ast.List | ast.Tuple) and not right.elts:
            return _measured(test.left)
    return ""


def tested_for_something(test: ast.expr) -> str:
    """Return the last name of what `x`, `x > 0`, `x != 0`, `len(x)` tests, "" for any other test."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Gt | ast.NotEq):
        right = test.comparators[0]
        return _measured(test.left) if isinstance(right, ast.Constant) and right.value == 0 else ""
    return _measured(test) if isinstance(test, ast.Name | ast.Attribute | ast.Call) else ""


def _measured(node: ast.expr) -> str:
    if isinstance(node, ast.Call) and last_name(node.func) in ("len", "sum") and node.args:
        return last_name(node.args[0])
    return last_name(node) if not isinstance(node, ast.Call) else ""


def gives_truth(function: FunctionNode) -> bool:
    """Say whether every return of a function is True, False or a test."""
    returns = [item.value for item in own_nodes(function) if isinstance(item, ast.Return)]
    return bool(returns) and all(
        isinstance(item, ast.Compare)
        or (isinstance(item, ast.UnaryOp) and isinstance(item.op, ast.Not))
        or (isinstance(item, ast.Constant) and isinstance(item.value, bool))
        for item in returns
    )


def innermost_loop(module: Module, node: ast.AST) -> ast.For | ast.While | None:
    """Return the closest loop around a node in its own function."""
    for item in module.ancestors(node):
        if isinstance(item, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            return None
        if isinstance(item, ast.For | ast.While):
            return item
    return None
