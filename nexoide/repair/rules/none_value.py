"""None where a value was meant: a forgotten return, a needless await, an evident default, or a guard by role."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.absent import absence
from nexoide.repair.absent.causes import Cause, causes, special_method
from nexoide.repair.absent.nothing import Message, Nothing, assignment, candidates, find_nothing, origin, read_message
from nexoide.repair.absent.returns import gives_nothing
from nexoide.repair.absent.unset import unset
from nexoide.repair.code import guards
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, index, last_name
from nexoide.repair.code.infer import callees, infer
from nexoide.repair.code.project import is_test
from nexoide.repair.code.provenance import called, provenance
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import offer
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example, in_own_code

WORTH = 0.35  # below it a guess is not shown
_SKIPPED = ("skip", "ignore", "left out", "leave out", "omit", "drop", "discard", "without")
_OPERATORS = {"+": ("__add__", "__radd__"), "-": ("__sub__",), "*": ("__mul__", "__rmul__"), "/": ("__truediv__",), "|": ("__or__",), "&": ("__and__",)}
BEHIND = 0.25  # nor is one this far behind the best


class NoneValue:
    """Asks first why the value is None, then what the project does for absence; it never catches the exception."""

    name = "none-value"
    summary = "Follows a None to where it came from: a missing return or await first, a guard where it shows last."
    errors = ("AttributeError", "TypeError", "ValueError")
    examples = (
        Example(
            name="forgotten return in another module",
            files={
                "basket.py": "def total(lines):\n    amount = 0\n    for price, count in lines:\n        amount += price * count\n",
                "main.py": "from basket import total\n\namount = total([(3, 2)])\nprint(f'{amount + 5} EUR')\n",
            },
            prints="11 EUR\n",
        ),
        Example(
            name="the None of list.sort",
            files={"main.py": "names = ['b', 'a']\nordered = names.sort()\nprint(ordered[0], names[0])\n"},
            prints="a b\n",
        ),
        Example(
            name="nothing says what absence means",
            files={"main.py": "def find(key):\n    return None\n\n\ndef show():\n    row = find(1)\n    return row.upper()\n\n\nshow()\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the message says that None was used as something else."""
        return read_message(raised) is not None

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield the repairs that the code gives a reason for, best first."""
        message = read_message(context.raised)
        if message is None or (message.use != "argument" and not in_own_code(context)):
            return
        advice = _environment(context, message, self.name)
        if advice is not None:
            yield advice
            return
        found = _causes(context, message)
        if found:
            yield from _lost(context, found, self.name)
            return
        if message.use in ("argument", "special", "raise", "format"):
            context.refuse("Nothing in the project's own code shows where this None came from.")
            return
        nothing = find_nothing(context, message)
        if nothing is None:
            return
        text = _short(context.module.segment(nothing.node))
        source = origin(context.module, nothing.node)
        from_call = f", which comes from {_short(context.module.segment(source))}" if source is not nothing.node else ""
        context.thoughts.add("saw", f"{text} is None{from_call}")
        needless = [*_needless_await(context, nothing, source, self.name)]
        if needless:
            yield from needless
            return
        if nothing.is_one_of_many:
            context.refuse(f"The line calls {_short(context.module.segment(source))} and others like it, and nothing says which one gave None.")
            return
        known = list(offer(context, self.name, unset(context, nothing)))
        guarded = [*_idiom(context, nothing, source, self.name), *_default(context, nothing, source, self.name), *_by_role(context, nothing, self.name)]
        ranked = sorted((item for item in (*known, *guarded) if item.prior >= WORTH), key=lambda item: -item.prior)
        if not ranked:
            function = context.function(nothing.node)
            context.refuse(f"Nothing in {function.name + '()' if function else context.module.rel} says what should happen when {text} is None.")
        yield from (item for item in ranked if item.prior >= ranked[0].prior - BEHIND)


def _causes(context: Context, message: Message) -> list[Cause]:
    """Return where the value was lost, for every expression of the line that may have been the None."""
    if message.use == "special":
        return special_method(context, f"__{message.name}__" if message.name == "iter" else message.name)
    attribute = message.name if message.use == "attribute" else ""
    parts = [(part, False) for part in candidates(context, message)]
    if message.use in ("argument", "operand", "compare"):
        parts += [(part, True) for part in _iterated_arguments(context)]
    found: list[Cause] = []
    for part, element in parts:
        found += [cause for cause in causes(context, part, attribute, element=element) if cause.edits not in [item.edits for item in found]]
    return found or [cause for name in _OPERATORS.get(message.name, ()) if message.use == "operand" for cause in special_method(context, name)]


def _iterated_arguments(context: Context) -> list[ast.expr]:
    """Return what the line sums, sorts or joins: one of its elements may be the None."""
    calls = context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("sum", "sorted", "min", "max", "join", "sort", "fsum"))
    found = [item.args[0] for item in calls if isinstance(item, ast.Call) and item.args]
    return found + [item.func.value for item in calls if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr == "sort"]


def _lost(context: Context, found: list[Cause], rule: str) -> Iterator[Proposal]:
    for place, cause in enumerate(sorted(found, key=lambda item: -item.sure)[:4]):
        proposal = context.propose(
            rule=rule,
            title=cause.title,
            rationale=cause.rationale,
            edits=[(cause.module, edit) for edit in cause.edits],
            prior=max(0.3, cause.sure - 0.12 * place),
            cautions=cause.cautions,
            alternatives=("A guard where the None is used: it would hide that the value was lost.",),
        )
        if proposal is not None:
            yield proposal


def _environment(context: Context, message: Message, rule: str) -> Advice | None:
    """Tell a person which environment variable is missing, where one is read without a default and the project names none."""
    for part in candidates(context, message):
        for item in provenance(context, part):
            text = item.module.segment(item.node).replace(" ", "")
            read = re.match(r"(?:os\.)?(?:environ\.get|getenv)\(['\"](\w+)['\"]\)$", text)
            variables = context.surroundings.variables
            if read is None or (variables is not None and read[1] in variables) or absence.habitual_default(context.project, "get", read[1])[0]:
                continue
            return context.advise(
                rule=rule,
                title=f"the environment variable {read[1]} is not set",
                text=f"{item.module.rel}:{item.node.lineno} reads {read[1]}, which is not there, and nothing in the project says what it should be. "
                "Set it where the program is started.",
                looked=(f"{read[1]} is read without a default.",),
            )
    return None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 48 else line[:47] + "…"


def _needless_await(context: Context, nothing: Nothing, source: ast.expr, rule: str) -> Iterator[Proposal]:
    if nothing.use != "await" or source is not nothing.node:
        return
    function = called(context.project, context.module, source, context)
    if function is None or function.is_async or not gives_nothing(function) or _is_overridden(context, function):
        return
    uses = [
        (module, node)
        for module in context.project.containing("await", function.name)
        if not is_test(module.rel)
        for node in module.nodes
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call) and last_name(node.value.func) == function.name
        if [item.node for item in callees(context.project, module, node.value)] == [function.node]
    ]
    proposal = context.propose(
        rule=rule,
        title=f"call {function.qualname}() without await" + (f" ({len(uses)} places)" if len(uses) > 1 else ""),
        rationale=(
            f"{function.qualname}() is a plain function that returns nothing, so awaiting its result fails after its work is done. "
            f"The edit takes the await away{' at all ' + str(len(uses)) + ' places' if len(uses) > 1 else ''}. "
            f"{function.qualname}() itself stays as it is and runs exactly as before."
        ),
        edits=[(module, Edit(module.span(node)[0], module.span(node.value)[0], "")) for module, node in uses],
        prior=0.9,
    )
    if proposal is not None:
        yield proposal


def _is_overridden(context: Context, function: Function) -> bool:
    """Say whether a class of the project has its own, asynchronous version of a method: then the await is needed for it."""
    if function.owner is None:
        return False
    return any(
        item.is_async and item.node is not function.node
        for module in context.project.containing(f"def {function.name}")
        for item in index(module).functions
        if item.name == function.name and item.owner is not None and not is_test(module.rel)
    )


def _idiom(context: Context, nothing: Nothing, source: ast.expr, rule: str) -> Iterator[Proposal]:
    place = guards.place_for(context.module, nothing.node)
    statement = context.module.statement(nothing.node)
    if place is None or statement is None:
        return
    in_loop = absence.enclosing_loop(context.module, statement, nothing.node) is not None
    idiom = absence.guard_idiom(context.project, context.module, nothing.node, source, place.name, in_loop=in_loop)
    if idiom is None:
        return
    context.thoughts.add("think", f"{idiom.where} guards the same call with `{_short(idiom.body)}`")
    proposal = context.propose(
        rule=rule,
        title=f"guard {_short(place.name)} as {idiom.where} does",
        rationale=(
            f"{place.name} was None here. {idiom.where} makes the same call and answers None with `{idiom.body}`. "
            "The edit puts the same guard before this use. It catches no exception and changes nothing where there is a value."
        ),
        edits=[(context.module, edit) for edit in guards.before(place, idiom.body)],
        prior=0.86,
        cautions=(f"When {place.name} is None, this now does `{idiom.body}`.",),
    )
    if proposal is not None:
        yield proposal


def _default(context: Context, nothing: Nothing, source: ast.expr, rule: str) -> Iterator[Proposal]:
    module, node = context.module, nothing.node
    key = _get_key(context, source)
    habit, count = absence.habitual_default(context.project, last_name(node), key or "")
    natural = absence.default_for(nothing.use, nothing.name, nothing.other)
    default = habit or (natural if absence.is_neutral(nothing.use, nothing.name, natural) else "")
    if not default or nothing.use in ("store", "call", "await"):
        return
    edit: Edit | None = None
    if key is not None and isinstance(source, ast.Call) and not _holds_none(context, source, key) and not _is_tested(module, node):
        edit = guards.get_with_default(module, source, default)
    by_key = edit is not None
    if edit is None:
        if isinstance(nothing.user, ast.AugAssign) and nothing.user.target is node:
            return
        edit = guards.with_default(module, node, default)
    optional = absence.is_optional(context.project, module, node) or (key is not None and isinstance(source, ast.Call) and _holds_none(context, source, key))
    if nothing.use == "attribute" and not (habit or by_key or optional):
        return  # that the value is text (or a dict) does not make empty text what was meant
    prior = 0.84 if habit else 0.72 if by_key else 0.64 if optional else 0.5 if nothing.use != "operand" else 0.4
    if nothing.use in ("iterate", "contains", "len") and not habit:
        prior -= 0.04
    if habit:
        context.thoughts.add("think", f"the project uses {default} for it at {count} other place{'s' if count > 1 else ''}")
    keeps = by_key or absence.is_empty(default)  # `x or 1` replaces 0 too
    notes = (f"A missing value now counts as {default}.", "" if keeps else f"Zero and empty values count as {default} too, as elsewhere in the project.")
    label = f"the key {key!r}" if key else _short(module.segment(node))
    proposal = context.propose(
        rule=rule,
        title=f"take {default} for {label} where there is none",
        rationale=(
            f"{_short(module.segment(node))} was None where a value is needed. "
            + (f"The project takes {default} for it elsewhere. " if habit else f"{default} is the value that leaves the result as if there were none. ")
            + f"The edit uses {default} then. {notes[1] or 'It changes nothing where there is a value.'}"
        ),
        edits=[(module, edit)],
        prior=prior,
        cautions=tuple(filter(None, notes)),
    )
    if proposal is not None:
        yield proposal


def _get_key(context: Context, source: ast.expr) -> str | None:
    """Return the key of a `mapping.get("key")` of something that is not a class of the project."""
    if not (isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "get" and len(source.args) == 1):
        return None
    if infer(context.project, context.module, source.func.value):
        return None
    return source.args[0].value if isinstance(source.args[0], ast.Constant) and isinstance(source.args[0].value, str) else None


def _holds_none(context: Context, source: ast.Call, key: str) -> bool:
    """Say whether the mapping was seen to hold None under the key, where a default of `.get` would not be used."""
    assert isinstance(source.func, ast.Attribute)
    view = context.view(source.func.value)
    return view is not None and (f"'{key}': None" in view.repr or f'"{key}": None' in view.repr)


def _is_tested(module: Module, node: ast.expr) -> bool:
    """Say whether the function tests the name for None elsewhere, which a default at its source would defeat."""
    function = module.function(node)
    if not isinstance(node, ast.Name) or function is None:
        return False
    for item in ast.walk(function):
        if isinstance(item, ast.Compare) and isinstance(item.left, ast.Name) and item.left.id == node.id and isinstance(item.ops[0], ast.Is | ast.IsNot):
            return True
    return False


def _by_role(context: Context, nothing: Nothing, rule: str) -> Iterator[Proposal]:
    module, node = context.module, nothing.node
    added = guards.condition(module, node)
    if added is not None:
        yield from _made(
            context, rule, [added], f"leave out the turns in which {module.segment(node)} is None", 0.6, "Elements without a value are now left out.", nothing
        )
        return
    place, statement = guards.place_for(module, node), module.statement(node)
    if place is None or statement is None:
        context.thoughts.add("think", f"no line can be put before the use of {_short(module.segment(node))} without changing what runs when")
        return
    loop = absence.enclosing_loop(module, statement, node)
    if loop is not None:
        yield from _made(
            context,
            rule,
            guards.before(place, "continue"),
            f"skip the turns in which {place.name} is None",
            _skipping(context, loop, nothing),
            f"Turns in which {place.name} is None are now skipped.",
            nothing,
        )
        return
    function = context.function(node)
    optional = absence.is_optional(context.project, module, node)
    guarded = absence.is_guarded_elsewhere(module, node)
    if isinstance(statement, ast.Expr) and not isinstance(nothing.user, ast.stmt) and (optional or guarded or nothing.use == "await"):
        edits = guards.around(module, place, statement)
        if edits is not None:
            if guarded:
                context.thoughts.add("think", f"{guarded} other place{'s' if guarded > 1 else ''} of {module.rel} test {place.name} first")
            prior = 0.82 if guarded else 0.66 if optional else 0.5
            yield from _made(
                context, rule, edits, f"do it only where {place.name} is there", prior, f"When {place.name} is None, this statement is not run.", nothing
            )
            return
    if function is not None:
        yield from _early_return(context, nothing, place, statement, function, rule)


def _skipping(context: Context, loop: ast.For | ast.AsyncFor, nothing: Nothing) -> float:
    """Believe in skipping a turn: much where the function says or does so already, little where a sum would silently lack a part."""
    module, function = context.module, context.function(nothing.node)
    first = function.lineno if function is not None else loop.lineno
    around = " ".join(module.lines[first - 1 : loop.end_lineno]).lower()
    skips = any(isinstance(item, ast.Continue) for part in loop.body for item in ast.walk(part))
    if skips or any(word in around for word in _SKIPPED):
        return 0.62
    source = origin(module, nothing.node)
    looked_up = isinstance(source, ast.Call) and called(context.project, module, source, context) is not None
    sums = any(isinstance(item, ast.AugAssign) and isinstance(item.target, ast.Name) for part in loop.body for item in ast.walk(part))
    return 0.3 if looked_up and sums else 0.5 if looked_up else 0.62


def _early_return(context: Context, nothing: Nothing, place: guards.Place, statement: ast.stmt, function: FunctionNode, rule: str) -> Iterator[Proposal]:
    module = context.module
    if function.name.startswith("__"):
        context.refuse(f"Ending {function.name}() early would leave its object half made.")
        return
    kinds = absence.absence_returns(module, function)
    callers = absence.callers_expect_none(context.project, function)
    if len(kinds) == 1:
        (value,) = kinds
        prior, why = 0.74, f"{function.name}() already answers absence that way"
    elif kinds:
        context.refuse(f"{function.name}() answers absence in {len(kinds)} ways, and nothing says which one this is.")
        return
    elif absence.may_return_none(module, function):
        value, prior, why = "None", 0.68, f"{function.name}() is declared to give None"
    elif callers:
        value, prior, why = "None", 0.68, f"{callers} caller{'s' if callers > 1 else ''} of {function.name}() test its result for None"
    elif not absence.gives_values(function) and statement is function.body[-1] and not _is_entry(context):
        value, prior, why = "", 0.42, f"{function.name}() gives no value, and this is its last step"
    else:
        return
    context.thoughts.add("think", why)
    action = f"return {value}".strip()
    caution = f"When {place.name} is None, {function.name}() now ends with `{action}`; what follows in it is not done."
    yield from _made(
        context, rule, guards.before(place, action), f"end {function.name}() with `{action}` where {place.name} is None", prior, caution, nothing, why
    )


def _is_entry(context: Context) -> bool:
    """Say whether the failing function is called at a module's own level: to end it early is to end the program without a word."""
    outer = context.outer()
    return outer is None or outer.frame.function == "<module>"


def _made(context: Context, rule: str, edits: list[Edit], title: str, prior: float, caution: str, nothing: Nothing, why: str = "") -> Iterator[Proposal]:
    label = _short(context.module.segment(nothing.node))
    held = assignment(context.module, nothing.node)
    came = f", as {_short(context.module.segment(held.value))} gave it" if held is not None else ""
    proposal = context.propose(
        rule=rule,
        title=title,
        rationale=(
            f"{label} was None here{came}. The edit tests for that before the use{', because ' + why if why else ''}. "
            f"{caution} It catches no exception and changes nothing where there is a value."
        ),
        edits=[(context.module, edit) for edit in edits],
        prior=prior,
        cautions=(caution,),
    )
    if proposal is not None:
        yield proposal
