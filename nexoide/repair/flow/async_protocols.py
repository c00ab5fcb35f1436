"""`async for` and `async with` on what does not know them, their plain forms on what knows only them, and coroutines used twice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, find_classes, index, last_name, members
from nexoide.repair.code.infer import infer
from nexoide.repair.code.provenance import called, provenance
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.flow.coroutines import OpenError, Plan, is_generator, make_async
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need

_ITERATES = frozenset(["list", "tuple", "set", "sum", "sorted", "min", "max", "any", "all", "len", "dict", "enumerate"])
_ASYNC_MANAGERS = frozenset(
    ["Lock", "Semaphore", "BoundedSemaphore", "Condition", "TaskGroup", "ClientSession", "AsyncClient", "_AsyncGeneratorContextManager"]
)


def iterated(context: Context, match: re.Match[str]) -> Iterator[Idea]:
    """Yield the repairs of a loop of the wrong kind."""
    kind = match.groupdict().get("type") or ""
    if kind or match[0].startswith("'async for'"):
        if "__anext__" in match[0] and "received" in match[0]:
            yield from _async_aiter(context)
            return
        yield from _not_async(context, kind)
        return
    yield from _only_async(context)


def _async_aiter(context: Context) -> Iterator[Idea]:
    """`async def __aiter__`: the method gives the iterator itself and is a plain one."""
    for module in context.project.containing("async def __aiter__"):
        for item in index(module).functions:
            if item.name == "__aiter__" and item.is_async and not is_generator(item.node):
                start = module.span(item.node)[0]
                head = re.match(r"async\s+", module.text[start:])
                yield Idea(
                    title=f"make {item.qualname}() a plain method",
                    why=f"async for calls {item.qualname}() and takes what it gives as the iterator; an asynchronous one gives a coroutine. "
                    f"The edit takes its async away.",
                    edits=[(module, Edit(start, start + (head.end() if head else 0), ""))],
                    prior=0.95,
                )


def _loops(context: Context, *, is_async: bool) -> list[tuple[ast.stmt | ast.comprehension, ast.expr]]:
    """Return the loops of the failing place, each with what it iterates."""
    found: list[tuple[ast.stmt | ast.comprehension, ast.expr]] = []
    wanted = ast.AsyncFor if is_async else ast.For
    statements = [node for node in context.nodes(lambda item: isinstance(item, wanted)) if isinstance(node, ast.For | ast.AsyncFor)]
    found += [(node, node.iter) for node in statements if node.lineno <= context.line <= (node.iter.end_lineno or node.lineno)]
    if not found:
        for node in context.nodes(lambda item: isinstance(item, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)):
            if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
                found += [(item, item.iter) for item in node.generators if bool(item.is_async) == is_async]
    return found


def _for_at(module: Module, loop: ast.stmt | ast.comprehension) -> int:
    """Return where the `for` of a plain loop stands."""
    if isinstance(loop, ast.stmt):
        return module.span(loop)[0]
    return module.text.rindex("for", 0, module.span(loop.target)[0])


def _async_at(module: Module, loop: ast.stmt | ast.comprehension) -> tuple[int, int]:
    """Return the span of the `async ` of an asynchronous loop."""
    if isinstance(loop, ast.stmt):
        start = module.span(loop)[0]
        head = re.match(r"async\s+", module.text[start:])
        return start, start + (head.end() if head else 0)
    at = module.text.rindex("for", 0, module.span(loop.target)[0])
    return module.text.rindex("async", 0, at), at


def _not_async(context: Context, kind: str) -> Iterator[Idea]:
    """`async for` over something plain, or over a coroutine whose result is plain."""
    module = context.module
    for loop, value in _loops(context, is_async=True)[:1]:
        text = short(module.segment(value))
        edits = [(module, Edit(*_async_at(module, loop), ""))]
        if kind == "coroutine":
            start = module.span(value)[0]
            edits.append((module, Edit(start, start, "await ")))
            yield Idea(
                title=f"await {text} and iterate its result",
                why=f"{text} is a coroutine: it gives all elements at once when it is awaited. The edit awaits it and iterates what it gives.",
                edits=edits,
                prior=0.92,
            )
        else:
            yield Idea(
                title=f"iterate {text} with a plain for",
                why=f"{text} is {kind or 'a plain iterable'}, whose elements are all there, and async for takes only asynchronous "
                f"iterators. The edit takes async away.",
                edits=edits,
                prior=0.9,
            )


def _only_async(context: Context) -> Iterator[Idea]:
    """A plain loop, or a call that iterates, over an asynchronous generator."""
    module = context.module
    loops = [(loop, value) for loop, value in _loops(context, is_async=False) if _is_async_generator(context, value)]
    edits: list[tuple[Module, Edit]] = []
    node: ast.AST
    if loops:
        loop, value = loops[0]
        at = _for_at(module, loop)
        edits, node = [(module, Edit(at, at, "async "))], value
    else:
        calls = context.nodes(lambda item: isinstance(item, ast.Call) and last_name(item.func) in _ITERATES and len(item.args) == 1)
        fitting = [item for item in calls if isinstance(item, ast.Call) and _is_async_generator(context, item.args[0])]
        if not fitting:
            return
        call, value = fitting[0], fitting[0].args[0]
        whole = call if last_name(call.func) == "list" and not call.keywords else value
        edits, node = [(module, Edit(*module.span(whole), f"[item async for item in {module.segment(value)}]"))], call
    text = short(module.segment(value))
    plan = Plan()
    function = module.function(node)
    if function is None:
        raise OpenError(f"{text} can only be iterated in an asynchronous function, and this is none.")
    if not isinstance(function, ast.AsyncFunctionDef):
        found = next((item for item in index(module).functions if item.node is function), None)
        if found is not None:
            make_async(context.project, found, plan)
    yield Idea(
        title=f"iterate {text} with async for",
        why=f"{text} is an asynchronous generator, which only async for can iterate. The edit iterates it so."
        + (f" {plan.functions[0].qualname}() becomes asynchronous for it." if plan.functions else ""),
        edits=[*edits, *plan.edits],
        prior=0.92 if not plan.functions else 0.82,
    )


def _is_async_generator(context: Context, node: ast.expr) -> bool:
    view = context.view(node)
    if view is not None:
        return view.type == "async_generator"
    return any(item.function is not None and item.function.is_async and is_generator(item.function.node) for item in provenance(context, node)[:3])


def entered(context: Context, match: re.Match[str]) -> Iterator[Idea]:
    """Yield the repairs of a `with` of the wrong kind, or on a generator that lacks its decorator."""
    kind = (match["type"] or "").rsplit(".", 1)[-1]
    nodes = [node for node in context.nodes(lambda item: isinstance(item, ast.With | ast.AsyncWith)) if isinstance(node, ast.With | ast.AsyncWith)]
    if not nodes or kind == "NoneType":
        return
    node, module = nodes[-1], context.module
    is_async = isinstance(node, ast.AsyncWith)
    for item in node.items:
        value = item.context_expr
        function = called(context.project, module, value, context)
        if kind in ("generator", "async_generator") or (not kind and function is not None and is_generator(function.node)):
            if function is not None and is_generator(function.node):
                yield from _decorated(context, function)
                return
        elif kind == "coroutine" or (not kind and function is not None and function.is_async):
            yield from _awaited(context, node, value, function)
            return
        elif _knows(context, value, kind, is_async=not is_async):
            yield from _other_kind(context, node, value)
            return


def _knows(context: Context, value: ast.expr, kind: str, *, is_async: bool) -> bool:
    """Say whether an object can be entered by the other kind of `with`."""
    wanted = "__aenter__" if is_async else "__enter__"
    view = context.view(value)
    names = {kind} if kind else {view.type} if view is not None else infer(context.project, context.module, value)
    for name in names:
        if any(wanted in members(context.project, item).methods for item in find_classes(context.project, name, context.module)):
            return True
        if name in _ASYNC_MANAGERS or name == "_GeneratorContextManager":
            return is_async == (name in _ASYNC_MANAGERS)
    return False


def _decorated(context: Context, function: Function) -> Iterator[Idea]:
    """A generator function entered by `with`: its decorator is missing."""
    name = "asynccontextmanager" if function.is_async else "contextmanager"
    if name in function.decorators:
        return
    module = function.module
    text, edits = need(context.project, module, "contextlib", name)
    indent = module.own_indent(function.node)
    if indent is None or function.node.decorator_list:
        return
    start = module.span(function.node)[0]
    here = "".join(edit.text for edit in edits if edit.start == start)  # the import may have to stand right above
    others = [(module, edit) for edit in edits if edit.start != start]
    yield Idea(
        title=f"make {function.qualname}() a context manager",
        why=f"{function.qualname}() yields once and is entered by with, and lacks the decorator that makes it a context manager. The edit adds @{text}.",
        edits=[(module, Edit(start, start, f"{here}@{text}\n{indent}")), *others],
        prior=0.94,
    )


def _awaited(context: Context, node: ast.With | ast.AsyncWith, value: ast.expr, function: Function | None) -> Iterator[Idea]:
    """`with connect()` of a coroutine function: its result is what can be entered."""
    module = context.module
    start = module.span(value)[0]
    edits = [(module, Edit(start, start, "await "))]
    names = infer(context.project, module, value) if function is not None else set()
    methods = {name for owner in names for item in find_classes(context.project, owner, module) for name in members(context.project, item).methods}
    first = module.span(node)[0]
    if isinstance(node, ast.With) and "__enter__" not in methods and "__aenter__" in methods:
        edits.append((module, Edit(first, first, "async ")))
    elif isinstance(node, ast.AsyncWith) and "__enter__" in methods and "__aenter__" not in methods:
        edits.append((module, Edit(first, first + len("async "), "")))
    yield Idea(
        title=f"await {short(module.segment(value))} before entering it",
        why=f"{short(module.segment(value))} is a coroutine; what it gives when it is awaited can be entered. The edit awaits it.",
        edits=edits,
        prior=0.9,
    )


def _other_kind(context: Context, node: ast.With | ast.AsyncWith, value: ast.expr) -> Iterator[Idea]:
    module = context.module
    start = module.span(node)[0]
    text = short(module.segment(value))
    if isinstance(node, ast.AsyncWith):
        head = re.match(r"async\s+", module.text[start:])
        yield Idea(
            title=f"enter {text} with a plain with",
            why=f"{text} is a plain context manager, which async with cannot enter. The edit takes async away.",
            edits=[(module, Edit(start, start + (head.end() if head else 0), ""))],
            prior=0.93,
        )
        return
    plan = Plan()
    function = module.function(node)
    if function is None:
        raise OpenError(f"{text} can only be entered in an asynchronous function, and this is none.")
    if not isinstance(function, ast.AsyncFunctionDef):
        found = next((item for item in index(module).functions if item.node is function), None)
        if found is not None:
            make_async(context.project, found, plan)
    yield Idea(
        title=f"enter {text} with async with",
        why=f"{text} is an asynchronous context manager, which only async with can enter. The edit enters it so."
        + (f" {plan.functions[0].qualname}() becomes asynchronous for it." if plan.functions else ""),
        edits=[(module, Edit(start, start, "async ")), *plan.edits],
        prior=0.93 if not plan.functions else 0.82,
    )


def shared_coroutine(context: Context, _match: re.Match[str]) -> Iterator[Idea]:
    """One coroutine awaited twice: each await makes its own."""
    module = context.module
    for node in context.nodes(lambda item: isinstance(item, ast.Await)):
        if not isinstance(node, ast.Await) or not isinstance(node.value, ast.Name):
            continue
        function = module.function(node)
        made = [
            item
            for item in (ast.walk(function) if function is not None else ())
            if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name) and item.targets[0].id == node.value.id
        ]
        if len(made) != 1 or not isinstance(made[0].value, ast.Call) or function is None:
            continue
        uses = [item for item in ast.walk(function) if isinstance(item, ast.Name) and item.id == node.value.id and isinstance(item.ctx, ast.Load)]
        text = module.segment(made[0].value)
        start, end = module.line_start(made[0].lineno), module.line_start((made[0].end_lineno or made[0].lineno) + 1)
        if not all(isinstance(module.parents.get(item), ast.Await) for item in uses) or module.own_indent(made[0]) is None:
            continue
        yield Idea(
            title=f"make a new coroutine for each await of {node.value.id}",
            why=f"{node.value.id} is one coroutine, and a coroutine runs once. The edit calls {short(text)} at each await, so that every one has its own.",
            edits=[(module, Edit(start, end, "")), *((module, Edit(*module.span(item), text)) for item in uses)],
            prior=0.9,
        )
