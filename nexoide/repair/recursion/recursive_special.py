"""Special methods that come back to themselves: `len(self)` in `__len__`, `{self}` in `__str__`, `self == other` in `__eq__`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.construction import initialiser
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, last_name, members
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.names import words
from nexoide.repair.code.source import FunctionNode
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.recursion.recursive import Link, is_name, is_own

_CONTAINERS = frozenset(["list", "dict", "set", "tuple", "deque", "defaultdict", "OrderedDict", "Counter", "sorted", "frozenset", "bytearray", "ChainMap"])
_OWN_STORE = frozenset(
    ["dict", "list", "set", "tuple", "str", "UserDict", "UserList", "OrderedDict", "defaultdict", "Counter", "deque", "frozenset", "UserString"]
)
_OPERATIONS = {
    "__len__": "len",
    "__iter__": "iter",
    "__reversed__": "reversed",
    "__next__": "next",
    "__bool__": "bool",
    "__hash__": "hash",
    "__repr__": "repr",
    "__str__": "str",
    "__int__": "int",
    "__float__": "float",
    "__abs__": "abs",
    "__round__": "round",
}
_NAMES = ("name", "title", "label", "key", "id", "number", "code", "value")


def special_ideas(context: Context, link: Link) -> Iterator[Idea]:
    """Yield the repairs of a link that is one of the methods that Python calls for an operation."""
    item, name = link.owner, link.function.name
    if item is None or not (name.startswith("__") and name.endswith("__")):
        return
    if name in ("__repr__", "__str__", "__format__"):
        yield from _shown(context, link, item)
    elif name in ("__eq__", "__ne__", "__lt__", "__gt__", "__le__", "__ge__"):
        yield from _compared(link, item)
    elif name == "__hash__":
        yield from _hashed(link, item)
    else:
        yield from _contained(context, link, item)


def _applied(link: Link) -> list[tuple[ast.expr, ast.Name, str]]:
    """Return the operations at the line on the object itself that run this very method: (expression, the `self` in it, how)."""
    me, name = link.me, link.function.name
    found: list[tuple[ast.expr, ast.Name, str]] = []
    for node in link.at_line():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args and isinstance(node.args[0], ast.Name) and node.args[0].id == me:
            if node.func.id == _OPERATIONS.get(name) or (name == "__iter__" and node.func.id in ("list", "tuple", "sorted", "enumerate", "map", "filter")):
                found.append((node, node.args[0], "call"))
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == me:
            wanted = {"__getitem__": ast.Load, "__setitem__": ast.Store, "__delitem__": ast.Del}.get(name)
            if wanted is not None and isinstance(node.ctx, wanted):
                found.append((node, node.value, "item"))
        elif isinstance(node, ast.Compare) and name == "__contains__" and isinstance(node.ops[0], ast.In | ast.NotIn):
            right = node.comparators[0]
            if isinstance(right, ast.Name) and right.id == me:
                found.append((node, right, "in" if isinstance(node.ops[0], ast.In) else "not in"))
    if name == "__iter__":
        found += [(node, node, "turn") for node in _gone_through(link)]
    return found


def _gone_through(link: Link) -> list[ast.Name]:
    turns: list[ast.expr] = []
    for node in own_nodes(link.function):
        if isinstance(node, ast.For | ast.comprehension):
            turns.append(node.iter)
        elif isinstance(node, ast.YieldFrom):
            turns.append(node.value)
    return [node for node in turns if isinstance(node, ast.Name) and node.id == link.me and node.lineno <= link.line]


def _container(item: Class, function: FunctionNode) -> str:
    """Return the one attribute in which a class keeps its items, as `__init__` and its other special methods show it."""
    maker = initialiser(item)
    kept: list[str] = []
    for name, attribute in item.attributes.items():
        value = attribute.value
        display = isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)
        made = isinstance(value, ast.Call) and last_name(value.func) in (*_CONTAINERS, "field")
        said = attribute.annotation.split("[")[0].rsplit(".", 1)[-1].lower() in _CONTAINERS
        if display or made or said:
            kept.append(name)
    if len(kept) > 1:
        used = {
            node.attr
            for other in item.methods.values()
            if other.name.startswith("__") and other.node is not maker and other.node is not function and other.node.args.args
            for node in own_nodes(other.node)
            if isinstance(node, ast.Attribute) and is_own(node, other.node.args.args[0].arg)
        }
        kept = [name for name in kept if name in used] or [name for name in kept if name.startswith("_")]
    return kept[0] if len(kept) == 1 else ""


def _contained(context: Context, link: Link, item: Class) -> Iterator[Idea]:
    """An operation on the object inside the method that does that operation: on what it keeps, or through the base."""
    module, name = link.module, link.function.name
    found = _applied(link)
    if not found:
        return
    held = _container(item, link.function)
    if held:
        yield Idea(
            title=f"ask self.{held} in {name}(), and not the object itself",
            why=f"{item.name}.{name}() asks its own object for what it is called for, without end. {item.name} keeps its items in {held}. The edit asks that.",
            edits=[(module, Edit(*module.span(node), f"{link.me}.{held}")) for _, node, _ in found],
            prior=0.93,
        )
        return
    if not _is_based(context, item, name):
        context.refuse(f"{item.name}.{name}() asks itself, and the class does not show in which attribute it keeps its items.")
        return
    edits = [edit for node, _, how in found if (edit := _through_base(link, node, how)) is not None]
    if edits and len(edits) == len(found):
        yield Idea(
            title=f"go through super().{name}()",
            why=f"{item.name}.{name}() does to its own object what it is called for, which calls it again without end. The base does the work. "
            "The edit asks the base.",
            edits=[(module, edit) for edit in edits],
            prior=0.93,
        )


def _is_based(context: Context, item: Class, name: str) -> bool:
    if any(base in _OWN_STORE for base in item.bases):
        return True
    return any(
        name in members(context.project, found).methods or _is_based(context, found, name)
        for base in item.bases
        if base != item.name
        for found in find_classes(context.project, base, item.module)[:1]
    )


def _through_base(link: Link, node: ast.expr, how: str) -> Edit | None:
    module, name = link.module, link.function.name
    if how == "call":
        return Edit(*module.span(node), f"super().{name}()") if isinstance(node, ast.Call) and last_name(node.func) == _OPERATIONS.get(name) else None
    if how == "turn":
        return Edit(*module.span(node), "super().__iter__()")
    if how in ("in", "not in") and isinstance(node, ast.Compare) and len(node.ops) == 1:
        text = f"super().__contains__({module.segment(node.left)})"
        return Edit(*module.span(node), text if how == "in" else f"not {text}")
    if isinstance(node, ast.Subscript):
        key = module.segment(node.slice)
        parent = module.parents.get(node)
        if isinstance(node.ctx, ast.Load):
            return Edit(*module.span(node), f"super().__getitem__({key})")
        if isinstance(node.ctx, ast.Store) and isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            return Edit(*module.span(parent), f"super().__setitem__({key}, {module.segment(parent.value)})")
        if isinstance(node.ctx, ast.Del) and isinstance(parent, ast.Delete) and len(parent.targets) == 1:
            return Edit(*module.span(parent), f"super().__delitem__({key})")
    return None


def _shown(context: Context, link: Link, item: Class) -> Iterator[Idea]:
    module, me = link.module, link.me
    selves: list[ast.expr] = []
    for node in own_nodes(link.function):
        if isinstance(node, ast.FormattedValue) and is_name(node.value, me):
            selves.append(node.value)
        elif isinstance(node, ast.Call) and is_name(node.func, _OPERATIONS.get(link.function.name, "format")) and node.args and is_name(node.args[0], me):
            selves.append(node.args[0])
        elif isinstance(node, ast.Call) and last_name(node.func) == "format" and isinstance(node.func, ast.Attribute):
            selves += [part for part in node.args if is_name(part, me)]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
            parts = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            selves += [part for part in parts if is_name(part, me)]
    known = members(context.project, item).attributes
    if selves:
        named = [name for name in (*_NAMES, *(f"_{one}" for one in _NAMES)) if name in known] or list(known)[:1]
        if link.function.name == "__format__" and "__str__" in item.methods:
            new, prior = f"str({me})", 0.88
        elif named:
            new, prior = f"{me}.{named[0]}", 0.62
        else:
            return
        yield Idea(
            title=f"show {new} in {link.function.name}()",
            why=f"{item.name}.{link.function.name}() shows its own object, which calls it again without end. The edit shows {new}.",
            edits=[(module, Edit(*module.span(node), new)) for node in selves],
            prior=prior,
            guesses=prior < 0.8,
        )
        return
    yield from _back_reference(context, link, item)


def _back_reference(context: Context, link: Link, item: Class) -> Iterator[Idea]:
    """A part that shows the whole it belongs to, which shows its parts: the part names the whole and does not show it."""
    module, me = link.module, link.me
    for node in own_nodes(link.function):
        value = node.value if isinstance(node, ast.FormattedValue) else node.args[0] if isinstance(node, ast.Call) and node.args else None
        if isinstance(node, ast.Call) and not (is_name(node.func, "repr") or is_name(node.func, "str")):
            continue
        if not isinstance(value, ast.Attribute) or not is_own(value, me) or not _is_given(item, value.attr):
            continue
        whole = _class_of(context, link, item, value.attr)
        if whole is None:
            continue
        known = members(context.project, whole)
        named = [name for name in _NAMES if name in known.attributes or (name in known.methods and "property" in known.methods[name].decorators)]
        if not named or not _shows_many(context, whole):
            continue
        path = f"{me}.{value.attr}"
        text = f"{path} and {path}.{named[0]}" if _may_be_none(item, value.attr) else f"{path}.{named[0]}"
        yield Idea(
            title=f"name the {value.attr} in {item.name}.{link.function.name}() by its {named[0]}",
            why=f"A {item.name} shows its {value.attr}, which shows all that belongs to it, this {item.name} too, without end. "
            f"The edit shows the {named[0]} of the {value.attr} in its place.",
            edits=[(module, Edit(*module.span(value), text))],
            prior=0.8,
            alternatives=(f"Leaving the parts out of what a {whole.name} shows.",),
        )
        return


def _is_given(item: Class, attribute: str) -> bool:
    """Say whether an attribute is not a container of the class's own making."""
    value = item.attributes[attribute].value if attribute in item.attributes else None
    return not isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp) and not isinstance(value, ast.Call)


def _may_be_none(item: Class, attribute: str) -> bool:
    maker = initialiser(item)
    if maker is None or item.has_fields:
        return True
    defaults = [node for node in maker.args.defaults if isinstance(node, ast.Constant) and node.value is None]
    value = item.attributes[attribute].value
    return bool(defaults) or isinstance(value, ast.Constant)


def _class_of(context: Context, link: Link, item: Class, attribute: str) -> Class | None:
    views = [frame.locals[link.me] for frame in link.frames if link.me in frame.locals]
    if views and views[-1].type.rsplit(".", 1)[-1] != item.name:
        return None
    names = {frame.locals["self"].type.rsplit(".", 1)[-1] for frame in context.raised.frames if "self" in frame.locals} | {item.name}
    names |= {"".join(word.title() for word in words(attribute))}
    found = [one for name in sorted(names) for one in find_classes(context.project, name, item.module)[:1] if one.node is not item.node]
    alike = [one for one in found if one.name.lower() in (attribute.lower(), attribute.strip("_").lower())]
    if alike:
        return alike[0]
    if attribute in ("parent", "_parent", "owner", "root", "prev", "previous", "head"):
        return found[0] if len(found) == 1 else item
    return found[0] if len(found) == 1 else None


def _shows_many(context: Context, whole: Class) -> bool:
    """Say whether the class shows itself by the class's own method."""
    return bool({"__repr__", "__str__"} & set(members(context.project, whole).methods)) or whole.has_fields


def _keys(item: Class, besides: FunctionNode) -> list[str]:
    """Return the attributes that another comparison or the hash of a class goes by, else the only one it has."""
    for name in ("__hash__", "__eq__", "__lt__"):
        other = item.methods.get(name)
        if other is None or other.node is besides or not other.node.args.args:
            continue
        me = other.node.args.args[0].arg
        found = list(
            dict.fromkeys(
                node.attr for node in own_nodes(other.node) if isinstance(node, ast.Attribute) and is_own(node, me) and not node.attr.startswith("__")
            )
        )
        if found:
            return found
    return list(item.attributes) if len(item.attributes) <= 3 else []


def _compared(link: Link, item: Class) -> Iterator[Idea]:
    module, me = link.module, link.me
    other = link.function.args.args[1].arg if len(link.function.args.args) > 1 else ""
    found = [
        node
        for node in link.at_line()
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and {getattr(node.left, "id", ""), getattr(node.comparators[0], "id", "")} == {me, other}
    ]
    keys = _keys(item, link.function)
    if not found or not keys or not other or (link.function.name not in ("__eq__", "__ne__") and len(keys) > 1):
        return
    edits = []
    for node in found:
        for side in (node.left, node.comparators[0]):
            text = module.segment(side)
            parts = [f"{text}.{key}" for key in keys]
            edits.append((module, Edit(*module.span(side), parts[0] if len(parts) == 1 else f"({', '.join(parts)})")))
    yield Idea(
        title=f"compare by {', '.join(keys)} in {item.name}.{link.function.name}()",
        why=f"{item.name}.{link.function.name}() compares its own object with the other one, which calls it again without end. "
        f"The edit compares {', '.join(keys)}, which is what a {item.name} consists of.",
        edits=edits,
        prior=0.82,
    )


def _hashed(link: Link, item: Class) -> Iterator[Idea]:
    module, me = link.module, link.me
    found = [node for node in link.at_line() if isinstance(node, ast.Call) and is_name(node.func, "hash") and node.args and is_name(node.args[0], me)]
    keys = _keys(item, link.function)
    if not found or not keys:
        return
    parts = [f"{me}.{key}" for key in keys]
    text = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    yield Idea(
        title=f"hash a {item.name} by {', '.join(keys)}",
        why=f"{item.name}.__hash__() hashes its own object, which calls it again without end. The edit hashes what the comparison goes by: {', '.join(keys)}.",
        edits=[(module, Edit(*module.span(node.args[0]), text)) for node in found],
        prior=0.88,
    )
