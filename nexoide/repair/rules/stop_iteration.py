"""Iterators at their end: StopIteration inside generators, next() without a default, and iterators used up by a first pass."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from nexoide.model.failure import Raised
from nexoide.repair.absent import absence
from nexoide.repair.code.described import described_constant
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.reach import function_at
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.flow.coroutines import is_generator
from nexoide.repair.flow.exhausted import exhausted
from nexoide.repair.flow.rotation import rotation
from nexoide.repair.flow.unbound import block_of
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_EMPTY = frozenset(["ZeroDivisionError", "ValueError", "IndexError", "AssertionError", "StopIteration", "StatisticsError", "KeyError", "TypeError"])
_PLAIN = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)


class IteratorEnd:
    """Ends a generator by returning, gives next() the value that the code expects, and keeps what is walked twice in a list."""

    name = "stop-iteration"
    summary = "Lets a generator return at the end of what it reads, gives next() a default that the code expects, and keeps in a list what is walked twice."
    errors = ("StopIteration", "RuntimeError", "*")
    searches = True
    examples = (
        Example(
            name="next() at the end, in a generator",
            files={
                "pairs.py": "def pairs(rows):\n    rows = iter(rows)\n    for left in rows:\n        right = next(rows)\n        yield left, right\n",
                "main.py": "from pairs import pairs\n\nprint(list(pairs([1, 2, 3])))\n",
            },
            prints="[(1, 2)]\n",
        ),
        Example(
            name="a generator that is walked twice",
            files={
                "main.py": "def mean(rows):\n    kept = (row for row in rows if row > 0)\n    return sum(kept) / len(list(kept))\n\n\nprint(mean([1, 3]))\n"
            },
            prints="2.0\n",
        ),
        Example(
            name="nothing says what to take otherwise",
            files={"main.py": "def first(rows):\n    return next(row for row in rows if row > 5)\n\n\nprint(first([1]) + 1)\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an iterator came to its end, or something was empty that may have been used up before."""
        return raised.type in _EMPTY or (raised.type == "RuntimeError" and "raised StopIteration" in raised.message)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair of the generator, of the next(), or of what was walked twice."""
        if context.raised.type == "RuntimeError":
            return  # its cause, the StopIteration, says where
        used_up = list(offer(context, self.name, exhausted(context)))
        yield from used_up
        if context.raised.type != "StopIteration":
            return
        inside = _generator_frame(context)
        if inside is not None:
            yield from offer(context, self.name, _ended(inside))
        elif not used_up:
            yield from offer(context, self.name, _next(context))


def _generator_frame(context: Context) -> Context | None:
    """Return the closest failing frame that is a generator of the project."""
    here: Context | None = context
    for _ in range(8):
        if here is None:
            return None
        function = function_at(here)
        if function is not None and is_generator(function):
            return here
        here = here.outer()
    return None


def _ended(context: Context) -> Iterator[Idea]:
    """A generator ends by returning: a StopIteration in it is an error."""
    module = context.module
    for node in context.nodes(lambda item: isinstance(item, ast.Raise) and item.lineno == context.line):
        if isinstance(node, ast.Raise) and node.exc is not None and last_name(node.exc.func if isinstance(node.exc, ast.Call) else node.exc) == "StopIteration":
            value = module.segment(node.exc.args[0]) if isinstance(node.exc, ast.Call) and node.exc.args else ""
            yield Idea(
                title="end the generator with return",
                why="A generator that raises StopIteration itself is stopped with a RuntimeError. The edit returns, which ends it in the way that was meant.",
                edits=[(module, Edit(*module.span(node), f"return {value}".strip()))],
                prior=0.97,
            )
            return
    statements = [item for item in context.nodes(lambda item: isinstance(item, ast.stmt)) if isinstance(item, ast.stmt)]
    inner = [item for item in context.nodes(lambda item: isinstance(item, ast.Call)) if isinstance(item, ast.Call)]
    statement = module.statement(inner[0]) if inner else statements[-1] if statements else None
    edits = _all_tried(module, statement, inner) if statement is not None else None
    if statement is None or edits is None:
        return
    text = next((module.segment(item) for item in inner if last_name(item.func) == "next"), module.segment(inner[0]) if inner else module.segment(statement))
    yield Idea(
        title=f"end the generator where {short(text)} finds nothing more",
        why=f"{short(text)} raised StopIteration at the end of what it reads, inside a generator, where that is an error. The edit catches "
        f"it right there and returns, "
        "which ends the generator.",
        edits=edits,
        prior=0.9,
        nature="guard",
        cautions=("What was read but not yielded at that point is left out.",),
    )


def _all_tried(module: Module, statement: ast.stmt, failed: list[ast.Call]) -> list[tuple[Module, Edit]] | None:
    """Return the edits that end the generator at a statement, and at those of its block that make the same call as the failed one."""
    texts = {module.segment(item) for item in failed if item.args}
    block = block_of(module, statement) or [statement]
    chosen = [item for item in block if item is statement or (isinstance(item, _PLAIN) and texts & _calls(module, item))]
    edits: list[tuple[Module, Edit]] = []
    for run in _runs(block, chosen):
        made = _tried(module, run[0], "return", run[1:])
        if made is None:
            return _tried(module, statement, "return")
        edits += made
    return edits


def _calls(module: Module, statement: ast.stmt) -> set[str]:
    return {module.segment(item) for item in ast.walk(statement) if isinstance(item, ast.Call)}


def _runs(block: list[ast.stmt], chosen: list[ast.stmt]) -> list[list[ast.stmt]]:
    """Return the chosen statements of a block, those that follow each other put together."""
    runs: list[list[ast.stmt]] = []
    for item in chosen:
        place = block.index(item)
        if runs and place and runs[-1][-1] is block[place - 1]:
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _tried(module: Module, statement: ast.stmt, action: str, further: Sequence[ast.stmt] = ()) -> list[tuple[Module, Edit]] | None:
    """Return the edits that put a plain statement, and those right after it, into `try … except StopIteration: action`."""
    whole = (statement, *further)
    indents = {module.own_indent(item) for item in whole}
    indent = indents.pop()
    if indent is None or indents or not all(isinstance(item, _PLAIN) for item in whole):
        return None
    if any(isinstance(item, ast.Constant | ast.JoinedStr) and item.lineno != item.end_lineno for part in whole for item in ast.walk(part)):
        return None
    start = module.span(statement)[0]
    last_line = whole[-1].end_lineno or whole[-1].lineno
    following = range(statement.lineno + 1, last_line + 1)
    starts = [module.line_start(line) for line in following if module.lines[line - 1].strip()]
    line_end = module.line_start(last_line) + len(module.lines[last_line - 1])
    edits = [Edit(start, start, f"try:\n{indent}    "), Edit(line_end, line_end, f"\n{indent}except StopIteration:\n{indent}    {action}")]
    return [(module, edit) for edit in (*edits, *(Edit(place, place, "    ") for place in starts))]


def _next(context: Context) -> Iterator[Idea]:
    """`next(...)` that found nothing, outside of generators."""
    module = context.module
    found = context.nodes(
        lambda item: isinstance(item, ast.Call) and last_name(item.func) == "next" and isinstance(item.func, ast.Name) and len(item.args) == 1
    )
    calls = [item for item in found if isinstance(item, ast.Call)]
    if len({module.segment(item) for item in calls}) != 1:
        return
    call = calls[0]
    again = list(rotation(context, call))
    if again:
        yield from again
        return
    loop = next((item for item in module.ancestors(call) if isinstance(item, ast.While)), None)
    statement = module.statement(call)
    if loop is not None and statement is not None and module.function(loop) is module.function(call) and block_of(module, statement) is loop.body:
        edits = _tried(module, statement, "break")
        if edits is not None:
            yield Idea(
                title="leave the loop where there is nothing more",
                why=f"{short(module.segment(call))} raised StopIteration at the end, which nothing catches. The edit leaves the loop there.",
                edits=edits,
                prior=0.92,
                nature="guard",
            )
            return
    default, why, prior = _default(context, call)
    if not default:
        context.refuse(f"{short(module.segment(call))} found nothing, and nothing in the program says what should be taken then.")
        return
    given = call.args[0]
    start, end = module.span(given)
    bare = isinstance(given, ast.GeneratorExp) and module.text[start] == "(" and module.span(call)[1] == end
    edits = [(module, Edit(start, start, "(")), (module, Edit(end, end, f", {default})"))] if bare else [(module, Edit(end, end, f", {default}"))]
    yield Idea(
        title=f"let next() give {default} where it finds nothing",
        why=f"{short(module.segment(call))} found nothing and has no default. {why} The edit gives it {default} as its default. What it finds is as before.",
        edits=edits,
        prior=prior,
        nature="call",
    )


def _default(context: Context, call: ast.Call) -> tuple[str, str, float]:
    """Return the default that the code expects, the reason in words, and how sure that is."""
    module = context.module
    function = module.function(call)
    parent = module.parents.get(call)
    name = parent.targets[0].id if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name) else ""
    scope: ast.AST = function if function is not None else module.tree
    if name:
        for item in ast.walk(scope):
            test = item.test if isinstance(item, ast.If | ast.IfExp | ast.While) else item if isinstance(item, ast.Compare) else None
            tested = absence.tested_name(test) if test is not None else None
            plain = test if isinstance(test, ast.Name) else tested
            positive = test.left if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot) else None
            for node in (plain, positive):
                if isinstance(node, ast.Name) and node.id == name:
                    return "None", f"The code tests {name} for that afterwards.", 0.94
    if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or):
        return "None", "The code has another value for that beside it.", 0.92
    if function is not None:
        kinds = absence.absence_returns(module, function)
        if isinstance(parent, ast.Return) and len(kinds) == 1:
            value = next(iter(kinds)) or "None"
            return value, f"{function.name}() answers absence with {value} elsewhere.", 0.9
        if isinstance(parent, ast.Return) and (absence.may_return_none(module, function) or absence.callers_expect_none(context.project, function)):
            return "None", f"{function.name}() may give None, and its callers know that.", 0.92
        if name and absence.may_return_none(module, function):
            return "None", f"{function.name}() may give None.", 0.8
    default = _named_default(module, call)
    return (default, f"{default} is kept for that.", 0.84) if default else ("", "", 0.0)


def _named_default(module: Module, call: ast.Call) -> str:
    """Return the one module-level name that says it is the default, and that nothing reads."""
    names = [
        target.id
        for statement in module.tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and ("DEFAULT" in target.id.upper() or "FALLBACK" in target.id.upper())
    ]
    stated = described_constant(module, module.function(call))
    if stated:
        return stated
    read = {item.id for item in module.nodes if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}
    unread = [name for name in names if name not in read]
    parameters = module.function(call)
    given = [item.arg for item in parameters.args.args if item.arg in ("default", "fallback")] if parameters is not None else []
    return given[0] if given else unread[0] if len(unread) == 1 else ""
