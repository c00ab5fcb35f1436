"""Where a value for a missing argument can be taken from at a call, the surest place first; two equally sure ones are none."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from nexoide.model.failure import ValueView
from nexoide.repair.code.index import index, members
from nexoide.repair.code.infer import receiver_classes
from nexoide.repair.code.names import closest, is_tie, similarity
from nexoide.repair.code.project import Project
from nexoide.repair.code.scope import known_anywhere, visible
from nexoide.repair.code.source import Module


@dataclass(frozen=True, slots=True)
class Source:
    """An expression that can be given, in words where it comes from, and how sure that is (0 to 1)."""

    text: str
    why: str
    sure: float


def find_source(project: Project, module: Module, call: ast.Call, name: str, views: Mapping[str, ValueView], habits: Mapping[str, list[str]]) -> Source | None:
    """Return the one place that gives a value for parameter `name`, or None where there is none or several.

    `views` are the failing frame's locals (empty for other calls), `habits` what correct calls of the same function give.
    """
    local = visible(module, call, call.lineno)
    if name in local and name not in ("self", "cls"):
        return Source(name, "a variable of that name", 0.9)
    own = _of_self(project, module, call, name)
    if own is not None:
        return own
    if name in index(module).globals and not _is_definition(module, name):
        return Source(name, "a module-level name", 0.8)
    constant = next((item for item in sorted(index(module).globals) if item.isupper() and item.lower() in (name.lower(), f"default_{name.lower()}")), None)
    if constant is not None:
        return Source(constant, "a module-level constant", 0.72)
    from_argument = _attribute_of(
        project, module, [item for item in (*call.args, *(keyword.value for keyword in call.keywords)) if isinstance(item, ast.Name)], name, views
    )
    if len(from_argument) == 1:
        return Source(from_argument[0], "an attribute of another argument", 0.72)
    if not from_argument:
        others = [ast.Name(id=item, ctx=ast.Load()) for item in local if item not in ("self", "cls")]
        from_local = _attribute_of(project, module, _placed(module, call, others), name, views)
        if len(from_local) == 1:
            return Source(from_local[0], "an attribute of a variable here", 0.64)
        if len(from_local) > 1:
            return None
    else:
        return None
    habit = habits.get(name, [])
    if habit and len(set(habit)) == 1 and _is_known_here(module, call, habit[0]):
        return Source(habit[0], f"what {len(habit)} other call{'s' if len(habit) > 1 else ''} give{'' if len(habit) > 1 else 's'}", 0.7)
    ranked = closest(name, [item for item in local if item not in ("self", "cls")], 0.77)
    if ranked and not is_tie(ranked):
        return Source(ranked[0][1], "a variable with a like name", 0.55)
    return None


def _of_self(project: Project, module: Module, call: ast.Call, name: str) -> Source | None:
    function = module.function(call)
    owner = module.parents.get(function) if function is not None else None
    if function is None or not isinstance(owner, ast.ClassDef) or not function.args.args or function.args.args[0].arg != "self":
        return None
    item = next((found for found in index(module).classes if found.node is owner), None)
    if item is None:
        return None
    known = members(project, item)
    for attribute in (name, "_" + name):
        if attribute in known.attributes:
            return Source(f"self.{attribute}", "an attribute of this object", 0.82)
    return None


def _attribute_of(project: Project, module: Module, objects: list[ast.Name], name: str, views: Mapping[str, ValueView]) -> list[str]:
    found: list[str] = []
    for item in objects:
        view = views.get(item.id)
        has = view is not None and name in view.attributes
        for owner in () if has else receiver_classes(project, module, item):
            known = members(project, owner)
            method = known.methods.get(name)
            has = has or name in known.attributes or (method is not None and "property" in method.decorators)
        if has:
            found.append(f"{item.id}.{name}")
    return list(dict.fromkeys(found))


def _placed(module: Module, call: ast.Call, names: list[ast.Name]) -> list[ast.Name]:
    """Hang bare names into the tree beside the call, so that they can be inferred like any other expression there."""
    for item in names:
        module.parents[item] = call
    return names


def _is_definition(module: Module, name: str) -> bool:
    found = index(module)
    return any(item.qualname == name for item in found.functions) or any(item.qualname == name for item in found.classes)


def _is_known_here(module: Module, call: ast.Call, text: str) -> bool:
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    local = set(visible(module, call, call.lineno))
    return all(item.id in local or known_anywhere(module, item.id) for item in ast.walk(tree) if isinstance(item, ast.Name))


def own_name(node: ast.expr | None) -> str:
    """Return the name that an argument carries by itself: `order`, `self.order` and `line.order` are all `order`."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def fits_name(node: ast.expr | None, parameter: str) -> bool:
    """Say whether an argument's own name says that it is meant for a parameter."""
    name = own_name(node)
    return bool(name) and similarity(name.lower(), parameter.lower()) >= 0.85
