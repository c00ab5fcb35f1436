"""An object read like a dict: `user["name"]`, `user.get("name")` or `"name" in user` where the object has an attribute of that name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.idioms import base_type
from nexoide.repair.code.index import find_classes, members
from nexoide.repair.code.names import closest
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, in_own_code

_ITEM = re.compile(r"'([\w.]+)' object (?:is not subscriptable|does not support item (assignment|deletion))")
_TUPLE = re.compile(r"tuple indices must be integers or slices, not str")
_GET = re.compile(r"'([\w.]+)' object has no attribute '(get|keys|items|values|setdefault)'")
_BUILT_IN = frozenset(["list", "dict", "set", "str", "bytes", "int", "float", "bool", "tuple", "NoneType", "function", "method", "generator", "type", "module"])


class AttributeOrKey:
    """Reads the attribute that the object has in the place of an item of that name."""

    name = "attribute-or-key"
    summary = "Reads an attribute of an object that was read like a dict, where the object has attributes of those names."
    errors = ("TypeError", "AttributeError")
    examples: tuple[Example, ...] = (
        Example(
            name="dataclass-read-like-a-dict",
            files={
                "main.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass User:\n    name: str\n    age: int\n\n\ndef show(user):\n"
                "    return f\"{user['name']} is {user['age']}\"\n\n\nprint(show(User('Ann', 3)))\n"
            },
            prints="Ann is 3\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an object was read like a dict and is none."""
        match = _ITEM.match(raised.message) if raised.type == "TypeError" else _GET.match(raised.message) if raised.type == "AttributeError" else None
        if match is not None:
            return base_type(match[1]) not in _BUILT_IN
        return raised.type == "TypeError" and _TUPLE.match(raised.message) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield attributes for all items that are read of the same value in the function."""
        if not in_own_code(context):
            return
        found = _receivers(context)
        if len({ast.dump(node) for node in found}) != 1:
            context.refuse("The line reads items of several values, and nothing says which of them is the object." if found else "")
            return
        receiver = found[0]
        match = _ITEM.match(context.raised.message) or _GET.match(context.raised.message)
        kind = match[1].rsplit(".", 1)[-1] if match is not None else ""
        names = _names(context, receiver, kind)
        if not names:
            context.refuse(f"Nothing shows which attributes the {kind or 'tuple'} has.")
            return
        module = context.module
        edits: list[Edit] = []
        used: list[str] = []
        for use in _uses(module, receiver):
            made = _as_attribute(module, use, names)
            if made is not None:
                edits.append(made[0])
                used.append(made[1])
        if not edits:
            context.refuse(f"The {kind or 'tuple'} has none of the names that are read of it like of a dict.")
            return
        text = module.segment(receiver)
        shown = ", ".join(dict.fromkeys(f".{name}" for name in used))
        proposal = context.propose(
            rule=self.name,
            title=f"read {shown} of {text[:40]}, which is a {kind or 'named tuple'} and no dict"[:110],
            rationale=(
                f"{text[:60]} was a {kind or 'named tuple'}, whose values are attributes, and it was read like a dict. "
                f"The edit reads {shown} in {'all ' + str(len(edits)) + ' places' if len(edits) > 1 else 'the one place'} of this function. "
                f"The object stays as it is."
            ),
            edits=[(module, edit) for edit in edits],
            prior=0.85,
            nature="call",
            alternatives=(f"Giving a dict instead of a {kind or 'tuple'}: other code reads its attributes.",),
            unchecked=("Whether dicts come to this place on another way.",),
        )
        if proposal is not None:
            yield proposal


def _receivers(context: Context) -> list[ast.expr]:
    if context.raised.type == "AttributeError":
        found = context.nodes(lambda node: isinstance(node, ast.Attribute) and node.attr in ("get", "keys", "items", "values", "setdefault"))
    else:
        found = context.nodes(lambda node: isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str))
    return [node.value for node in found if isinstance(node, ast.Attribute | ast.Subscript)]


def _names(context: Context, receiver: ast.expr, kind: str) -> set[str]:
    """Return the names of the attributes that the object has, as seen or by its class."""
    view = context.raised.obj or context.view(receiver)
    if view is not None and (not kind or view.type.rsplit(".", 1)[-1] == kind) and view.type != "tuple":
        return set(view.attributes)
    if not kind:
        return set()
    found = find_classes(context.project, kind, context.module)
    return set(members(context.project, found[0]).names) if len(found) == 1 else set()


def _uses(module: Module, receiver: ast.expr) -> list[ast.expr]:
    """Return the items and `.get(...)` that the same function reads of the same value."""
    function: ast.AST = module.function(receiver) or module.tree
    wanted = ast.dump(receiver)
    return [node for node in ast.walk(function) if isinstance(node, ast.Subscript | ast.Call) and (held := _parts(node)[2]) and ast.dump(held) == wanted]


def _as_attribute(module: Module, use: ast.expr, names: set[str]) -> tuple[Edit, str] | None:
    key, default, receiver = _parts(use)
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str) or receiver is None:
        return None
    name = key.value if key.value in names else next((other for score, other in closest(key.value, names, 0.85)), "")
    if not name and default is not None and key.value.isidentifier():
        return Edit(*module.span(use), f'getattr({module.segment(receiver)}, "{key.value}", {module.segment(default)})'), key.value
    if not name:
        return None
    return Edit(*module.span(use), f"{module.segment(receiver)}.{name}"), name


def _parts(use: ast.expr) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    """Return the key, the default and the receiver of an item or a `.get(...)`."""
    if isinstance(use, ast.Subscript):
        return use.slice, None, use.value
    if isinstance(use, ast.Call) and isinstance(use.func, ast.Attribute) and use.func.attr == "get" and 1 <= len(use.args) <= 2 and not use.keywords:
        return use.args[0], use.args[1] if len(use.args) == 2 else None, use.func.value
    return None, None, None
