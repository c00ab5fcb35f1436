"""Classes that something unknown had a hand in: a metaclass, a decorator or an `__init_subclass__`.

What they made of the body of a class cannot be known, so their methods change and their shape does not.
"""

from __future__ import annotations

import ast
from types import FunctionType

from ...frames import place
from ...values import BOUND_KINDS, _mro, _type_vars, type_module
from ..live import attribute, mangled
from .common import RESTART, annotated, is_library, named, refused, resolve
from .generate import known_decorator
from .same import plainly_equal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from ..plan import ModulePlan
    from ..text.compare import Change, ClassPair

_METACLASSES = ("builtins", "abc", "typing", "typing_extensions", "enum")
_QUIET = (*_METACLASSES, "collections.abc", "_collections_abc", "pydantic.main")
_HARMLESS = (
    *((module, name) for module in ("typing", "typing_extensions") for name in ("runtime_checkable", "dataclass_transform")),
    ("enum", "unique"), ("enum", "verify"), ("functools", "total_ordering"),
)  # fmt: skip
_LOOKS = frozenset(
    "__annotations__ __dict__ __dataclass_fields__ __match_args__ __slots__ __init__ __new__ __qualname__ __bases__ get_type_hints get_annotations vars dir "
    "getattr setattr fields getmembers inspect signature dataclasses dataclass typing attr attrs type exec eval".split()
)
MAX_FUNCTIONS = 32


def maker(plan: ModulePlan, pair: ClassPair, cls: Any) -> str:
    """Return what unknown thing had a hand in making a class, in words; "" where nothing had."""
    if type_module(type(cls)) not in _METACLASSES and not is_library(type(cls), (("pydantic._internal._model_construction", "ModelMetaclass"),)):
        return f"the metaclass {named(type(cls))}"
    for node in (pair.old_node, pair.new_node):
        for decorator in node.decorator_list:
            value = resolve(plan, decorator.func if isinstance(decorator, ast.Call) else decorator)
            if not (known_decorator(value) or is_library(value, _HARMLESS) or (not isinstance(decorator, ast.Call) and blind(value))):
                return f"the decorator {ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)}"
    for base in _mro(cls)[1:]:
        hook = _type_vars(base).get("__init_subclass__")
        if hook is not None and type_module(base) not in _QUIET and not blind(getattr(hook, "__func__", None)):
            return f"the __init_subclass__ of {named(base)}"
    return ""


def blind(function: Any) -> bool:
    """Tell whether a function of the program does nothing with a class but to keep it: it never looks into one."""
    waiting, seen = [function], 0
    done: set[int] = set()
    while waiting:
        item = waiting.pop()
        if type(item) is not FunctionType or not place(item.__code__.co_filename)[1] or seen > MAX_FUNCTIONS:
            return False
        if id(item) in done:
            continue
        done.add(id(item))
        seen += 1
        names = _names(item.__code__)
        if names & _LOOKS:
            return False
        variables = item.__globals__
        waiting += [variables[name] for name in names if type(variables.get(name)) is FunctionType]
    return True


def _names(code: CodeType) -> set[str]:
    found = {*code.co_names, *code.co_freevars}
    for constant in code.co_consts:
        if type(constant) is type(code):
            found |= _names(constant)
    return found - {"__init_subclass__", "super", "__class__"}


def check_decorators(plan: ModulePlan, pair: ClassPair) -> None:
    """Refuse a decorator of the program that was added or taken away, even one that only keeps the class: it would run, or have run, with effects."""
    if "decorators" not in pair.header:
        return
    texts = [{ast.dump(node): node for node in item.decorator_list} for item in (pair.old_node, pair.new_node)]
    for text in {**texts[0], **texts[1]}:
        node = texts[1].get(text) or texts[0][text]
        value = resolve(plan, node.func if isinstance(node, ast.Call) else node)
        if (text in texts[0]) != (text in texts[1]) and not known_decorator(value) and not is_library(value, _HARMLESS):
            raise refused(plan, pair, f"has other decorators than before, and {ast.unparse(node)} runs only when the class is made: {RESTART}")


def check(plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change], by: str) -> None:
    """Raise Refused for every change that the unknown maker may have had a hand in; others are left alone."""
    if pair.header:
        part = sorted(pair.header)[0].replace("keywords", "class arguments").replace("type_params", "type parameters")
        raise refused(plan, pair, f"has other {part} than before, and {by} makes of it what is not known here: {RESTART}")
    old, new = annotated(pair.old_node), annotated(pair.new_node)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        raise refused(plan, pair, f"has its fields in another order, and {by} makes of them what is not known here: {RESTART}")
    for change in changes:
        if change.what == "assign":
            _check_value(plan, pair, cls, change, by)
        elif change.what == "function" and change.how != "changed" and not _transparent(plan, pair, cls):
            raise refused(plan, pair, f"was {change.how}, and {by} makes of methods what is not known here: {RESTART}", change.names[0], change.line)


def _check_value(plan: ModulePlan, pair: ClassPair, cls: Any, change: Change, by: str) -> None:
    nodes = [statement.node for statement in (change.old, change.new) if statement is not None]
    values = [_literal(node) for node in nodes]
    plain = all(isinstance(node, ast.Assign) for node in nodes) and all(found for found, _ in values)
    if plain and change.old is not None and len(change.names) == 1:
        there, live = attribute(cls, mangled(pair.path, change.names[0]))
        plain = there and any(plainly_equal(live, value) for _, value in values)
    if not plain:
        raise refused(plan, pair, f"was {change.how}, and {by} makes of it what is not known here: {RESTART}", ", ".join(change.names), change.line)


def _literal(node: ast.stmt) -> tuple[bool, Any]:
    try:
        return True, ast.literal_eval(getattr(node, "value", None) or ast.Name(id="", ctx=ast.Load()))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False, None


def _transparent(plan: ModulePlan, pair: ClassPair, cls: Any) -> bool:
    """Tell whether the methods of the old text are in the class as they stand in the text."""
    for statement in plan.old.cut(pair.old_node.body, pair.old.own_code()):
        node = statement.node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.decorator_list:
            raw = attribute(cls, mangled(pair.path, node.name))[1]
            function = getattr(raw, "__func__", raw) if type(raw) in BOUND_KINDS else raw
            if type(function) is not FunctionType or plan.shared.plain(function.__code__).co_name != node.name:
                return False
    return True
