"""The lookup that failed with a KeyError: which expression, on what, with which key, and the keys that are almost it."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import MISSING, Opaque, freeze, read, value_of
from nexoide.repair.context import Context

Manner = Literal["read", "delete", "augment", "pop", "remove"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """One failing lookup: `owner[key]`, `del owner[key]`, `owner[key] += …`, `owner.pop(key)` or `owner.remove(key)`."""

    node: ast.expr
    owner: ast.expr
    key: ast.expr
    manner: Manner


def missing_key(message: str) -> Any:
    """Return the key that a KeyError's message shows."""
    return freeze(read(message)) if message else MISSING


def find_lookup(context: Context, key: Any) -> Lookup | None:
    """Return the lookup of the failing line that can have asked for `key`; None where there is none, or several."""
    found = [item for node in context.nodes(lambda node: bool(list(_as_lookup(context.module, node)))) for item in _as_lookup(context.module, node)]
    fitting = [item for item in found if _may_be(context, item.key, key)]
    sure = [item for item in fitting if _is(context, item.key, key)]
    fitting = sure or fitting
    texts = {(context.module.segment(item.owner), context.module.segment(item.key)) for item in fitting}
    return fitting[0] if len(texts) == 1 or (fitting and len({text for text, _ in texts}) == 1 and sure) else None


def _as_lookup(module: Module, node: ast.AST) -> Iterator[Lookup]:
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        parent = module.parents.get(node)
        augmented = isinstance(parent, ast.AugAssign) and parent.target is node
        if isinstance(node.ctx, ast.Load) or augmented or isinstance(node.ctx, ast.Del):
            yield Lookup(node, node.value, node.slice, "delete" if isinstance(node.ctx, ast.Del) else "augment" if augmented else "read")
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
        yield Lookup(node.target, node.target.value, node.target.slice, "augment")
    elif isinstance(node, ast.Delete):
        for target in node.targets:
            yield from _as_lookup(module, target)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("pop", "remove") and len(node.args) == 1:
        yield Lookup(node, node.func.value, node.args[0], "pop" if node.func.attr == "pop" else "remove")


def _may_be(context: Context, node: ast.expr, key: Any) -> bool:
    value = value_of(context, node)
    if isinstance(node, ast.JoinedStr):
        return isinstance(key, str) and all(str(part.value) in key for part in node.values if isinstance(part, ast.Constant))
    if value is MISSING or isinstance(value, Opaque) or (isinstance(value, tuple) and any(isinstance(item, Opaque) for item in value)):
        return True
    return _same(value, key)


def _is(context: Context, node: ast.expr, key: Any) -> bool:
    value = value_of(context, node)
    return value is not MISSING and _same(value, key)


def _same(one: Any, other: Any) -> bool:
    return freeze(one) == freeze(other) and (type(one) is type(other) or isinstance(one, tuple | list))


@dataclass(frozen=True, slots=True)
class Transform:
    """A way to spell a key: `text` with `{}` for the key's own text, in words, and how often it is what was meant."""

    text: str
    words: str
    sure: float


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEXT: tuple[tuple[str, Callable[[str], str], str, float], ...] = (
    ("{}.lower()", str.lower, "in lower case", 0.86),
    ("{}.upper()", str.upper, "in upper case", 0.86),
    ("{}.strip()", str.strip, "without the spaces around it", 0.86),
    ("{}.strip().lower()", lambda text: text.strip().lower(), "in lower case, without the spaces around it", 0.84),
    ("{}.strip().upper()", lambda text: text.strip().upper(), "in upper case, without the spaces around it", 0.84),
    ("{}.title()", str.title, "with capitals", 0.78),
    ("{}.capitalize()", str.capitalize, "with a capital", 0.78),
    ('{}.replace("-", "_")', lambda text: text.replace("-", "_"), "with underscores", 0.8),
    ('{}.replace("_", "-")', lambda text: text.replace("_", "-"), "with hyphens", 0.8),
    ('{}.replace(" ", "_")', lambda text: text.replace(" ", "_"), "with underscores", 0.8),
    ('{}.lower().replace(" ", "_")', lambda text: text.lower().replace(" ", "_"), "in lower case, with underscores", 0.78),
    ('{}.lower().replace("-", "_")', lambda text: text.lower().replace("-", "_"), "in lower case, with underscores", 0.76),
    ('{}.upper().replace("-", "_")', lambda text: text.upper().replace("-", "_"), "in upper case, with underscores", 0.76),
    ('{}.lstrip("0")', lambda text: text.lstrip("0"), "without leading zeros", 0.6),
    ('{}.lstrip("/")', lambda text: text.lstrip("/"), "without the leading slash", 0.7),
    ('{}.rstrip("/")', lambda text: text.rstrip("/"), "without the slash at its end", 0.74),
    ('{}.lstrip(".")', lambda text: text.lstrip("."), "without the leading dot", 0.78),
    ('{}.lstrip("#")', lambda text: text.lstrip("#"), "without the leading #", 0.72),
    ('{}.lstrip("@")', lambda text: text.lstrip("@"), "without the leading @", 0.72),
)


def transforms(key: Any, keys: list[Any]) -> Iterator[Transform]:
    """Yield the ways to spell a key so that it is one of `keys`, where the other keys are spelled that way too."""
    if isinstance(key, str):
        texts = [item for item in keys if isinstance(item, str)]
        for text, change, words, sure in _TEXT:
            if change(key) != key and change(key) in texts:
                regular = all(change(item) == item for item in texts)
                yield Transform(text, words, sure if regular else sure - 0.25)
                break
        else:
            if key.lower() != key and key.casefold() in [item.casefold() for item in texts]:
                return  # keys of several spellings: none of them can be made from this one
    yield from _conversions(key, keys)


def _conversions(key: Any, keys: list[Any]) -> Iterator[Transform]:
    if isinstance(key, str) and _is_integer(key) and int(key) in [item for item in keys if type(item) is int]:
        yield Transform("int({})", "as a number", 0.86)
    elif type(key) is int and str(key) in keys:
        yield Transform("str({})", "as text", 0.86)
    elif isinstance(key, float) and key.is_integer() and int(key) in [item for item in keys if type(item) is int]:
        yield Transform("int({})", "as a whole number", 0.7)
    elif isinstance(key, bytes) and key.decode("utf-8", "replace") in keys:
        yield Transform("{}.decode()", "as text", 0.86)
    elif isinstance(key, str) and key.encode() in keys:
        yield Transform("{}.encode()", "as bytes", 0.8)
    elif isinstance(key, tuple) and len(key) == 1 and key[0] in keys:
        yield Transform("{}[0]", "without the tuple around it", 0.7)
    elif isinstance(key, Opaque):
        yield from _of_objects(key, keys)
    elif isinstance(key, str):
        members = [found for item in keys if isinstance(item, Opaque) and (found := enum_parts(item.text))]
        owner = members[0][0] if members else ""
        if owner and any(key == value for _, _, value in members):
            yield Transform(owner + "({})", "as the member with that value", 0.84)
        elif owner and any(key == name for _, name, _ in members):
            yield Transform(owner + "[{}]", "as the member of that name", 0.84)
        elif owner and any(key.upper() == name for _, name, _ in members):
            yield Transform(owner + "[{}.upper()]", "as the member of that name", 0.72)


def _of_objects(key: Opaque, keys: list[Any]) -> Iterator[Transform]:
    parts = enum_parts(key.text)
    texts = [item for item in keys if isinstance(item, str)]
    if key.text in ("<date>", "<datetime>") and texts and all(_ISO_DAY.fullmatch(item) for item in texts):
        yield Transform("{}.isoformat()" if key.text == "<date>" else "{}.date().isoformat()", "as the text of its day", 0.86)
    elif key.text in ("<UUID>", "<PosixPath>") and len(texts) == len(keys):
        yield Transform("str({})", "as text", 0.82)
    elif parts is not None and parts[2] is not MISSING and parts[2] in keys:
        yield Transform("{}.value", "by the member's value", 0.86)
    elif parts is not None and parts[1] in keys:
        yield Transform("{}.name", "by the member's name", 0.86)
    elif parts is not None and parts[1].lower() in keys:
        yield Transform("{}.name.lower()", "by the member's name in lower case", 0.74)
    elif key.text.startswith(("datetime.date(", "datetime.datetime(")):
        numbers = [int(item) for item in key.text.partition("(")[2].rstrip(")").split(",") if item.strip().isdigit()]
        day = "-".join([f"{numbers[0]:04d}", *(f"{item:02d}" for item in numbers[1:3])]) if len(numbers) >= 3 else ""
        if day and day in keys:
            yield Transform("{}.isoformat()" if key.text.startswith("datetime.date(") else "{}.date().isoformat()", "as the text of its day", 0.84)
        elif key.text.startswith("datetime.datetime(") and any(isinstance(item, Opaque) and item.text.startswith("datetime.date(") for item in keys):
            yield Transform("{}.date()", "by its day", 0.78)
    elif key.text.startswith(("PosixPath(", "WindowsPath(", "PurePosixPath(")) and key.text.partition("(")[2].strip(")'\"") in keys:
        yield Transform("str({})", "as text", 0.82)
    elif key.text.startswith("UUID(") and key.text.partition("(")[2].strip(")'\"") in keys:
        yield Transform("str({})", "as text", 0.84)


def enum_parts(text: str) -> tuple[str, str, Any] | None:
    """Return class, name and value of an enum member's repr (`<Color.RED: 1>`), or None where it is no such repr."""
    if not (text.startswith("<") and text.endswith(">") and "." in text and ": " in text):
        return None
    path, _, value = text[1:-1].partition(": ")
    owner, _, name = path.rpartition(".")
    return (owner, name, read(value)) if owner.isidentifier() and name.isidentifier() else None


def _is_integer(text: str) -> bool:
    return text.isascii() and text.strip().lstrip("-").isdigit() and len(text) < 20


def spelled(module: Module, node: ast.expr, text: str) -> str:
    """Return a key's own text put into a transform's `{}`, in parentheses where it needs them."""
    own = module.segment(node)
    if text.startswith("{}") and not isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant | ast.JoinedStr):
        own = f"({own})"
    return text.replace("{}", own, 1)


def like_lookups(context: Context, lookup: Lookup, *, any_key: bool = False) -> list[ast.expr]:
    """Return the keys of the function that ask the same mapping for the same key: `m[k]`, `m.get(k)`, `k in m`, `m.pop(k)`; stores left out.

    With `any_key` those that ask it for any key that is no literal.
    """
    module = context.module
    owner, key = module.segment(lookup.owner), module.segment(lookup.key)
    function = module.function(lookup.node)
    nodes = own_nodes(function) if function is not None else [item for item in module.nodes if module.function(item) is None]
    found = [lookup.key]
    for item in nodes:
        place: ast.expr | None = None
        if isinstance(item, ast.Subscript) and not isinstance(item.ctx, ast.Store) and module.segment(item.value) == owner:
            place = item.slice
        elif isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.args and module.segment(item.func.value) == owner:
            place = item.args[0] if item.func.attr in ("get", "pop", "setdefault") else None
        elif isinstance(item, ast.Compare) and len(item.ops) == 1 and isinstance(item.ops[0], ast.In | ast.NotIn):
            place = item.left if module.segment(item.comparators[0]) == owner else None
        if place is not None and place not in found and not isinstance(place, ast.Slice | ast.Constant) and (any_key or module.segment(place) == key):
            found.append(place)
    return found


def replaced(module: Module, nodes: list[ast.expr], text: str) -> list[tuple[Module, Edit]]:
    """Return the edits that put each key's own text into a transform."""
    return [(module, Edit(*module.span(node), spelled(module, node, text))) for node in nodes]


def reordered(key: Any, keys: list[Any]) -> list[int] | None:
    """Return the order in which a tuple's parts make one of the keys, or None where none does, or several do."""
    if not isinstance(key, tuple) or not 2 <= len(key) <= 4:
        return None
    found = [order for order in itertools.permutations(range(len(key))) if tuple(key[item] for item in order) in keys]
    return list(found[0]) if len(found) == 1 else None
