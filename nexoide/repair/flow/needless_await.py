"""What stands after `await` and cannot be awaited, and what was given to a loop and is no coroutine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.absent.nothing import assignment
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, find_functions, last_name
from nexoide.repair.code.project import is_test
from nexoide.repair.code.provenance import called, provenance
from nexoide.repair.code.signatures import of_function
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.flow.coroutines import calls_of
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need_module


def needless(context: Context, match: re.Match[str]) -> Iterator[Idea]:
    """Yield the repairs of an `await` on something that is no awaitable; the match names its type."""
    kind = (match["type"] or match["other"] or "").rsplit(".", 1)[-1]
    found = [node for node in context.nodes(lambda item: isinstance(item, ast.Await)) if isinstance(node, ast.Await)]
    fitting = [node for node in found if _may_be(context, node.value, kind)]
    if len({context.module.segment(node) for node in fitting}) != 1:
        context.refuse("The line awaits several things, and nothing says which of them cannot be awaited.")
        return
    node = fitting[0]
    if kind == "async_generator":
        yield from _generator(context, node)
    elif kind in ("function", "method"):
        yield from _uncalled(context, node)
    elif kind in ("list", "tuple", "generator", "set"):
        gathered = _gathered(context, node, kind)
        yield from (gathered,) if gathered is not None else _plain(context, node, kind)
    else:
        yield from _plain(context, node, kind)


def _may_be(context: Context, value: ast.expr, kind: str) -> bool:
    """Say whether an awaited expression can have been the object of that type."""
    view = context.view(value)
    if view is not None:
        return view.type.rsplit(".", 1)[-1] == kind
    function = called(context.project, context.module, value, context)
    return function is None or not function.is_async


def _plain(context: Context, node: ast.Await, kind: str) -> Iterator[Idea]:
    module, value = context.module, node.value
    function = called(context.project, module, value, context)
    if kind == "NoneType":
        if function is not None or not isinstance(value, ast.Call):
            return  # a value that was meant and is not there: another rule's case
        if module.segment(value.func) in ("time.sleep", "sleep"):
            yield from _sleep(context, value)
            return
    if function is not None:
        yield from _of_function(context, node, function)
        return
    made = assignment(module, value)
    before = made is not None and isinstance(made.value, ast.Await)
    text = short(module.segment(value))
    start = module.span(node)[0]
    yield Idea(
        title=f"use {text} without await",
        why=f"{text} is {_article(kind)} here, which cannot be awaited"
        + (": it was awaited already where it was made. " if before else ". ")
        + "The edit takes the await away. What is done with the value stays as it is.",
        edits=[(module, Edit(start, module.span(value)[0], ""))],
        prior=0.9 if before or isinstance(value, ast.Call) else 0.84,
    )


def _article(kind: str) -> str:
    return "None" if kind == "NoneType" else f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def _sleep(context: Context, call: ast.Call) -> Iterator[Idea]:
    name, edits = need_module(context.project, context.module, "asyncio")
    yield Idea(
        title="wait with asyncio.sleep",
        why="time.sleep() stops the whole program and gives None, which cannot be awaited. The edit waits as long with asyncio.sleep().",
        edits=[(context.module, Edit(*context.module.span(call.func), f"{name}.sleep")), *((context.module, edit) for edit in edits)],
        prior=0.94,
    )


def _of_function(context: Context, node: ast.Await, function: Function) -> Iterator[Idea]:
    """A plain function of the project, awaited: take the await away, or make it asynchronous as its likes are."""
    uses = [
        (module, parent)
        for module, call in calls_of(context.project, function)
        if isinstance(parent := module.parents.get(call), ast.Await) and not is_test(module.rel)
    ]
    if node not in [item for _, item in uses]:
        uses.append((context.module, node))
    alike = [item for item in find_functions(context.project, function.name) if item.owner is not None and item.node is not function.node]
    siblings = function.owner is not None and any(item.is_async for item in alike)
    tested = any(isinstance(module.parents.get(call), ast.Await) and is_test(module.rel) for module, call in calls_of(context.project, function))
    start = function.module.span(function.node)[0]
    many = f" ({len(uses)} places)" if len(uses) > 1 else ""
    yield Idea(
        title=f"call {function.qualname}() without await{many}",
        why=f"{function.qualname}() is a plain function that gives its result at once, so there is nothing to await. "
        f"The edit takes the await away{f' at all {len(uses)} places' if many else ''}. {function.qualname}() stays as it is.",
        edits=[(module, Edit(module.span(item)[0], module.span(item.value)[0], "")) for module, item in uses if isinstance(item, ast.Await)],
        prior=0.5 if siblings or tested else 0.88,
    )
    if siblings or tested:
        yield Idea(
            title=f"make {function.qualname}() asynchronous",
            why=f"Every caller awaits {function.qualname}(), and other classes have {function.name}() as an asynchronous method. The edit "
            f"makes this one asynchronous too.",
            edits=[(function.module, Edit(start, start, "async "))],
            prior=0.86,
        )


def _generator(context: Context, node: ast.Await) -> Iterator[Idea]:
    """`await` on an asynchronous generator: its elements are iterated."""
    module, value = context.module, node.value
    parent = module.parents.get(node)
    text = module.segment(value)
    if isinstance(parent, ast.For) and parent.iter is node:
        start = module.span(parent)[0]
        edits = [(module, Edit(start, start, "async ")), (module, Edit(*module.span(node), text))]
        what = "iterates it with async for"
    elif isinstance(parent, ast.comprehension) and parent.iter is node:
        start = module.text.rindex("for", 0, module.span(parent.target)[0])
        edits = [(module, Edit(start, start, "async ")), (module, Edit(*module.span(node), text))]
        what = "iterates it with async for"
    elif isinstance(parent, ast.AsyncFor):
        edits = [(module, Edit(*module.span(node), text))]
        what = "takes the await away, because async for takes the generator itself"
    else:
        edits = [(module, Edit(*module.span(node), f"[item async for item in {text}]"))]
        what = "collects its elements in a list"
    yield Idea(
        title=f"iterate {short(text)} instead of awaiting it",
        why=f"{short(text)} is an asynchronous generator, which gives its elements one by one and cannot be awaited. The edit {what}.",
        edits=edits,
        prior=0.9,
    )


def _uncalled(context: Context, node: ast.Await) -> Iterator[Idea]:
    end = context.module.span(node.value)[1]
    text = short(context.module.segment(node.value))
    yield Idea(
        title=f"call {text} before awaiting it",
        why=f"{text} is awaited without being called. The edit calls it.",
        edits=[(context.module, Edit(end, end, "()"))],
        prior=0.9,
    )


def _gathered(context: Context, node: ast.Await, kind: str) -> Idea | None:
    """A collection of coroutines: they are awaited together."""
    module, value = context.module, node.value
    made = [item for item in provenance(context, value, element=True) if isinstance(item.node, ast.Call)]
    if not any(
        item.function.is_async if item.function is not None else last_name(getattr(item.node, "func", None)) in ("create_task", "sleep", "ensure_future")
        for item in made
    ):
        return None
    name, edits = need_module(context.project, module, "asyncio")
    text = module.segment(value)
    inner = text[1:-1].strip().rstrip(",") if isinstance(value, ast.Tuple) and text.startswith("(") else f"*{text}"
    return Idea(
        title=f"await all of {short(text)} together",
        why=f"{_article(kind).capitalize()} of coroutines cannot be awaited itself. The edit awaits them together with gather(), which "
        f"gives their results in the same order.",
        edits=[(module, Edit(*module.span(value), f"{name}.gather({inner})")), *((module, edit) for edit in edits)],
        prior=0.92,
    )


def not_a_coroutine(context: Context, match: re.Match[str]) -> Iterator[Idea]:
    """Yield the repairs of `asyncio.run(main)`, `create_task(work)` and `asyncio.run(main())` of a plain `main`."""
    names = ("run", "create_task", "run_until_complete", "run_coroutine_threadsafe", "ensure_future", "gather", "wait_for")
    calls = list(context.nodes(lambda item: isinstance(item, ast.Call) and last_name(item.func) in names and bool(item.args)))
    for call in calls[:1]:
        assert isinstance(call, ast.Call)
        for given in call.args:
            idea = _uncalled_argument(context, given) or (_plain_argument(context, call, given) if last_name(call.func) == "run" else None)
            if idea is not None:
                yield idea
                return


def _function_named(context: Context, module: Module, node: ast.expr) -> Function | None:
    if isinstance(node, ast.Starred | ast.Call) or not isinstance(node, ast.Name | ast.Attribute):
        return None
    probe = ast.Call(func=node, args=[], keywords=[])
    module.parents.setdefault(probe, module.parents[node])
    return called(context.project, module, probe, context)


def _uncalled_argument(context: Context, given: ast.expr) -> Idea | None:
    function = _function_named(context, context.module, given)
    if function is None or not function.is_async or any(item.required for item in of_function(function).parameters):
        return None
    end = context.module.span(given)[1]
    return Idea(
        title=f"call {function.name}() to get its coroutine",
        why=f"{function.name} itself was given where a coroutine is wanted. The edit calls it, which makes the coroutine.",
        edits=[(context.module, Edit(end, end, "()"))],
        prior=0.95,
    )


def _plain_argument(context: Context, call: ast.Call, given: ast.expr) -> Idea | None:
    """`asyncio.run(main())` where `main` is plain: it has run by the time there is anything to wait for."""
    function = called(context.project, context.module, given, context)
    if function is None or function.is_async:
        return None
    module = context.module
    return Idea(
        title=f"call {function.name}() without a loop",
        why=f"{function.name}() is a plain function: it has run when asyncio.run() is given its result, which is no coroutine. The edit calls it alone.",
        edits=[(module, Edit(*module.span(call), module.segment(given)))],
        prior=0.84,
    )
