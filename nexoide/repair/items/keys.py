"""The keys of a project's mappings: which are written and read where, and which keys a mapping at hand has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

from nexoide.repair.code.index import find_classes, index, last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import Module, UnreadableError
from nexoide.repair.code.values import Mapping, Opaque, Row, value_of
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context

MAX_MODULES = 200
MAX_SHAPES = 24

Kind = Literal["literal", "store", "keyword", "read", "get", "in"]
_WRITES = frozenset({"literal", "store", "keyword"})


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One use of a constant key: `node` is the key itself, `around` the dict, subscript, call or comparison that it stands in."""

    module: Module
    node: ast.expr
    key: Any
    kind: Kind
    around: ast.expr
    receiver: str

    @property
    def writes(self) -> bool:
        """Whether it puts the key there."""
        return self.kind in _WRITES


_uses: WeakKeyDictionary[Module, list[KeyUse]] = WeakKeyDictionary()


def key_uses(module: Module) -> list[KeyUse]:
    """Return every use of a constant key in a module, in source order; looked for once."""
    found = _uses.get(module)
    if found is None:
        found = _uses[module] = [item for node in module.nodes for item in _of_node(module, node)]
        found.sort(key=lambda item: (item.node.lineno, item.node.col_offset))
    return found


def _of_node(module: Module, node: ast.AST) -> Iterator[KeyUse]:
    if isinstance(node, ast.Dict):
        for key in node.keys:
            if isinstance(key, ast.Constant):
                yield KeyUse(module, key, key.value, "literal", node, "")
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        parent = module.parents.get(node)
        kind: Kind = "store" if isinstance(node.ctx, ast.Store) and not isinstance(parent, ast.AugAssign) else "read"
        yield KeyUse(module, node.slice, node.slice.value, kind, node, module.segment(node.value))
    elif isinstance(node, ast.Call):
        name = last_name(node.func)
        if isinstance(node.func, ast.Attribute) and name in ("get", "setdefault", "pop") and node.args and isinstance(node.args[0], ast.Constant):
            yield KeyUse(module, node.args[0], node.args[0].value, "store" if name == "setdefault" else "get", node, module.segment(node.func.value))
        elif name in ("dict", "update", "OrderedDict"):
            for keyword in node.keywords:
                if keyword.arg is not None:
                    yield KeyUse(module, keyword.value, keyword.arg, "keyword", node, "")
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn) and isinstance(node.left, ast.Constant):
        yield KeyUse(module, node.left, node.left.value, "in", node, module.segment(node.comparators[0]))


def project_uses(project: Project, key: Any = None) -> list[KeyUse]:
    """Return the uses of a key in the whole project (of every key where none is given), tests included."""
    found: list[KeyUse] = []
    modules: list[Module] = list(project.containing(key)) if isinstance(key, str) and key.isidentifier() else []
    if not modules:
        for rel in project.files[:MAX_MODULES]:
            try:
                modules.append(project.module(rel))
            except UnreadableError:
                continue
    for module in modules[:MAX_MODULES]:
        found += [item for item in key_uses(module) if key is None or (type(item.key) is type(key) and item.key == key)]
    return found


@dataclass(slots=True)
class Known:
    """The keys that a mapping has, and its values where they are known; `seen`: as it was when it failed, else as the source writes it."""

    items: dict[Any, Any]
    seen: bool
    whole: bool
    is_enum: bool = False

    @property
    def texts(self) -> list[str]:
        """The keys that are strings."""
        return [key for key in self.items if isinstance(key, str)]


def known_keys(context: Context, node: ast.expr) -> Known | None:
    """Return what keys an expression of the failing line has, or None where nothing is known of it."""
    value = value_of(context, node)
    if isinstance(value, Mapping):
        return Known(dict(value), seen=True, whole=value.whole)
    members = _enum_members(context, node)
    if members:
        return Known(members, seen=False, whole=True, is_enum=True)
    items: dict[Any, Any] = {}
    for module, shape in shapes_of(context, context.module, node):
        items.update(_literal_items(shape))
        items.update(_stored(module, shape))
    return Known(items, seen=False, whole=False) if items else None


def _literal_items(shape: ast.Dict) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in zip(shape.keys, shape.values, strict=True):
        if isinstance(key, ast.Constant):
            found[key.value] = _plain(value)
        elif isinstance(key, ast.Tuple) and all(isinstance(item, ast.Constant) for item in key.elts):
            found[tuple(item.value for item in key.elts if isinstance(item, ast.Constant))] = _plain(value)
    return found


def _plain(node: ast.expr) -> Any:
    """Return a literal as `values.read` would show it."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Dict):
        inner = Mapping(_literal_items(node))
        inner.whole = all(isinstance(key, ast.Constant) for key in node.keys)
        return inner
    if isinstance(node, ast.List | ast.Tuple):
        row = Row(_plain(item) for item in node.elts)
        row.kind = "list" if isinstance(node, ast.List) else "tuple"
        return row
    return Opaque("?")


def _stored(module: Module, shape: ast.Dict) -> dict[Any, Any]:
    """Return the constant keys that are stored under the name which a dict literal is first given."""
    statement = module.parents.get(shape)
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target] if isinstance(statement, ast.AnnAssign) else []
    names = {module.segment(item) for item in targets}
    function = module.function(shape)
    nodes = set(own_nodes(function)) if function is not None and not any("." in name for name in names) else None
    return {item.key: Opaque("?") for item in key_uses(module) if item.kind == "store" and item.receiver in names and (nodes is None or item.around in nodes)}


def shapes_of(context: Context, module: Module, node: ast.expr, depth: int = 0) -> list[tuple[Module, ast.Dict]]:
    """Return the dict literals of the project that an expression may be."""
    found: list[tuple[Module, ast.Dict]] = []
    if depth > 4:
        return found
    for spot in trace(context, node, module):
        found += _shapes_at(context, spot, depth)
        if found:
            break
    return found[:MAX_SHAPES]


def _shapes_at(context: Context, spot: Spot, depth: int) -> list[tuple[Module, ast.Dict]]:
    if spot.how == "element":
        return elements_of(context, spot.module, spot.node, depth + 1)
    if isinstance(spot.node, ast.Dict):
        return [(spot.module, spot.node)]
    if isinstance(spot.node, ast.Subscript):
        inside = elements_of(context, spot.module, spot.node.value, depth + 1)
        if not isinstance(spot.node.slice, ast.Constant) or isinstance(spot.node.slice.value, int):
            return inside
        return [
            (module, value)
            for module, shape in shapes_of(context, spot.module, spot.node.value, depth + 1)
            for key, value in zip(shape.keys, shape.values, strict=True)
            if isinstance(key, ast.Constant) and key.value == spot.node.slice.value and isinstance(value, ast.Dict)
        ]
    return []


def elements_of(context: Context, module: Module, node: ast.expr, depth: int = 0) -> list[tuple[Module, ast.Dict]]:
    """Return the dict literals that one turn over an expression may give."""
    if depth > 4:
        return []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("values", "items", "copy"):
        node = node.func.value
    if isinstance(node, ast.Call) and last_name(node.func) in ("sorted", "list", "reversed", "enumerate", "tuple") and node.args:
        return elements_of(context, module, node.args[0], depth + 1)
    found: list[tuple[Module, ast.Dict]] = []
    for spot in trace(context, node, module):
        value = spot.node
        if isinstance(value, ast.List | ast.Tuple | ast.Set):
            found += [(spot.module, item) for item in value.elts if isinstance(item, ast.Dict)]
        elif isinstance(value, ast.Dict):
            found += [(spot.module, item) for item in value.values if isinstance(item, ast.Dict)]
        elif isinstance(value, ast.ListComp | ast.GeneratorExp):
            found += shapes_of(context, spot.module, value.elt, depth + 1)
        elif isinstance(value, ast.DictComp) and isinstance(value.value, ast.Dict):
            found.append((spot.module, value.value))
        found += _appended(context, spot, depth)
        if found:
            break
    return found[:MAX_SHAPES]


def _appended(context: Context, spot: Spot, depth: int) -> list[tuple[Module, ast.Dict]]:
    """Return the dict literals that are appended to the name of an empty list."""
    if not (isinstance(spot.node, ast.List | ast.Name | ast.Attribute) and spot.module is not None):
        return []
    names = {spot.name} - {""}
    if isinstance(spot.node, ast.Name | ast.Attribute):
        names.add(last_name(spot.node))
    found: list[tuple[Module, ast.Dict]] = []
    for item in spot.module.nodes:
        is_append = isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr == "append" and len(item.args) == 1
        if isinstance(item, ast.Call) and is_append and last_name(getattr(item.func, "value", None)) in names:
            found += shapes_of(context, spot.module, item.args[0], depth + 1)
    return found


def _enum_members(context: Context, node: ast.expr) -> dict[Any, Any]:
    if not isinstance(node, ast.Name):
        return {}
    view = context.view(node)
    if view is not None and view.type not in ("EnumMeta", "EnumType", "type"):
        return {}
    source = index(context.module).imports.get(node.id)
    for item in find_classes(context.project, (source[1] if source else "") or node.id, context.module)[:1]:
        if any("Enum" in base or base.endswith("Flag") for base in item.bases):
            return {
                attribute.name: attribute.value.value if isinstance(attribute.value, ast.Constant) else Opaque("?") for attribute in item.attributes.values()
            }
    return {}
