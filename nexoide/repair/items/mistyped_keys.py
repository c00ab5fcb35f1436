"""A key that is almost one that is there: whether the reader or the writer spells it wrongly, and keys that a file's format spoils."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.names import closest, is_tie, same_family, similarity, words
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import Mapping, Opaque, Row
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.keys import KeyUse, Known, key_uses, project_uses
from nexoide.repair.items.lookups import Lookup

_ALIKE = 0.7


def mistyped(context: Context, lookup: Lookup, key: str, known: Known) -> Iterator[Idea]:
    """Yield the renames that make reader and writer agree: of the reader, or of the writer where it stands alone."""
    new, score, why = _closest(context, lookup, key, known)
    if not new:
        return
    uses, others = project_uses(context.project, key), project_uses(context.project, new)
    readers = [item for item in uses if not item.writes]
    writers = [item for item in others if item.writes and not is_test(item.module.rel)]
    new_readers = [item for item in others if not item.writes]
    is_writers_fault = not new_readers and len(writers) == 1 and (len(readers) >= 2 or any(item.writes for item in uses))
    if _constant_behind(context, lookup) is None:
        yield from _reader(context, lookup, key, new, why, 0.5 if is_writers_fault else min(0.94, 0.62 + 0.36 * (score - 0.1)), known)
    else:
        yield from _behind(context, lookup, key, new, why)
    if len(writers) == 1 and not new_readers:
        count = len(readers)
        yield Idea(
            title=f"write the key {key!r} as it is read",
            why=(
                f"{key!r} is read at {count} place{'s' if count > 1 else ''} of the project and {new!r} nowhere, but {writers[0].module.rel} writes {new!r}. "
                "The edit writes the key that is read."
            ),
            edits=[(writers[0].module, _renamed(writers[0], key))],
            prior=0.86 if is_writers_fault else 0.4,
            alternatives=(f"Reading {new!r} instead would change {count} places.",),
            unchecked=("Files and services outside the project that may read the same key.",),
        )


def _closest(context: Context, lookup: Lookup, key: str, known: Known) -> tuple[str, float, str]:
    """Return the key that was meant, how sure that is (0 to 1), and why; "" where nothing stands out."""
    texts = known.texts
    ranked = closest(key, texts, _ALIKE)
    if ranked and not is_tie(ranked):
        return ranked[0][1], ranked[0][0], f"the closest key that is there is {ranked[0][1]!r}"
    if ranked:
        unread = [row for row in ranked if not any(not use.writes for use in project_uses(context.project, row[1]))]
        return (unread[0][1], 0.72, f"of its like keys only {unread[0][1]!r} is read nowhere") if len(unread) == 1 else ("", 0.0, "")
    related = [item for item in texts if same_family(key, item) or _ends_alike(key, item)]
    read = {use.key for use in _read_nearby(context, lookup)}
    fresh = [item for item in related if item not in read]
    if len(fresh) == 1:
        return fresh[0], 0.78 if known.seen else 0.7, f"{fresh[0]!r} is the one key that stands for the same and is not read yet"
    left = [item for item in texts if item not in read]
    if (
        known.whole
        and len(left) == 1
        and len(texts) >= 2
        and len(read & set(texts)) == len(texts) - 1
        and not any(use.writes for use in project_uses(context.project, key))
    ):
        return left[0], 0.5, f"{left[0]!r} is the one key that nothing here reads"
    return "", 0.0, ""


def _ends_alike(one: str, other: str) -> bool:
    """Say whether one key is the other with its owner in front or a kind behind: `id` and `user_id`, `name` and `full_name`."""
    left, right = words(one), words(other)
    short_one, long_one = sorted((left, right), key=len)
    return 0 < len(short_one) < len(long_one) and (long_one[-len(short_one) :] == short_one or long_one[: len(short_one)] == short_one)


def _read_nearby(context: Context, lookup: Lookup) -> list[KeyUse]:
    function = context.module.function(lookup.node)
    owner = context.module.segment(lookup.owner)
    return [use for use in key_uses(context.module) if not use.writes and use.receiver == owner and context.module.function(use.node) is function]


def _constant_behind(context: Context, lookup: Lookup) -> tuple[Module, ast.Constant] | None:
    """Return the named constant that a key is, where it is one."""
    if isinstance(lookup.key, ast.Constant):
        return None
    for spot in trace(context, lookup.key)[1:]:
        if isinstance(spot.node, ast.Constant) and isinstance(spot.node.value, str):
            return spot.module, spot.node
    return None


def _behind(context: Context, lookup: Lookup, key: str, new: str, why: str) -> Iterator[Idea]:
    found = _constant_behind(context, lookup)
    if found is None or found[1].value != key:
        return
    module, node = found
    yield Idea(
        title=f"use the key {new!r} where {key!r} was meant",
        why=f"There is no key {key!r}; {why}. The key is written once, at {module.rel}:{node.lineno}, and the edit changes it there.",
        edits=[(module, Edit(*module.span(node), quoted(module, node, new)))],
        prior=0.82 * min(1.0, similarity(key, new) + 0.2),
        unchecked=("Other mappings that are read with the same constant.",),
    )


def _reader(context: Context, lookup: Lookup, key: str, new: str, why: str, prior: float, known: Known) -> Iterator[Idea]:
    if not isinstance(lookup.key, ast.Constant):
        return
    uses = _like_reads(context, lookup, key)
    where = f"all {len(uses)} reads of it" if len(uses) > 1 else "this read of it"
    yield Idea(
        title=f"read the key {new!r} where {key!r} was meant" + (f" ({len(uses)} places)" if len(uses) > 1 else ""),
        why=f"{short(context.module.segment(lookup.owner))} has no key {key!r}; {why}. The edit changes {where} and nothing else.",
        edits=[(use.module, _renamed(use, new)) for use in uses],
        prior=prior if known.seen else prior - 0.03,
        nature="origin",
        alternatives=("A default for the missing key: it would hide that another key holds the value.",),
        unchecked=("" if known.whole else "Keys of the mapping that could not be seen.",) if not known.whole else (),
    )


def _like_reads(context: Context, lookup: Lookup, key: str) -> list[KeyUse]:
    """Return the reads that fail the same way: the same key on a mapping of the same name, where nothing writes that key."""
    module = context.module
    here = next(use for use in key_uses(module) if use.node is lookup.key)
    uses = project_uses(context.project, key)
    if any(use.writes for use in uses):
        function = module.function(lookup.node)
        return [
            use for use in key_uses(module) if use.key == key and not use.writes and use.receiver == here.receiver and module.function(use.node) is function
        ]
    name = last_name(lookup.owner)
    return [use for use in uses if use is here or (not is_test(use.module.rel) and use.receiver.rsplit(".", 1)[-1] == name and name)] or [here]


def _renamed(use: KeyUse, new: str) -> Edit:
    if use.kind == "keyword":
        keyword = next(item for item in getattr(use.around, "keywords", []) if item.value is use.node)
        start = use.module.span(keyword)[0]
        return Edit(start, start + len(str(use.key)), new)
    return Edit(*use.module.span(use.node), quoted(use.module, use.node, new))


def quoted(module: Module, node: ast.expr, new: str) -> str:
    """Return a text in the quotes that a constant has now."""
    old = module.segment(node)
    mark = "'" if old.lstrip("rRbBuU").startswith("'") else '"'
    return repr(new) if mark in new or "\\" in new or not new.isprintable() else f"{mark}{new}{mark}"


def other_level(context: Context, lookup: Lookup, key: Any, known: Known) -> Iterator[Idea]:
    """Yield the path with one level more where exactly one nested mapping has the key, and with one less where the level is not there."""
    module = context.module
    inside = [name for name, value in known.items.items() if isinstance(value, Mapping) and key in value]
    if len(inside) > 1:
        function = module.function(lookup.node)
        taken = {f'{module.segment(lookup.owner)}["{name}"]' for name in inside} | {f"{module.segment(lookup.owner)}['{name}']" for name in inside}
        read = {use.receiver for use in key_uses(module) if use.key == key and use.receiver in taken and module.function(use.node) is function}
        inside = [name for name in inside if not any(f"[{mark}{name}{mark}]" in item for item in read for mark in "'\"")]
    if len(inside) == 1 and lookup.manner in ("read", "augment") and isinstance(inside[0], str | int):
        end = module.span(lookup.owner)[1]
        reads = [
            use for use in _read_nearby(context, lookup) if use.kind == "read" and use.key in known.items.get(inside[0], {}) and use.key not in known.items
        ]
        ends = {end, *(module.span(use.around.value)[1] for use in reads if isinstance(use.around, ast.Subscript))}
        yield Idea(
            title=f"read {key!r} inside {inside[0]!r}",
            why=(
                f"{short(module.segment(lookup.owner))} has no {key!r} itself, but its {inside[0]!r} has. "
                f"The edit reads it one level deeper{f' at {len(ends)} places' if len(ends) > 1 else ''}."
            ),
            edits=[(module, Edit(place, place, _step(module, lookup, inside[0]))) for place in sorted(ends)],
            prior=0.84 if known.seen else 0.78,
            alternatives=("A default for the missing key: the value is there, one level deeper.",),
        )
    parent = module.parents.get(lookup.node)
    inner = parent.slice if isinstance(parent, ast.Subscript) and parent.value is lookup.node else None
    if isinstance(parent, ast.Attribute) and parent.attr == "get":
        call = module.parents.get(parent)
        inner = call.args[0] if isinstance(call, ast.Call) and call.args else None
    if isinstance(inner, ast.Constant) and inner.value in known.items and isinstance(lookup.node, ast.Subscript):
        start, end = module.span(lookup.owner)[1], module.span(lookup.node)[1]
        yield Idea(
            title=f"read {inner.value!r} without the level {key!r}",
            why=f"{short(module.segment(lookup.owner))} has no {key!r}, and has {inner.value!r} itself. The edit reads it there.",
            edits=[(module, Edit(start, end, ""))],
            prior=0.84 if known.seen else 0.76,
            alternatives=("A default for the missing level: the value is there, one level up.",),
        )
    lists = [name for name, value in known.items.items() if isinstance(value, Row) or (isinstance(value, Opaque) and value.text.startswith("<list"))]
    if type(key) is int and len(lists) == 1 and isinstance(lists[0], str) and not any(type(item) is int for item in known.items):
        end = module.span(lookup.owner)[1]
        yield Idea(
            title=f"take item {key} of {lists[0]!r}",
            why=f"{short(module.segment(lookup.owner))} is a mapping, not a list; its {lists[0]!r} is the one list in it. The edit takes the item from there.",
            edits=[(module, Edit(end, end, _step(module, lookup, lists[0])))],
            prior=0.76,
        )


def _step(module: Module, lookup: Lookup, name: str | int) -> str:
    """Return `["name"]` in the quotes that the key itself has."""
    mark = module.segment(lookup.key)[:1]
    mark = mark if mark in "'\"" else '"'
    return f"[{mark}{name}{mark}]" if isinstance(name, str) else f"[{name}]"


def spoilt(context: Context, lookup: Lookup, key: str, known: Known) -> Iterator[Idea]:
    """Yield the fix of how a file is read, where its own columns show that it is read wrongly: a byte order mark, spaces, another delimiter."""
    texts = known.texts
    reader = _csv_reader(context, lookup)
    if reader is None:
        return
    module, call = reader
    if "\ufeff" + key in texts or any(item.startswith("\ufeff") and item.lstrip("\ufeff").strip('"') == key for item in texts):
        yield from _without_mark(module, call)
    elif any(item != key and item.strip() == key for item in texts) and all(item.rstrip() == item for item in texts):
        yield _with_argument(
            module,
            call,
            "skipinitialspace=True",
            "skip the spaces after the delimiter",
            f"The columns of the file are read with a space in front: {key!r} is there as {' ' + key!r}.",
        )
    elif len(texts) == 1 and (mark := next((item for item in ";\t|," if key in [part.strip(' "') for part in texts[0].split(item)] and item in texts[0]), "")):
        spelled = "\\t" if mark == "\t" else mark
        yield _with_argument(
            module,
            call,
            f'delimiter="{spelled}"',
            f"read the file with {spelled!r} between its columns",
            f"The file came as one single column, {short(texts[0])}: its columns are divided by {spelled!r}.",
        )


def _csv_reader(context: Context, lookup: Lookup) -> tuple[Module, ast.Call] | None:
    found: list[tuple[Module, ast.Call]] = []
    for module in (context.module, *context.project.containing("DictReader")):
        calls = [node for node in module.nodes if isinstance(node, ast.Call) and last_name(node.func) == "DictReader"]
        found = found or [(module, call) for call in calls]
    return found[0] if len(found) == 1 else None


def _with_argument(module: Module, call: ast.Call, argument: str, title: str, why: str) -> Idea:
    given = next((item for item in call.keywords if item.arg == argument.split("=", maxsplit=1)[0]), None)
    end = module.span(call)[1] - 1
    edit = Edit(*module.span(given), argument) if given is not None else Edit(end, end, f", {argument}")
    return Idea(
        title=title, why=f"{why} The edit gives the reader {argument}.", edits=[(module, edit)], prior=0.9, alternatives=("Renaming the key where it is read.",)
    )


def _without_mark(module: Module, call: ast.Call) -> Iterator[Idea]:
    for node in module.nodes:
        if isinstance(node, ast.Call) and last_name(node.func) in ("open", "read_text") and module.function(node) is module.function(call):
            given = next((item for item in node.keywords if item.arg == "encoding"), None)
            end = module.span(node)[1] - 1
            text = 'encoding="utf-8-sig"'
            edit = Edit(*module.span(given), text) if given is not None else Edit(end, end, f", {text}" if node.args else text)
            yield Idea(
                title="read the file without its byte order mark",
                why=(
                    "The first column's name begins with a byte order mark, as files saved by spreadsheets do. The edit reads the "
                    "file as utf-8-sig, which drops the mark."
                ),
                edits=[(module, edit)],
                prior=0.93,
                alternatives=("Renaming the key where it is read: files without the mark would fail then.",),
            )
            return
