"""A variable read where it has no value: a declaration forgotten, a way through the code that leaves it out, a name used twice."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.absent import absence
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index, members
from nexoide.repair.code.names import closest, is_tie
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.flow.begin_values import begin_value
from nexoide.repair.flow.unbound import Variable, beginning, block_of, is_ended, variable
from nexoide.repair.flow.unbound_names import caught, finally_closed, is_hiding, ordered
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_MESSAGE = re.compile(
    r"(?:cannot access (?P<free>free )?(?:local )?variable|local variable|(?P<old>free) variable) '(?P<name>\w+)'"
    r" (?:where it is not associated|referenced before assignment)"
)
_PLAIN = re.compile(r"name '(?P<name>\w+)' is not defined")


class UnboundLocal:
    """Declares the variable of the scope that was meant, or gives it a value on the way that leaves it out."""

    name = "unbound-local"
    summary = "Declares a variable global or nonlocal, moves an assignment before its use, or lets a variable begin with the value that the program shows."
    errors = ("UnboundLocalError", "NameError")
    examples = (
        Example(
            name="a counter of the module",
            files={"main.py": "hits = 0\n\n\ndef visit():\n    hits += 1\n    return hits\n\n\nvisit()\nprint(visit())\n"},
            prints="2\n",
        ),
        Example(
            name="a total that never begins",
            files={"main.py": "def total(rows):\n    for row in rows:\n        amount += row\n    return amount\n\n\nprint(total([1, 2]))\n"},
            prints="3\n",
        ),
        Example(
            name="nothing says what it is otherwise",
            files={"main.py": "def rate(kind):\n    if kind == 'a':\n        found = lookup()\n    return found\n\n\nrate('b')\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether a variable was read that has no value."""
        return raised.type in self.errors and (
            _MESSAGE.search(raised.message) is not None or (raised.type == "NameError" and bool(_PLAIN.match(raised.message)))
        )

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair at the place that left the variable out."""
        match = _MESSAGE.search(context.raised.message) or _PLAIN.match(context.raised.message)
        if match is None or not context.is_raising:
            return
        name = match["name"]
        node = _failing(context, name)
        if node is None:
            return
        found = _scope(context, node, name)
        if found is None or not found.stores:
            return
        ideas = list(_ideas(context, found, node))
        if not ideas:
            context.refuse(f"{name} has no value on the way that was taken, and nothing in the program says what it should be there.")
        yield from offer(context, self.name, ideas)


def _failing(context: Context, name: str) -> ast.Name | None:
    found = context.nodes(lambda item: isinstance(item, ast.Name) and item.id == name)
    names = [item for item in found if isinstance(item, ast.Name) and (isinstance(item.ctx, ast.Load) or _is_augmented(context.module, item))]
    return names[0] if names else None


def _is_augmented(module: Module, node: ast.Name) -> bool:
    parent = module.parents.get(node)
    return isinstance(parent, ast.AugAssign) and parent.target is node


def _scope(context: Context, node: ast.Name, name: str) -> Variable | None:
    """Return the variable in the innermost scope that binds it."""
    function: FunctionNode | None = context.function(node)
    while function is not None:
        found = variable(context.module, function, name)
        if found.stores:
            return found
        function = context.module.function(function)
    return variable(context.module, None, name) if context.raised.type == "NameError" else None


def _ideas(context: Context, found: Variable, node: ast.Name) -> Iterator[Idea]:
    declared = _declared(context, found)
    if declared is not None:
        yield declared
        return
    if _is_own_attribute(context, found) or is_hiding(found):
        return  # `self.` is missing, or the name hides something: other rules' cases
    for first in (caught(context, found, node), _mistyped(context, found), ordered(context, found, node)):
        if first is not None:
            yield first
            return
    closed = finally_closed(context, found, node)
    if closed is not None:
        yield closed
        return
    yield from _begun(context, found, node)
    yield from _absent(context, found, node)


def _is_own_attribute(context: Context, found: Variable) -> bool:
    owner = found.module.parents.get(found.function) if found.function is not None else None
    item = next((one for one in index(found.module).classes if one.node is owner), None)
    return item is not None and found.name in members(context.project, item).attributes


def _declared(context: Context, found: Variable) -> Idea | None:
    """Declare the variable of an outer scope that the function meant to change."""
    module, function = found.module, found.function
    if function is None or function is not context.function(_failing(context, found.name) or module.tree):
        return None
    outer = module.function(function)
    word = ""
    while outer is not None and not word:
        given = [item.arg for item in (*outer.args.posonlyargs, *outer.args.args, *outer.args.kwonlyargs)]
        if found.name in given or variable(module, outer, found.name).stores:
            word = "nonlocal"
        outer = module.function(outer)
    top = variable(module, None, found.name)
    if not word and any(isinstance(item, ast.Assign | ast.AnnAssign | ast.AugAssign) for item in top.stores):
        word = "global"
    if not word or any(not isinstance(item, ast.Assign | ast.AugAssign | ast.AnnAssign) for item in found.stores):
        return None
    first = next((item for item in function.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))), None)
    indent = module.own_indent(first) if first is not None else None
    if first is None or indent is None:
        return None
    at = module.span(first)[0]
    where = "the function around it" if word == "nonlocal" else f"{module.rel} itself"
    reads = any(isinstance(item, ast.AugAssign) for item in found.stores) or any(_reads(item, found.name) for item in found.values)
    return Idea(
        title=f"declare {found.name} {word} in {function.name}()",
        why=f"{function.name}() assigns {found.name}, which makes it a variable of its own, and reads it before that. {where} has the "
        f"{found.name} that is meant. "
        f"The edit declares it {word}, so that {function.name}() reads and changes that one.",
        edits=[(module, Edit(at, at, f"{word} {found.name}\n{indent}"))],
        prior=0.95 if reads else 0.88,
        alternatives=(f"A local variable of another name: then the change would be lost when {function.name}() ends.",),
    )


def _reads(value: ast.expr, name: str) -> bool:
    return any(isinstance(item, ast.Name) and item.id == name for item in ast.walk(value))


def _mistyped(context: Context, found: Variable) -> Idea | None:
    """Write the name right where another branch assigns one that nothing reads."""
    module, function = found.module, found.function
    nodes = list(ast.walk(function if function is not None else module.tree))
    read = {item.id for item in nodes if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}
    targets = [item for item in nodes if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store) and item.id not in read]
    ranked = closest(found.name, [item.id for item in targets], 0.77)
    if not ranked or is_tie(ranked) or found.name in dir(builtins):
        return None
    wrong = ranked[0][1]
    places = [item for item in targets if item.id == wrong]
    return Idea(
        title=f"call it {found.name} where {wrong} was written",
        why=f"{wrong} is assigned and never read, and {found.name} has no value on that way. The edit writes {found.name} there. It changes no value.",
        edits=[(module, Edit(*module.span(item), found.name)) for item in places],
        prior=0.94,
    )


def _begun(context: Context, found: Variable, node: ast.Name) -> Iterator[Idea]:
    """Let the variable begin with the value that its other values and its uses show."""
    value = begin_value(found)
    if value is None:
        return
    module = found.module
    statements = [item for item in found.stores if isinstance(item, ast.stmt)]
    handlers = [parent for item in found.stores if (parent := _handler(module, item)) is not None]
    first = beginning(found, *statements, *handlers, *found.loads, node)
    indent = module.own_indent(first) if first is not None else None
    if first is None or indent is None:
        return
    at = module.span(first)[0]
    where = f"{found.function.name}()" if found.function is not None else module.rel
    yield Idea(
        title=f"let {found.name} begin as {value.text}",
        why=f"{where} gives {found.name} a value on some ways only, and the one that was taken has none. The edit lets it begin as {value.text}, "
        f"because {value.why}. Where it is given a value, nothing changes.",
        edits=[(module, Edit(at, at, f"{found.name} = {value.text}\n{indent}"))],
        prior=value.sure,
        guesses=value.guessed,
        cautions=(f"On the way that gives it no value, {found.name} is now {value.text}.",) if value.guessed else (),
    )


def _handler(module: Module, node: ast.AST) -> ast.AST | None:
    return next((item for item in module.ancestors(node) if isinstance(item, ast.Try)), None) if isinstance(node, ast.ExceptHandler) else None


def _absent(context: Context, found: Variable, node: ast.Name) -> Iterator[Idea]:
    """End the function where the variable cannot be given, as the function answers absence elsewhere."""
    module, function = found.module, found.function
    if function is None:
        return
    kinds = absence.absence_returns(module, function)
    value = next(iter(kinds)) if len(kinds) == 1 else "None" if not kinds and absence.may_return_none(module, function) else None
    loops = [item for item in found.stores if isinstance(item, ast.For | ast.AsyncFor)] + [
        item for store in found.stores for item in module.ancestors(store) if isinstance(item, ast.For) and node not in set(ast.walk(item))
    ]
    if value is None:
        return
    action = f"return {value}".strip()
    for handler in _open_handlers(module, found, node):
        last = handler.body[-1]
        indent = module.own_indent(last)
        end = module.span(last)[1]
        if indent is not None:
            held = module.segment(handler.type) if handler.type is not None else "the error"
            yield Idea(
                title=f"end {function.name}() with `{action}` where {found.name} could not be made",
                why=f"The handler of {short(held)} goes on without {found.name}. {function.name}() answers absence with `{action}` elsewhere, "
                "and the edit does so here.",
                edits=[(module, Edit(end, end, f"\n{indent}{action}"))],
                prior=0.8,
                nature="guard",
            )
            return
    if loops and isinstance(loops[0].iter, ast.Name | ast.Attribute):
        loop = loops[0]
        block, indent = block_of(module, loop), module.own_indent(loop)
        if block is not None and indent is not None and block is function.body:
            at, text = module.span(loop)[0], module.segment(loop.iter)
            yield Idea(
                title=f"end {function.name}() with `{action}` where {text} is empty",
                why=f"{found.name} gets its value in the turns of a loop, and {short(text)} was empty. {function.name}() answers absence with `{action}`. "
                "The edit does so before the loop.",
                edits=[(module, Edit(at, at, f"if not {text}:\n{indent}    {action}\n{indent}"))],
                prior=0.78,
                nature="guard",
                unchecked=(f"That {text} is a container: an iterator is never false.",),
            )


def _open_handlers(module: Module, found: Variable, node: ast.Name) -> list[ast.ExceptHandler]:
    """Return the handlers after which the code goes on without the variable."""
    result: list[ast.ExceptHandler] = []
    for store in found.stores:
        for item in module.ancestors(store):
            if isinstance(item, ast.Try) and any(store in set(ast.walk(part)) for part in item.body) and node not in set(ast.walk(item)):
                result += [handler for handler in item.handlers if not is_ended(handler.body)]
    return list(dict.fromkeys(result))
