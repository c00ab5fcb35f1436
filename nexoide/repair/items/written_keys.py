"""How other code of the project builds the keys of the same mapping: in another order, with another separator, in lower case."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.lookups import Lookup, like_lookups, replaced

_SPELLINGS = frozenset({"lower", "upper", "strip", "casefold", "title", "isoformat", "hex", "as_posix"})
_CONVERSIONS = frozenset({"str", "int", "float", "tuple", "frozenset"})


def as_written(context: Context, lookup: Lookup, key: Any) -> Iterator[Idea]:
    """Yield the lookup with its key built as the project's stores into the same mapping build it."""
    stores = list(_stores(context, lookup))
    found: dict[str, Idea] = {}
    for module, node in stores:
        idea = _templated(context, lookup, module, node) or _spelled(context, lookup, module, node, key)
        if idea is not None:
            found.setdefault(idea.title, idea)
    if len(found) == 1:
        yield next(iter(found.values()))


def _stores(context: Context, lookup: Lookup) -> Iterator[tuple[Module, ast.expr]]:
    """Yield the keys with which the project stores into mappings of the same name, names followed to what they are given."""
    name = last_name(lookup.owner)
    if not name:
        return
    for module in context.project.containing(name):
        if is_test(module.rel):
            continue
        for node in module.nodes:
            key: ast.expr | None = None
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and last_name(node.value) == name:
                key = node.slice
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setdefault" and node.args:
                key = node.args[0] if last_name(node.func.value) == name else None
            elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.DictComp):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                key = node.value.key if any(last_name(target) == name for target in targets) else None
            if key is not None and node is not lookup.node:
                yield module, _behind(module, key)


def _behind(module: Module, node: ast.expr) -> ast.expr:
    function = module.function(node)
    if isinstance(node, ast.Name) and function is not None:
        values = [
            item.value
            for item in own_nodes(function)
            if isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == node.id for target in item.targets)
        ]
        return values[0] if len(values) == 1 else node
    return node


def _templated(context: Context, lookup: Lookup, module: Module, store: ast.expr) -> Idea | None:
    """Return the reader's parts in the order and with the texts between them that the writer uses."""
    reader = _behind(context.module, lookup.key)
    if type(reader) is not type(store) or not isinstance(reader, ast.JoinedStr | ast.Tuple):
        return None
    mine, theirs = _parts(reader), _parts(store)
    if len(mine) != len(theirs) or not mine:
        return None
    order = _matching(mine, theirs)
    if order is None:
        return None
    texts = [context.module.segment(item) for item in mine]
    if isinstance(store, ast.Tuple):
        new = ", ".join(texts[place] for place in order)
        start, end = context.module.span(mine[0])[0], context.module.span(mine[-1])[1]
        edit = Edit(start, end, new)
        same = order == list(range(len(order)))
    else:
        new = _formatted(module, store, [texts[place] for place in order])
        edit = Edit(*context.module.span(reader), new)
        same = new == context.module.segment(reader)
    if same or not new:
        return None
    return Idea(
        title=f"build the key as it is stored: {short(new)}",
        why=(
            f"{module.rel}:{store.lineno} stores into {short(context.module.segment(lookup.owner))} under {short(module.segment(store))}, "
            f"and this line asks for {short(context.module.segment(reader))}. The edit asks the way it is stored."
        ),
        edits=[(context.module, edit)],
        prior=0.88,
        alternatives=("Storing it the way it is read here: other reads may rely on how it is stored.",),
    )


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Tuple):
        return node.elts
    return [item.value for item in node.values if isinstance(item, ast.FormattedValue)] if isinstance(node, ast.JoinedStr) else []


def _matching(mine: list[ast.expr], theirs: list[ast.expr]) -> list[int] | None:
    """Return for each of their parts the place of the part here that carries the same name; None where names do not pair up."""
    names = [_carried(item) for item in mine]
    wanted = [_carried(item) for item in theirs]
    if sorted(names) == sorted(wanted) and len(set(names)) == len(names) and "" not in names:
        return [names.index(item) for item in wanted]
    return list(range(len(mine))) if not set(names) & set(wanted) else None


def _carried(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        return _carried(node.func.value)
    if isinstance(node, ast.Call) and len(node.args) == 1:
        return _carried(node.args[0])
    return last_name(node) if not isinstance(node, ast.Constant) else str(node.value)


def _formatted(module: Module, store: ast.expr, texts: list[str]) -> str:
    """Return the writer's f-string with these expressions in its places, "" where it is not a plain one."""
    assert isinstance(store, ast.JoinedStr)
    original = module.segment(store)
    quote = '"' if original.startswith(('f"', 'F"')) else "'" if original.startswith(("f'", "F'")) else ""
    if not quote or original.startswith(('f"""', "f'''")):
        return ""
    parts: list[str] = []
    left = list(texts)
    for item in store.values:
        if isinstance(item, ast.Constant):
            text = str(item.value)
            if quote in text or "\\" in text or not text.isprintable():
                return ""
            parts.append(text.replace("{", "{{").replace("}", "}}"))
        elif isinstance(item, ast.FormattedValue):
            if item.format_spec is not None or item.conversion != -1:
                return ""
            text = left.pop(0)
            if quote in text:
                text = text.replace('"', "'") if quote == '"' and "'" not in text else ""
            if not text:
                return ""
            parts.append("{" + text + "}")
    return f"f{quote}{''.join(parts)}{quote}"


def _spelled(context: Context, lookup: Lookup, module: Module, store: ast.expr, key: Any) -> Idea | None:
    """Return the reader's key with the one conversion that the writer makes: `.lower()`, `str(...)`."""
    if isinstance(lookup.key, ast.JoinedStr | ast.Tuple):
        return None
    text = ""
    if isinstance(store, ast.Call) and isinstance(store.func, ast.Attribute) and store.func.attr in _SPELLINGS and not store.args:
        text = "{}." + store.func.attr + "()"
        inner = store.func.value
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in _SPELLINGS and not inner.args:
            text = "{}." + inner.func.attr + "()." + store.func.attr + "()"
    elif isinstance(store, ast.Call) and isinstance(store.func, ast.Name) and store.func.id in _CONVERSIONS and len(store.args) == 1:
        text = store.func.id + "({})"
    if not text or _is_spelled(lookup.key, store) or not _changes(text, key):
        return None
    if isinstance(lookup.key, ast.Constant):
        return _literal(context, lookup, module, store, _converted(text, key)) if text.startswith("{}.") else None
    uses = like_lookups(context, lookup)
    return Idea(
        title=f"ask for the key as it is stored: {text.replace('{}', short(context.module.segment(lookup.key)))}",
        why=(
            f"{module.rel}:{store.lineno} stores under {short(module.segment(store))}, and this line asks for the key as it comes. "
            "The edit asks the way it is stored."
        ),
        edits=replaced(context.module, uses, text),
        prior=0.87,
        nature="call",
        alternatives=("Storing the key as it comes: other reads rely on how it is stored.",),
    )


def _literal(context: Context, lookup: Lookup, module: Module, store: ast.expr, key: Any) -> Idea | None:
    """Return the literal key as the writer's conversion makes it."""
    mark = context.module.segment(lookup.key)[:1]
    if not isinstance(key, str) or mark not in ("'", '"') or not key.isprintable() or mark in key or "\\" in key:
        return None
    return Idea(
        title=f"ask for {mark}{key}{mark}, as the key is stored",
        why=(
            f"{module.rel}:{store.lineno} stores under {short(module.segment(store))}, so that {short(context.module.segment(lookup.key))} can never be "
            "a key. The edit asks for the key as it is stored."
        ),
        edits=[(context.module, Edit(*context.module.span(lookup.key), f"{mark}{key}{mark}"))],
        prior=0.9,
        alternatives=("Storing the key as it comes: other reads rely on how it is stored.",),
    )


def _is_spelled(node: ast.expr, store: ast.Call | ast.expr) -> bool:
    mine = last_name(node.func) if isinstance(node, ast.Call) else ""
    return bool(mine) and isinstance(store, ast.Call) and mine == last_name(store.func)


def _changes(text: str, key: Any) -> bool:
    """Say whether a conversion makes another key of this one."""
    if text in ("str({})", "int({})", "float({})", "tuple({})", "frozenset({})"):
        return type(key).__name__ != text.split("(", maxsplit=1)[0]
    if not isinstance(key, str):
        return text in ("{}.isoformat()", "{}.hex()", "{}.as_posix()")
    return bool(_converted(text, key) != key)


def _converted(text: str, key: Any) -> Any:
    for part in text.split(".")[1:] if isinstance(key, str) else ():
        key = getattr(key, part.rstrip("()"))() if part.rstrip("()") in ("lower", "upper", "strip", "casefold", "title") else key
    return key
