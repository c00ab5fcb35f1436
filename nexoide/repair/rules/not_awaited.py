"""Coroutines that nobody awaits, things awaited that cannot be, and asynchronous and plain code that meet the wrong way."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, find_functions, index, last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.project import is_test
from nexoide.repair.code.provenance import provenance
from nexoide.repair.code.reach import function_at
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.flow.async_protocols import entered, iterated, shared_coroutine
from nexoide.repair.flow.coroutines import OpenError, Plan, await_call, awaited, calls_of, has_await, is_lost, lost_calls, make_async, runs_in_loop
from nexoide.repair.flow.dispatched import dispatched
from nexoide.repair.flow.needless_await import needless, not_a_coroutine
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_Handler = Callable[[Context, re.Match[str]], Iterator[Idea]]


_CERTAIN = frozenset(["wait_for", "to_thread", "open_connection", "start_server", "create_subprocess_exec", "create_subprocess_shell"])
_LIBRARY = _CERTAIN | {
    *("read", "text", "json", "get", "post", "put", "delete", "execute", "fetch", "fetchall", "fetchone", "fetchrow", "fetchval", "sleep", "recv", "wait"),
}
_MAKE_FUTURES = frozenset(["gather", "create_task", "ensure_future", "shield"])


class NotAwaited:
    """Awaits what was not awaited, lets alone what cannot be, and makes callers asynchronous where that is what it takes."""

    name = "not-awaited"
    summary = "Awaits a coroutine that was used as its result or dropped, and takes away an await, async for or async with that cannot be."
    errors = ("RuntimeWarning", "TypeError", "AttributeError", "RuntimeError", "*")
    searches = True
    examples = (
        Example(
            name="a coroutine used as its result",
            files={
                "store.py": "async def load(key):\n    return {'key': key, 'count': 2}\n",
                "main.py": "import asyncio\n\nfrom store import load\n\n\nasync def main():\n    row = load('tea')\n    "
                "print(row['count'])\n\n\nasyncio.run(main())\n",
            },
            prints="2\n",
        ),
        Example(
            name="awaiting a plain value",
            files={
                "main.py": "import asyncio\n\n\ndef double(n):\n    return 2 * n\n\n\nasync def main():\n    print(await double(4))\n\n\nasyncio.run(main())\n",
            },
            prints="8\n",
        ),
        Example(
            name="asyncio.run inside a running loop",
            files={
                "main.py": "import asyncio\n\n\nasync def price():\n    return 3\n\n\nasync def main():\n    "
                "print(asyncio.run(price()))\n\n\nasyncio.run(main())\n",
            },
            prints="3\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the message is about coroutines; an error of any other kind may follow from one that was dropped."""
        return bool(_handlers(raised)) or raised.type not in ("SyntaxError", "ImportError", "ModuleNotFoundError", "KeyboardInterrupt", "SystemExit")

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repairs that the message, or else a coroutine dropped on the way, gives a reason for."""
        handlers = _handlers(context.raised)
        noted = len(context.refusals)
        try:
            for handler, match in handlers:
                made = list(offer(context, self.name, handler(context, match)))
                if made:
                    yield from made
                    return
            if not handlers:
                yield from offer(context, self.name, _dropped_on_the_way(context))
        except OpenError as error:
            context.refuse(str(error))
        if not handlers:
            del context.refusals[noted:]  # the error is another rule's case


def _handlers(raised: Raised) -> list[tuple[_Handler, re.Match[str]]]:
    return [(handler, match) for types, pattern, handler in _CASES if raised.type in types and (match := pattern.search(raised.message)) is not None]


def _warned(context: Context, match: re.Match[str]) -> Iterator[Idea]:
    """The interpreter's own warning: it names the coroutine's function."""
    functions = [item for item in find_functions(context.project, match[1]) if item.is_async and not is_test(item.module.rel)]
    here = [item for item in functions if item.module is context.module] or functions
    for function in here[:1]:
        yield from _await_all(context, function, lost_calls(context.project, function) or _unawaited(context, function))


def _unawaited(context: Context, function: Function) -> list[tuple[Module, ast.Call]]:
    """Return the calls that are neither awaited nor handed to anything, where none is plainly lost."""
    return [
        (module, call)
        for module, call in calls_of(context.project, function)
        if isinstance(module.parents.get(call), ast.Assign | ast.ListComp | ast.Return) and not is_test(module.rel)
    ]


def _lost(context: Context, _match: re.Match[str]) -> Iterator[Idea]:
    """A coroutine where its result was meant: follow it to the calls that made it."""
    found: list[tuple[Function, Module, ast.expr]] = []
    for part in _suspects(context):
        for element in (False, True):
            for item in provenance(context, part, element=element):
                is_awaited = isinstance(item.module.parents.get(item.node), ast.Await)
                if item.function is not None and item.function.is_async and not is_awaited and not is_test(item.module.rel):
                    found.append((item.function, item.module, item.node))
            if found:
                break
        if found:
            break
    if not found:
        yield from list(_library_coroutine(context)) or dispatched(context)
        return
    function, module, node = found[0]
    assert isinstance(node, ast.Call)
    calls = [(module, node)]
    calls += [row for row in lost_calls(context.project, function) if row[1] is not node]
    yield from _await_all(context, function, calls)


def _suspects(context: Context, kinds: tuple[str, ...] = ("coroutine", "async_generator")) -> list[ast.expr]:
    """Return the expressions of the failing place that may be the coroutine, those known to be one first."""
    nodes = context.nodes(lambda node: isinstance(node, ast.expr | ast.For | ast.With | ast.AsyncWith | ast.AsyncFor | ast.Assign | ast.AugAssign | ast.Return))
    inner: list[ast.expr] = []
    for node in nodes:
        for item in ast.walk(node):
            if (
                isinstance(item, ast.Call | ast.Name | ast.Attribute | ast.Subscript)
                and item not in inner
                and not isinstance(getattr(item, "ctx", None), ast.Store)
            ):
                inner.append(item)
    sure = [item for item in inner if (view := context.view(item)) is not None and view.type.rsplit(".", 1)[-1] in kinds]
    return sure or [item for item in inner if (view := context.view(item)) is None or view.type in ("list", "dict", "tuple", "set", "generator")]


def _library_coroutine(context: Context) -> Iterator[Idea]:
    """A coroutine of a library: await the one call that is used as its result, on the failing line or where the value was made."""
    here = [(context.module, node) for node in context.nodes(lambda item: isinstance(item, ast.Call)) if isinstance(node, ast.Call)]
    calls = [row for row in here if last_name(row[1].func) in _LIBRARY and is_lost(*row)]
    for item in _suspects(context):
        if isinstance(item, ast.Attribute) or (isinstance(item, ast.Name) and context.view(item) is not None):
            made = [(row.module, row.node) for row in provenance(context, item) if isinstance(row.node, ast.Call) and not is_test(row.module.rel)]
            calls = [row for row in dict.fromkeys(made) if last_name(row[1].func) in _LIBRARY and (is_lost(*row) or _is_set(*row))] or calls
    module, call = calls[0] if len(calls) == 1 else (context.module, None)
    function = module.function(call) if call is not None else None
    if call is not None and isinstance(function, ast.AsyncFunctionDef):
        text = short(module.segment(call))
        yield Idea(
            title=f"await {text}",
            why=f"{text} gives a coroutine, which was used as its result. The edit awaits it. {function.name}() is asynchronous already.",
            edits=[(module, edit) for edit in awaited(module, call)],
            prior=0.9 if last_name(call.func) in _CERTAIN else 0.86,
        )


def _is_set(module: Module, call: ast.Call) -> bool:
    """Say whether an attribute is given what a call gives, as it stands."""
    parent = module.parents.get(call)
    return isinstance(parent, ast.Assign) and any(isinstance(target, ast.Attribute) for target in parent.targets)


def _await_all(context: Context, function: Function, calls: list[tuple[Module, ast.Call]]) -> Iterator[Idea]:
    if not calls:
        context.refuse(f"Every call of {function.qualname}() is awaited or handed on, as far as the source shows.")
        return
    plain = [(module, call) for module, call in calls if not isinstance(module.function(call), ast.AsyncFunctionDef)]
    if plain and not has_await(function.node) and not _is_awaited(context, function):
        start = function.module.span(function.node)[0]
        head = re.match(r"async\s+", function.module.text[start:])
        yield Idea(
            title=f"make {function.qualname}() a plain function",
            why=f"{function.qualname}() is asynchronous but waits for nothing, and no caller awaits it. The edit takes its async away, so "
            f"that a call gives its result.",
            edits=[(function.module, Edit(start, start + (head.end() if head else 0), ""))],
            prior=0.8,
            alternatives=("Awaiting it at every call: its callers are plain functions.",),
        )
    plan = Plan()
    for module, call in calls:
        around = _function_of(module, call)
        running = around is None or runs_in_loop(context.project, around) or _is_running(context)
        await_call(context.project, module, call, plan, running=running and around is not None)
    text = short(calls[0][0].segment(calls[0][1]))
    more = f" (and {len(calls) - 1} more call{'s' if len(calls) > 2 else ''})" if len(calls) > 1 else ""
    spread = [item.qualname + "()" for item in plan.functions]
    how = f" {', '.join(spread)} become{'s' if len(spread) == 1 else ''} asynchronous for it, and so do the calls." if spread else ""
    how += " A loop is started there, because none runs yet." if plan.runs else ""
    yield Idea(
        title=f"await {text}{more}",
        why=f"{function.qualname}() is asynchronous: calling it gives a coroutine, which was "
        f"{'used as its result' if context.raised.type != 'RuntimeWarning' else 'never awaited'}. "
        f"The edit awaits it.{how} {function.qualname}() itself stays as it is.",
        edits=plan.edits,
        prior=0.93 if not spread and not plan.runs else 0.8 if len(spread) <= 2 else 0.66,
        cautions=(f"{', '.join(spread)} must be awaited by every caller from now on.",) if spread else (),
    )


def _function_of(module: Module, node: ast.AST) -> Function | None:
    around = module.function(node)
    return next((item for item in index(module).functions if item.node is around), None) if around is not None else None


def _is_awaited(context: Context, function: Function) -> bool:
    """Say whether any caller treats a function as asynchronous, or another class has it that way too."""
    for module, call in calls_of(context.project, function):
        parent = module.parents.get(call)
        if isinstance(parent, ast.Await) or (isinstance(parent, ast.Call) and not is_lost(module, call)):
            return True
    alike = find_functions(context.project, function.name)
    return any(item.is_async and item.node is not function.node and has_await(item.node) for item in alike)


def _is_running(context: Context) -> bool:
    """Say whether one of the failing frames is of an asynchronous function: then a loop runs."""
    here: Context | None = context
    for _ in range(16):
        if here is None:
            return False
        if isinstance(function_at(here), ast.AsyncFunctionDef):
            return True
        here = here.outer()
    return False


def _nested_loop(context: Context, _match: re.Match[str]) -> Iterator[Idea]:
    """`asyncio.run(x)` where a loop runs already: await x."""
    here: Context | None = context
    calls: list[ast.Call] = []
    while here is not None and not calls:
        found = here.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("run", "run_until_complete") and len(node.args) == 1)
        calls = [item for item in found if isinstance(item, ast.Call)]
        if not calls:
            here = here.outer()
    if here is None or not calls:
        return
    call, module = calls[0], here.module
    plan = Plan()
    function = _function_of(module, call)
    if function is None:
        return
    if not function.is_async:
        make_async(context.project, function, plan)
    inner = module.segment(call.args[0])
    start, end = module.span(call)
    parent = module.parents.get(call)
    bound = isinstance(parent, ast.Attribute | ast.Subscript) and parent.value is call
    plan.add(module, Edit(start, end, f"(await {inner})" if bound else f"await {inner}"))
    spread = [item.qualname + "()" for item in plan.functions]
    yield Idea(
        title=f"await {short(inner)} in the loop that runs already",
        why=f"A loop runs already where {short(module.segment(call))} is called, and a second one cannot be started in it. The edit awaits "
        f"the coroutine instead." + (f" {', '.join(spread)} become{'s' if len(spread) == 1 else ''} asynchronous, and the callers await." if spread else ""),
        edits=plan.edits,
        prior=0.92 if not spread else 0.84,
        cautions=(f"{', '.join(spread)} must be awaited by every caller from now on.",) if spread else (),
    )


def _outside(context: Context, match: re.Match[str]) -> Iterator[Idea]:
    """`await` in a plain function: the interpreter names the file and the line."""
    wanted = match["file"].rsplit("/", 1)[-1]
    for rel in context.project.files:
        if rel.rsplit("/", 1)[-1] != wanted or is_test(rel):
            continue
        module = context.project.module(rel)
        functions = [
            item
            for item in index(module).functions
            if item.node.lineno <= int(match["line"]) <= (item.node.end_lineno or 0) and not item.is_async and has_await(item.node)
        ]
        if not functions:
            continue
        plan = Plan()
        function = max(functions, key=lambda item: item.node.lineno)
        make_async(context.project, function, plan)
        yield Idea(
            title=f"make {function.qualname}() asynchronous",
            why=f"{function.qualname}() awaits in its body and is a plain function. The edit makes it asynchronous, and every call of it awaited.",
            edits=plan.edits,
            prior=0.9,
        )
        return


def _future(context: Context, _match: re.Match[str]) -> Iterator[Idea]:
    """A task, or what gather() gives, where its result was meant."""
    module = context.module
    for part in _suspects(context, ("_GatheringFuture", "Task", "Future")):
        made = [item.node for item in provenance(context, part) if isinstance(item.node, ast.Call) and last_name(item.node.func) in _MAKE_FUTURES]
        here = [item for item in made if item in set(module.nodes) and isinstance(module.function(item), ast.AsyncFunctionDef)]
        if not here or isinstance(module.parents.get(here[0]), ast.Await):
            continue
        node: ast.expr = here[0] if last_name(here[0].func) == "gather" or part is here[0] else part
        text = short(module.segment(node))
        yield Idea(
            title=f"await {text}",
            why=f"{text} is still to give its result, and was used as if it were the result. The edit awaits it there.",
            edits=[(module, edit) for edit in awaited(module, node)],
            prior=0.93,
        )
        return


def _gathered(context: Context, _match: re.Match[str]) -> Iterator[Idea]:
    """`gather([a, b])`: each coroutine is an argument of its own."""
    for node in context.nodes(lambda item: isinstance(item, ast.Call) and last_name(item.func) == "gather" and len(item.args) == 1):
        if isinstance(node, ast.Call) and not isinstance(node.args[0], ast.Starred):
            start = context.module.span(node.args[0])[0]
            yield Idea(
                title="give gather() each coroutine as an argument of its own",
                why=f"gather() takes coroutines one by one and was given {short(context.module.segment(node.args[0]))} as one argument. The edit unpacks it.",
                edits=[(context.module, Edit(start, start, "*"))],
                prior=0.95,
            )


def _dropped_on_the_way(context: Context) -> Iterator[Idea]:
    """A call of a coroutine function whose coroutine is dropped, in a function of the failing frames or one that they call."""
    here: Context | None = context
    looked: list[FunctionNode] = []
    for _ in range(8):
        if here is None:
            break
        function = function_at(here)
        if function is not None:
            looked.append(function)
        here = here.outer()
    for module in context.project.containing("async def"):
        for function_item in index(module).functions:
            if not function_item.is_async or is_test(module.rel) or any(isinstance(item, ast.Yield) for item in own_nodes(function_item.node)):
                continue
            lost = [row for row in lost_calls(context.project, function_item) if isinstance(row[0].function(row[1]), ast.AsyncFunctionDef)]
            if lost:
                for idea in _await_all(context, function_item, lost):
                    near = any(row[0].function(row[1]) in looked for row in lost)
                    yield Idea(
                        title=idea.title,
                        why=idea.why.replace("used as its result", "never awaited") + " The failure shows after it.",
                        edits=idea.edits,
                        prior=0.84 if near else 0.74,
                        unchecked=("That the failure comes from this: no message says so.",),
                    )


_ANY = ("TypeError", "AttributeError", "ValueError", "RuntimeError", "KeyError", "AssertionError")
_OBJECT = r"'?(?:coroutine|async_generator)'?"
_CASES: tuple[tuple[tuple[str, ...], re.Pattern[str], _Handler], ...] = (
    (("RuntimeWarning",), re.compile(r"coroutine '([^']+)' was never awaited"), _warned),
    (("RuntimeError",), re.compile(r"asyncio\.run\(\) cannot be called from a running event loop|This event loop is already running"), _nested_loop),
    (("RuntimeError",), re.compile(r"Cannot run the event loop while another loop is running"), _nested_loop),
    (("RuntimeError",), re.compile(r"cannot reuse already awaited coroutine"), shared_coroutine),
    (("RuntimeError",), re.compile(r"await wasn't used with future"), _future),
    (("SyntaxError",), re.compile(r"outside (?:of )?(?:an )?async(?:hronous)? function \((?P<file>[^,]+), line (?P<line>\d+)\)"), _outside),
    (("TypeError",), re.compile(r"unhashable type: 'list'|unhashable type: 'dict'|An asyncio\.Future, a coroutine or an awaitable is required"), _gathered),
    (("TypeError",), re.compile(r"object (?P<type>[\w.]+) can't be used in 'await' expression|'(?P<other>[\w.]+)' object can't be awaited"), needless),
    (("ValueError", "TypeError"), re.compile(r"coroutine was expected, got (?P<got>.*)|coroutine or an awaitable is required"), not_a_coroutine),
    (
        ("TypeError", "AttributeError"),
        re.compile(r"'async for' re(?:quires|ceived) an object (?:with|from) __a(?:iter|next)__.*?(?:got |: )(?P<type>[\w.]+)"),
        iterated,
    ),
    (("TypeError", "AttributeError"), re.compile(r"'async_generator' object is not (?:iterable|an iterator|subscriptable)"), iterated),
    (("TypeError", "AttributeError"), re.compile(r"object of type 'async_generator' has no len"), iterated),
    (
        ("TypeError", "AttributeError"),
        re.compile(r"'(?P<type>[\w.]+)' object does not support the (?:asynchronous )?context manager protocol|^__a?e(?:nter|xit)__$"),
        entered,
    ),
    (("TypeError", "AttributeError"), re.compile(r"(?:_GatheringFuture|(?:_asyncio\.|'|\b)(?:Task|Future))['\" ]"), _future),
    (_ANY, re.compile(rf"(?<!a ){_OBJECT}(?: object\b| and '|.? has no len|$|[ .)\"']| found)"), _lost),
)
