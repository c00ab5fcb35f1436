"""Mappings that collect: counts, sums and groups under keys that come up for the first time, and what a first one starts from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import type_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.lookups import Lookup
from nexoide.repair.naming.importing import need

_STARTS = {"append": "[]", "extend": "[]", "insert": "[]", "add": "set()", "discard": "set()", "setdefault": "{}", "appendleft": "deque"}
_ZEROS = {"int": "0", "float": "0", "Decimal": "0", "Fraction": "0", "bool": "0", "str": '""', "list": "[]", "tuple": "()", "set": "set()", "dict": "{}"}


def collecting(context: Context, lookup: Lookup) -> Iterator[Idea]:
    """Yield the edit that lets a first value under a key start from nothing, where the line adds to what is there."""
    found = _start(context, lookup)
    if found is None:
        return
    start, edits, what = found
    own = _fills_itself(context, lookup)
    registry = _is_registered(context, lookup)
    prior = 0.5 if registry else 0.9 if own else 0.74
    if isinstance(lookup.key, ast.Constant) and not own:
        prior -= 0.15
    owner = short(context.module.segment(lookup.owner))
    yield Idea(
        title=f"let a key that is new in {owner} start from {start}",
        why=(
            f"The line {what} what {owner} has under the key, and the key came up for the first time. "
            f"The edit starts it from {start}, which changes nothing for keys that are there."
        ),
        edits=edits,
        prior=prior,
        cautions=(f"Other code puts the keys into {owner} first; a key that it does not know is now taken.",) if registry else (),
        alternatives=(f"Making {owner} a defaultdict: every read of a missing key would then add it, which nothing here asks for.",),
        unchecked=("Whether a new key may come up here at all is the author's to say." if registry else "Other places that read the same keys.",),
    )


def _start(context: Context, lookup: Lookup) -> tuple[str, list[tuple[Module, Edit]], str] | None:
    module, node = context.module, lookup.node
    parent = module.parents.get(node)
    owner, key = module.segment(lookup.owner), module.segment(lookup.key)
    if isinstance(parent, ast.AugAssign) and parent.target is node:
        zero = _zero(context, parent)
        if zero is None:
            return None
        start, _ = module.span(node)
        value = module.span(parent.value)[0]
        sign = {"Add": "+", "Sub": "-", "BitOr": "|", "Mult": "*"}.get(type(parent.op).__name__, "")
        if not sign or _has_effect(lookup.key) or _has_effect(lookup.owner) or (sign == "*" and isinstance(parent.value, ast.BinOp)):
            return None
        text = f"{owner}[{key}] = {owner}.get({key}, {zero}) {sign} {_open(parent.value)}"
        return zero, [(module, Edit(start, value, text)), *_close(module, parent)], "adds to"
    statement = module.statement(node)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and lookup.manner == "read":
        target = statement.targets[0]
        if isinstance(target, ast.Subscript) and module.segment(target) == module.segment(node) and isinstance(parent, ast.BinOp):
            zero = _zero_of(context, parent.op, parent.right if parent.left is node else parent.left)
            return None if zero is None else (zero, [(module, Edit(*module.span(node), f"{owner}.get({key}, {zero})"))], "adds to")
    if isinstance(parent, ast.Attribute) and parent.value is node and isinstance(module.parents.get(parent), ast.Call):
        return _method(context, lookup, parent)
    if isinstance(parent, ast.Subscript) and parent.value is node and isinstance(parent.ctx, ast.Store):
        return _nested(module, lookup, parent)
    return None


def _open(value: ast.expr) -> str:
    loose = isinstance(value, ast.BinOp) and not isinstance(value.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow)
    return "(" if loose or isinstance(value, ast.IfExp | ast.BoolOp | ast.Compare | ast.Lambda | ast.NamedExpr) else ""


def _close(module: Module, node: ast.AugAssign) -> list[tuple[Module, Edit]]:
    end = module.span(node.value)[1]
    return [(module, Edit(end, end, ")"))] if _open(node.value) else []


def _has_effect(node: ast.expr) -> bool:
    """Say whether a key must not be written twice: it is computed by a call of something that is not a plain method of text."""
    plain = ("lower", "upper", "strip", "get", "date", "isoformat", "strftime", "title", "casefold", "str", "int", "len", "tuple", "type", "round", "split")
    return any(isinstance(item, ast.Call) and last_name(item.func) not in plain for item in ast.walk(node)) or any(
        isinstance(item, ast.Await | ast.Yield | ast.NamedExpr) for item in ast.walk(node)
    )


def _method(context: Context, lookup: Lookup, access: ast.Attribute) -> tuple[str, list[tuple[Module, Edit]], str] | None:
    module = context.module
    start = _STARTS.get(access.attr)
    if access.attr == "update":
        call = module.parents.get(access)
        given = call.args[0] if isinstance(call, ast.Call) and call.args else None
        kind = type_of(context, given) if given is not None else "dict"
        start = "set()" if kind == "set" or isinstance(given, ast.Set | ast.SetComp | ast.List | ast.ListComp) else "{}"
    if start is None:
        return None
    extra: list[tuple[Module, Edit]] = []
    if start == "deque":
        name, imports = need(context.project, module, "collections", "deque")
        start, extra = f"{name}()", [(module, edit) for edit in imports]
    places = [lookup.node, *_same_method(module, lookup, access.attr)]
    owner = module.segment(lookup.owner)
    edits = [
        (module, Edit(*module.span(item), f"{owner}.setdefault({module.segment(item.slice)}, {start})")) for item in places if isinstance(item, ast.Subscript)
    ]
    return start, [*edits, *extra], "adds to"


def _same_method(module: Module, lookup: Lookup, name: str) -> list[ast.expr]:
    """Return the other items of the same mapping that the function adds to in the same way."""
    function = module.function(lookup.node)
    owner = module.segment(lookup.owner)
    return [
        item.value
        for item in (own_nodes(function) if function is not None else ())
        if isinstance(item, ast.Attribute)
        and item.attr == name
        and isinstance(item.value, ast.Subscript)
        and item.value is not lookup.node
        and isinstance(module.parents.get(item), ast.Call)
        and module.segment(item.value.value) == owner
        and not _is_settled(module, item.value, owner)
    ]


def _is_settled(module: Module, node: ast.Subscript, owner: str) -> bool:
    """Say whether a test for the key stands around an item, or before it in its block."""
    return any(isinstance(item, ast.If) and owner in module.segment(item.test) for item in module.ancestors(node)) or guarded_by(module, node, owner)


def _nested(module: Module, lookup: Lookup, inner: ast.Subscript) -> tuple[str, list[tuple[Module, Edit]], str] | None:
    statement = module.parents.get(inner)
    owner, key = module.segment(lookup.owner), module.segment(lookup.key)
    start, end = module.span(lookup.node)
    if isinstance(statement, ast.AugAssign):
        if not isinstance(statement.op, ast.Add) or _has_effect(lookup.key) or _has_effect(inner.slice):
            return None
        item = module.segment(inner.slice)
        zero = "[]" if isinstance(statement.value, ast.List | ast.ListComp) else '""' if isinstance(statement.value, ast.JoinedStr) else "0"
        first, value = module.span(statement.target)[0], module.span(statement.value)[0]
        text = f"{owner}.setdefault({key}, {{}})[{item}] = {owner}.get({key}, {{}}).get({item}, {zero}) + "
        return "{}", [(module, Edit(first, value, text))], "adds to"
    if isinstance(statement, ast.Assign) and inner in statement.targets and isinstance(inner.slice, ast.Constant | ast.Name | ast.Attribute | ast.Subscript):
        if isinstance(inner.slice, ast.Constant) and isinstance(inner.slice.value, int):
            return None  # a list would do as well, and cannot be started from nothing
        return "{}", [(module, Edit(start, end, f"{owner}.setdefault({key}, {{}})"))], "stores into"
    return None


def _zero(context: Context, node: ast.AugAssign) -> str | None:
    return _zero_of(context, node.op, node.value)


def _zero_of(context: Context, operator: ast.operator, value: ast.expr) -> str | None:
    if isinstance(operator, ast.BitOr):
        return "set()" if type_of(context, value) in ("set", "") else "0"
    if isinstance(operator, ast.Mult):
        return "1"
    if not isinstance(operator, ast.Add | ast.Sub):
        return None
    if isinstance(value, ast.List | ast.ListComp):
        return "[]"
    if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        return '""'
    kind = type_of(context, value)
    if kind == "timedelta":
        return None
    return _ZEROS.get(kind, "0")


def _fills_itself(context: Context, lookup: Lookup) -> bool:
    """Say whether the mapping starts empty and this line is where its keys come from."""
    module = context.module
    for spot in trace(context, lookup.owner)[1:]:
        value = spot.node
        empty = (isinstance(value, ast.Dict) and not value.keys) or (
            isinstance(value, ast.Call) and last_name(value.func) in ("dict", "OrderedDict", "field") and not value.args
        )
        if empty:
            return not _is_registered(context, lookup)
    return module.segment(lookup.owner) in ("counts", "totals", "groups", "result", "buckets") and not _is_registered(context, lookup)


def _is_registered(context: Context, lookup: Lookup) -> bool:
    """Say whether another function puts whole entries into the same mapping: then a key that is missing was never registered."""
    module, name = context.module, last_name(lookup.owner)
    here = module.function(lookup.node)
    for item in module.nodes:
        if not isinstance(item, ast.Assign) or not any(isinstance(target, ast.Subscript) and last_name(target.value) == name for target in item.targets):
            continue
        function = module.function(item)
        if (
            isinstance(lookup.owner, ast.Name)
            and function is not here
            and not any(name == spot.name for spot in trace(context, lookup.owner) if spot.how == "global")
        ):
            continue
        if function is not here and function is not None and function.name not in ("__init__", "__post_init__", "reset", "clear"):
            return True
    return False


def guarded_by(module: Module, node: ast.AST, owner: str) -> bool:
    """Say whether a test of the same mapping stands in the function already."""
    function = module.function(node)
    nodes = own_nodes(function) if function is not None else list(module.nodes)
    return any(
        isinstance(item, ast.Compare) and any(isinstance(part, ast.In | ast.NotIn) for part in item.ops) and module.segment(item.comparators[0]) == owner
        for item in nodes
    )
