"""A function that calls itself where another one of the same name was meant: the base's, the wrapped one, a builtin, an import."""

from __future__ import annotations

import ast
import builtins
from collections import deque
from collections.abc import Iterator

from nexoide.repair.code.construction import initialiser
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, find_functions, index, last_name, members
from nexoide.repair.code.infer import class_names, own_nodes
from nexoide.repair.code.names import closest, words
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.naming.importing import need_module
from nexoide.repair.naming.imports import aliases
from nexoide.repair.naming.stdlib import has
from nexoide.repair.recursion.recursive import Link, bound, calls_itself, is_name, is_own, parameters

_PLAIN_BASES = frozenset(["object", "ABC", "Protocol", "Generic", "Enum", "NamedTuple"])


def call_ideas(context: Context, link: Link) -> Iterator[Idea]:
    """Yield the function that was meant by a call of the function itself."""
    yield from _wrong_super(link)
    calls = calls_itself(link)
    item = link.owner
    if item is not None:
        own = [node for node in calls if isinstance(node.func, ast.Attribute) and is_name(node.func.value, link.me)]
        if own:
            yield from _method(context, link, item, own)
        elif link.function.name in ("__new__", "__call__") and not calls:
            yield from _made_again(link, item)
    elif calls:
        yield from _function(context, link, calls)


def _wrong_super(link: Link) -> Iterator[Idea]:
    """`super(self.__class__, self)`: in a subclass of a subclass it finds the same method again."""
    edits: list[Edit] = []
    for node in link.at_line():
        if isinstance(node, ast.Call) and is_name(node.func, "super") and len(node.args) == 2:
            first = node.args[0]
            kind = is_own(first, link.me, "__class__") or (isinstance(first, ast.Call) and is_name(first.func, "type"))
            if kind:
                edits.append(Edit(*link.module.span(node), "super()"))
    if edits:
        yield Idea(
            title="write super() without the object's own class",
            why=f"super() is given the class of the object and not the class that {link.function.name}() stands in; for an object of a subclass it finds "
            "this same method again, without end. super() alone means the class that it is written in.",
            edits=[(link.module, edit) for edit in edits],
            prior=0.97,
        )


def _passes_on(link: Link, call: ast.Call) -> bool:
    """Say whether a call gives the function just what it was given itself, so that nothing ever changes."""
    given = bound(link, call)
    names = parameters(link.function, link.me)
    if given is None:
        return True
    if not names:
        return not call.args and not call.keywords
    return all(name not in given or is_name(given[name], name) for name in names)


def _in_loop(link: Link, call: ast.Call) -> bool:
    """Say whether a call stands in a loop or comprehension of the function: then an item was meant, not another function."""
    for parent in link.module.ancestors(call):
        if parent is link.function:
            return False
        if isinstance(parent, ast.For | ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            return True
    return False


def _method(context: Context, link: Link, item: Class, calls: list[ast.Call]) -> Iterator[Idea]:
    module, name = link.module, link.function.name
    owners = [call.func.value for call in calls if isinstance(call.func, ast.Attribute)]
    same = all(_passes_on(link, call) for call in calls)
    based = _base_has(context, item, name)
    if any(_in_loop(link, call) for call in calls) and based != "own":
        return
    if based == "own" or (based == "foreign" and same):
        yield Idea(
            title=f"call {name}() of the base with super()",
            why=f"{item.name}.{name}() calls itself on the same object, without end. "
            f"{'A base of the class has ' + name + '() too' if based == 'own' else 'The class has a base'}, and the method extends it. "
            "The edit calls the base's method.",
            edits=[(module, Edit(*module.span(node), "super()")) for node in owners],
            prior=0.95 if based == "own" else 0.82,
            alternatives=("An end of the recursion: nothing in the call gets any smaller.",),
        )
        return
    if not same:
        if not _is_shrinking(link, calls):
            yield from _delegated(context, link, item, owners, surely=True)
        return
    yield from _delegated(context, link, item, owners)
    twin = [one for one in item.methods if one.strip("_") == name.strip("_") and one != name]
    twin = twin or [one for _, one in closest(name, [other for other in item.methods if other.startswith("_") and not other.startswith("__")], 0.7)]
    if len(twin) == 1:
        yield Idea(
            title=f"call self.{twin[0]}() in {name}()",
            why=f"{item.name}.{name}() calls itself with the same arguments, without end, and the class has {twin[0]}(). The edit calls that one.",
            edits=[(module, Edit(module.span(node)[1], module.span(node)[1] + 1 + len(name), f".{twin[0]}")) for node in owners],
            prior=0.82,
        )
    if name in index(module).imports or any(other.name == name and other.owner is None for other in index(module).functions):
        yield Idea(
            title=f"call the function {name}() in the method of that name",
            why=f"{item.name}.{name}() calls itself with the same arguments, without end, and this file has a function {name}() too. The edit calls that one.",
            edits=[(module, Edit(module.span(node)[0], module.span(node)[1] + 1, "")) for node in owners],
            prior=0.86,
        )


def _base_has(context: Context, item: Class, name: str, depth: int = 0) -> str:
    """Say whether a base of the project has a method ("own"), or one that is not the project's may have it ("foreign")."""
    found = ""
    for base in item.bases:
        known = [one for one in find_classes(context.project, base, item.module) if one.node is not item.node]
        if not known:
            found = found or ("foreign" if base and base not in _PLAIN_BASES else "")
        elif name in members(context.project, known[0]).methods:
            return "own"
        elif depth < 6:
            found = found or _base_has(context, known[0], name, depth + 1)
    return found


def _delegated(context: Context, link: Link, item: Class, owners: list[ast.expr], *, surely: bool = False) -> Iterator[Idea]:
    """A wrapper that calls its own method where the wrapped object's was meant; `surely`: only where that is known to have it."""
    maker = initialiser(item)
    taken = {node.arg: node for node in maker.args.args[1:]} if maker is not None and not item.has_fields else {}
    name = link.function.name
    kept: list[tuple[str, bool]] = []
    for attribute in item.attributes.values():
        value = attribute.value
        classes = class_names(attribute.annotation)
        if hasattr(_builtin(value), name):
            kept.append((attribute.name, True))
            continue
        if isinstance(value, ast.Call):
            classes |= {last_name(value.func)}
        elif not (isinstance(value, ast.Name) and value.id in taken) and not (item.has_fields and attribute.is_field):
            continue
        known = [one for other in classes for one in find_classes(context.project, other, item.module)]
        if known and name not in members(context.project, known[0]).names:
            continue
        shown = bool(known) or any(
            isinstance(node, ast.Attribute) and is_own(node.value, link.me, attribute.name) and node.attr != name
            for other in item.methods.values() for node in own_nodes(other.node)
        )  # fmt: skip
        shown = shown or any(
            other.owner is not None and other.owner is not item.node and set(words(attribute.name)) & set(words(other.owner.name))
            for other in find_functions(context.project, name)
        )
        if known or classes == set():
            kept.append((attribute.name, shown))
    sure = [one for one, shown in kept if shown]
    if surely and len(sure) != 1:
        return
    chosen = sure if len(sure) == 1 else [one for one, _ in kept]
    for one in chosen[:2]:
        yield Idea(
            title=f"call {name}() of self.{one}",
            why=f"{item.name}.{name}() calls itself with the same arguments, without end. {item.name} keeps {one}, to which it hands its work. "
            f"The edit calls {name}() of that.",
            edits=[(link.module, Edit(*link.module.span(node), f"{link.me}.{one}")) for node in owners],
            prior=0.9 if len(chosen) == 1 and sure else 0.75 if len(chosen) == 1 else 0.55,
        )


def _builtin(value: ast.expr | None) -> type:
    """Return the type of a container that an expression makes, `object` for anything else."""
    if isinstance(value, ast.List | ast.ListComp):
        return list
    if isinstance(value, ast.Dict | ast.DictComp):
        return dict
    name = last_name(value.func) if isinstance(value, ast.Call) else ""
    return {"list": list, "dict": dict, "set": set, "deque": deque, "defaultdict": dict, "OrderedDict": dict, "Counter": dict}.get(name, object)


def _made_again(link: Link, item: Class) -> Iterator[Idea]:
    """`__new__` and a metaclass's `__call__` that make the object by calling the class, which calls them again."""
    module, first = link.module, link.me
    name = link.function.name
    calls = [node for node in link.at_line() if isinstance(node, ast.Call) and (is_name(node.func, first) or is_name(node.func, item.name))]
    if not calls or (name == "__call__" and "type" not in item.bases):
        return
    edits = []
    for node in calls:
        given = module.text[module.span(node.func)[1] + 1 : module.span(node)[1] - 1]
        text = f"super().__new__({first})" if name == "__new__" else f"super().__call__({given})"
        edits.append((module, Edit(*module.span(node), text)))
    yield Idea(
        title=f"make the object with super().{name}()",
        why=f"{name}() makes the object by calling the class, which calls {name}() again without end. The edit lets the base make it.",
        edits=edits,
        prior=0.93,
    )


def _function(context: Context, link: Link, calls: list[ast.Call]) -> Iterator[Idea]:
    """A plain function that calls itself: the wrapped function, or one of the same name that it hides."""
    module, function = link.module, link.function
    name = function.name
    outer = next((node for node in module.ancestors(function) if isinstance(node, FUNCTIONS)), None)
    if outer is not None:
        yield from _wrapped(link, outer, calls)
        return
    if any(_in_loop(link, call) for call in calls):
        return
    hidden = [(node, item) for source, original in [index(module).imports.get(name, ("", ""))] if source for node, item in aliases(module, source)
              if original and (item.asname or item.name) == name]  # fmt: skip
    if hidden:
        new = f"{index(module).imports[name][0].rsplit('.', 1)[-1].strip('.') or 'original'}_{name}"
        start, end = _span(module, hidden[0][1])
        yield Idea(
            title=f"call the imported {name}() in the function of that name",
            why=f"The function {name}() hides the {name}() that this file imports, and calls itself without end. The edit imports it as {new} and calls that.",
            edits=[(module, Edit(start, end, f"{hidden[0][1].name} as {new}")), *((module, Edit(*module.span(call.func), new)) for call in calls)],
            prior=0.92,
        )
        return
    owners = [source for source, original in index(module).imports.values() if not original and has(source, name)]
    owners += [
        held
        for held, (source, original) in index(module).imports.items()
        if find_functions(context.project, name)
        and any(item.module.dotted == f"{source}.{original}".strip(".") for item in find_functions(context.project, name))
    ]
    if owners:
        text = next((held for held, (source, original) in index(module).imports.items() if source == owners[0] and not original), owners[0])
        yield Idea(
            title=f"call {text}.{name}() in the function of that name",
            why=f"The function {name}() calls itself, without end. {text} has {name}() too, and this file imports it. The edit calls that one.",
            edits=[(module, Edit(*module.span(call.func), f"{text}.{name}")) for call in calls],
            prior=0.93 if not _is_shrinking(link, calls) else 0.5,
        )
        return
    if hasattr(builtins, name) and not _is_shrinking(link, calls):
        text, edits = need_module(context.project, module, "builtins")
        yield Idea(
            title=f"call the language's own {name}() in the function of that name",
            why=f"The function {name}() hides the language's own, and calls itself without end. The edit calls the language's own through builtins.",
            edits=[*((module, edit) for edit in edits), *((module, Edit(*module.span(call.func), f"{text}.{name}")) for call in calls)],
            prior=0.88,
            alternatives=("Another name for this function: its callers would have to change too.",),
        )


def _span(module: Module, item: ast.alias) -> tuple[int, int]:
    assert item.end_lineno is not None
    assert item.end_col_offset is not None
    return module.offset(item.lineno, item.col_offset), module.offset(item.end_lineno, item.end_col_offset)


def _is_shrinking(link: Link, calls: list[ast.Call]) -> bool:
    """Say whether a call passes less than it was given: a part, a difference, an item."""
    for call in calls:
        for value in (bound(link, call) or {}).values():
            if isinstance(value, ast.Subscript | ast.Attribute):
                return True
            if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub | ast.FloorDiv | ast.Div | ast.Mod | ast.RShift):
                return True
    return False


def _wrapped(link: Link, outer: ast.FunctionDef | ast.AsyncFunctionDef, calls: list[ast.Call]) -> Iterator[Idea]:
    """A decorator's inner function that calls itself where the decorated one was meant."""
    given = [item.arg for item in (*outer.args.posonlyargs, *outer.args.args)]
    used = {node.func.id for node in ast.walk(link.function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    held = [
        name for name in given if name in ("func", "function", "fn", "f", "callback", "method", "wrapped", "handler", "view", "target", "callable_", "action")
    ]
    returned = any(isinstance(node, ast.Return) and is_name(node.value, link.function.name) for node in ast.walk(outer))
    if len(held) == 1 and held[0] not in used and returned:
        yield Idea(
            title=f"call {held[0]}, the function that {outer.name}() was given",
            why=f"{link.function.name}(), which {outer.name}() returns in the place of {held[0]}, calls itself without end and {held[0]} never. "
            f"The edit calls {held[0]}.",
            edits=[(link.module, Edit(*link.module.span(call.func), held[0])) for call in calls],
            prior=0.96,
        )
