"""Recursion through data that has no end: text, whose items are texts again, and objects that lead back to themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import find_classes, last_name, members
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.names import words
from nexoide.repair.code.scope import parameters as all_parameters
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.recursion.recursive import Link, bound, calls_itself, is_name, parameters

_ITERABLES = frozenset(["Iterable", "Sequence", "Collection", "Container", "Sized", "Reversible"])
_DUNDER = frozenset(["__iter__", "__len__", "__getitem__", "__contains__"])


def data_ideas(context: Context, link: Link) -> Iterator[Idea]:
    """Yield the test for text; where there is none, what breaks a circle of objects: an early end, a name, or the memory of what was visited."""
    found = list(_text(link)) or list(_same_value(link)) or list(_back_reference(context, link))
    yield from found
    if not found:
        yield from _visited(link)


def _text(link: Link) -> Iterator[Idea]:
    """A function that goes into everything that can be gone through, and so into the characters of a text for ever."""
    module = link.module
    for name in parameters(link.function, link.me):
        views = link.views(name)
        if views and views[-1].type not in ("str", "bytes"):
            continue
        for node in own_nodes(link.function):
            if not isinstance(node, ast.If | ast.IfExp | ast.While):
                continue
            test = node.test
            inner = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
            if not _asks_for_items(inner, name):
                continue
            start, end = module.span(test)
            text = f"isinstance({name}, (str, bytes))"
            edit = Edit(start, start, f"{text} or ") if inner is not test else Edit(end, end, f" and not {text}")
            yield Idea(
                title=f"treat a text as one value in {link.function.name}()",
                why=f"{link.function.name}() goes into whatever can be gone through. The items of a text are texts again, so that it never comes to an end. "
                "The edit takes a text as one value.",
                edits=[(module, edit)],
                prior=0.95 if views else 0.85,
            )
            return
        yield from _tried(link, name, bool(views))


def _asks_for_items(node: ast.expr, name: str) -> bool:
    if not isinstance(node, ast.Call) or len(node.args) != 2 or not is_name(node.args[0], name):
        return False
    if is_name(node.func, "isinstance"):
        kinds = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
        return any(last_name(kind) in _ITERABLES for kind in kinds) and not any(last_name(kind) in ("str", "bytes") for kind in kinds)
    return is_name(node.func, "hasattr") and isinstance(node.args[1], ast.Constant) and node.args[1].value in _DUNDER


def _tried(link: Link, name: str, known: bool) -> Iterator[Idea]:
    """The same with `try: for item in value … except TypeError`."""
    module = link.module
    for node in link.function.body:
        if not isinstance(node, ast.Try) or not any(last_name(handler.type) == "TypeError" for handler in node.handlers):
            continue
        goes = any(isinstance(item, ast.For | ast.comprehension) and is_name(item.iter, name) for item in ast.walk(node))
        goes = goes or any(isinstance(item, ast.Call) and is_name(item.func, "iter") and item.args and is_name(item.args[0], name) for item in ast.walk(node))
        handler = next(item for item in node.handlers if last_name(item.type) == "TypeError")
        indent = module.own_indent(node)
        if not goes or indent is None or len(handler.body) != 1 or not isinstance(handler.body[0], ast.Return):
            continue
        at = module.span(node)[0]
        yield Idea(
            title=f"treat a text as one value in {link.function.name}()",
            why=f"{link.function.name}() goes into whatever can be gone through. The items of a text are texts again, so that it never comes to an end. "
            "The edit gives back for a text what is given back for what has no items.",
            edits=[(module, Edit(at, at, f"if isinstance({name}, (str, bytes)):\n{indent}    {module.segment(handler.body[0])}\n{indent}"))],
            prior=0.93 if known else 0.8,
        )
        return


def _same_value(link: Link) -> Iterator[Idea]:
    """A setter that tells others, who set it again to the same value: it is done where nothing changes."""
    module, function = link.module, link.function
    given = parameters(function, link.me)
    is_setter = any(last_name(node) == "setter" for node in function.decorator_list) or function.name.startswith(("set", "update_", "change_"))
    if not link.me or len(given) != 1 or not is_setter or any(isinstance(node, ast.Return) and node.value is not None for node in own_nodes(function)):
        return
    stores = [
        node
        for node in own_nodes(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute) and is_name(node.targets[0].value, link.me)
        and is_name(node.value, given[0]) and node.lineno < link.line
    ]  # fmt: skip
    body = [item for item in function.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    indent = module.own_indent(body[0]) if body else None
    shown = {view.repr for view in link.views(given[0])}
    if len(stores) != 1 or indent is None or len(shown) > 1:
        return
    kept = module.segment(stores[0].targets[0])
    at = module.span(body[0])[0]
    yield Idea(
        title=f"do nothing in {function.name}() where the value stays the same",
        why=f"{function.name}() tells others of its new value, and they set it to that same value again, without end. "
        f"The edit returns where {kept} has the value already.",
        edits=[(module, Edit(at, at, f"if {given[0]} == {kept}:\n{indent}    return\n{indent}"))],
        prior=0.82,
        alternatives=("Not telling others at all: what listens would miss real changes.",),
    )


def _back_reference(context: Context, link: Link) -> Iterator[Idea]:
    """A part that describes the whole it belongs to, which describes its parts: the part names the whole."""
    module, item = link.module, link.owner
    if item is None or _takes_more(link):
        return
    for call in calls_itself(link):
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        if not isinstance(receiver, ast.Attribute) or not is_name(receiver.value, link.me) or call.args or call.keywords:
            continue
        others = {frame.locals["self"].type.rsplit(".", 1)[-1] for frame in context.raised.frames if "self" in frame.locals} - {item.name}
        others |= {"".join(word.title() for word in words(receiver.attr))}
        for name in sorted(others):
            for whole in find_classes(context.project, name, module)[:1]:
                method = members(context.project, whole).methods.get(link.function.name)
                known = members(context.project, whole).attributes
                named = [one for one in ("id", "name", "title", "key", "number", "code", "label") if one in known]
                if whole.node is item.node or method is None or not named:
                    continue
                yield Idea(
                    title=f"name the {receiver.attr} in {item.name}.{link.function.name}() by its {named[0]}",
                    why=f"A {item.name} describes its {receiver.attr} whole, which describes all that belongs to it, this {item.name} too, without end. "
                    f"The edit names the {receiver.attr} by its {named[0]}.",
                    edits=[(module, Edit(*module.span(call), f"{module.segment(receiver)}.{named[0]}"))],
                    prior=0.62,
                    alternatives=(f"Leaving the {receiver.attr} out, or the parts out of what a {whole.name} says.",),
                    unchecked=(f"Whether readers of the result expect all of the {receiver.attr}.",),
                )
                return


def _takes_more(link: Link) -> bool:
    """Say whether the function takes anything beside its own object."""
    return bool(parameters(link.function, link.me))


def _visited(link: Link) -> Iterator[Idea]:
    """Data that leads back to itself: what was visited is remembered."""
    function, module = link.function, link.module
    calls = [node for node in own_nodes(function) if isinstance(node, ast.Call) and _is_call(link, node)]
    if not calls or not any(call in link.at_line() for call in calls_itself(link)):
        return
    key = _node(link, calls)
    if key is None or not _repeats(link, key):
        return
    neutral = _neutral(link)
    body = [item for item in function.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    indent = module.own_indent(body[0]) if body else None
    if neutral is None or indent is None or function.args.vararg or function.args.kwarg or function.decorator_list:
        return
    taken = set(all_parameters(function)) | {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    seen = next((name for name in ("seen", "visited", "_seen") if name not in taken), "")
    edits = list(_given_on(link, calls, seen))
    if not seen or not edits:
        return
    mark = _mark(link, key)
    at = module.span(body[0])[0]
    lines = [f"if {seen} is None:", f"    {seen} = set()", f"if {mark} in {seen}:", f"    return{' ' + neutral if neutral else ''}", f"{seen}.add({mark})", ""]
    edits.append(Edit(at, at, f"\n{indent}".join(lines)))
    where = next((item for item in reversed([*function.args.posonlyargs, *function.args.args])), None)
    end = module.span(where)[1] if where is not None else 0
    if function.args.defaults:
        end = max(end, module.span(function.args.defaults[-1])[1])
    if not end or function.args.kwonlyargs:
        return
    edits.append(Edit(end, end, f", {seen}=None"))
    yield Idea(
        title=f"remember in {function.name}() what was visited",
        why=f"{function.name}() follows data that leads back to where it came from: the same {key} comes again and again. "
        "The edit remembers what was visited and does not go there twice.",
        edits=[(module, edit) for edit in edits],
        prior=0.72,
        nature="guard",
        alternatives=("A circle may be an error of the data, which should be refused with a message of its own.",),
        unchecked=("Whether the program's author wants circles to be followed once or refused.",),
    )


def _is_call(link: Link, node: ast.Call) -> bool:
    if link.me:
        return isinstance(node.func, ast.Attribute) and node.func.attr == link.function.name
    return is_name(node.func, link.function.name)


def _node(link: Link, calls: list[ast.Call]) -> str | None:
    """Return the parameter that moves from call to call, or the own object where the method is called on another one."""
    if link.me and all(isinstance(call.func, ast.Attribute) and not is_name(call.func.value, link.me) for call in calls):
        return link.me
    moving: set[str] = set()
    for call in calls:
        given = bound(link, call)
        if given is None:
            return None
        moving |= {name for name, value in given.items() if not is_name(value, name) and _is_part(link, value)}
    return next(iter(moving)) if len(moving) == 1 else None


def _is_part(link: Link, node: ast.expr) -> bool:
    """Say whether an argument is something that the data lead to, and not something that the function makes."""
    if isinstance(node, ast.Attribute):
        return True
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Slice)
    if not isinstance(node, ast.Name):
        return False
    turns = [item.target for item in own_nodes(link.function) if isinstance(item, ast.For | ast.comprehension)]
    assigned = [item.value for item in own_nodes(link.function) if isinstance(item, ast.Assign) and any(is_name(target, node.id) for target in item.targets)]
    made = any(not isinstance(value, ast.Attribute | ast.Subscript | ast.Name) and "get" not in ast.dump(value) for value in assigned)
    return any(is_name(part, node.id) for target in turns for part in ast.walk(target)) or (bool(assigned) and not made)


def _repeats(link: Link, key: str) -> bool:
    """Say whether the frames show the same thing again and again."""
    shown = [view.repr for view in link.views(key)]
    if not shown:
        return False
    kinds = {view.type for view in link.views(key)}
    return len(set(shown[-24:])) <= max(1, len(shown[-24:]) // 2) and not kinds & {"int", "float", "bool"}


def _mark(link: Link, key: str) -> str:
    kinds = {view.type for view in link.views(key)}
    return key if kinds <= {"str", "bytes", "tuple"} else f"id({key})"


def _given_on(link: Link, calls: list[ast.Call], seen: str) -> Iterator[Edit]:
    module = link.module
    for call in calls:
        end = module.span(call)[1] - 1
        before = module.text[module.span(call.func)[1] : end].rstrip()
        comma = "" if before.endswith(("(", ",")) else ", "
        yield Edit(end, end, f"{comma}{seen}={seen}" if not before.endswith(",") else f" {seen}={seen}")


def _neutral(link: Link) -> str | None:
    """Return what a visit that is not made gives back: "" nothing, None where it cannot be told."""
    function = link.function
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function)):
        return ""
    values = [node.value for node in own_nodes(function) if isinstance(node, ast.Return) and node.value is not None]
    if not values:
        return ""
    for value in values:
        if isinstance(value, ast.Name):
            begun = [
                node.value
                for node in own_nodes(function)
                if isinstance(node, ast.Assign | ast.AnnAssign)
                and is_name(node.targets[0] if isinstance(node, ast.Assign) else node.target, value.id)
                and node.value is not None
            ]
            if begun:
                first = begun[0]
                if isinstance(first, ast.List | ast.ListComp):
                    return "[]"
                if isinstance(first, ast.Set) or (isinstance(first, ast.Call) and is_name(first.func, "set")):
                    return "set()"
                if isinstance(first, ast.Dict):
                    return None
                if isinstance(first, ast.Constant | ast.Attribute | ast.BinOp | ast.Call):
                    return "0" if not isinstance(first, ast.Constant) or isinstance(first.value, int | float) else None
        if isinstance(value, ast.List | ast.ListComp) or (isinstance(value, ast.BinOp) and isinstance(value.left, ast.List)):
            return "[]"
        if isinstance(value, ast.Call) and last_name(value.func) in ("any", "all"):
            return "False" if last_name(value.func) == "any" else "True"
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and any(isinstance(node, ast.Call) for node in ast.walk(value)):
            return "0"
        if isinstance(value, ast.Call) and last_name(value.func) in ("sum", "max"):
            return "0"
    return None
