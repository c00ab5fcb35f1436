"""TypeError of a call that no longer fits the function it calls: keywords, positions, missing and surplus arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nexoide.model.failure import Raised
from nexoide.repair.code.arguments import Plan, Site, solve
from nexoide.repair.code.calls import rewrite
from nexoide.repair.code.edits import Edit, EditError
from nexoide.repair.code.index import Class, Function, find_classes, find_functions, index, last_name
from nexoide.repair.code.infer import callees
from nexoide.repair.code.project import is_test
from nexoide.repair.code.signatures import Binding, Signature, bind, constructor, of_function
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, in_own_code

Kind = Literal["unexpected", "missing", "extra", "positional_only", "twice"]

_MESSAGES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("unexpected", re.compile(r"([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'")),
    ("missing", re.compile(r"([\w.<>]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)")),
    ("extra", re.compile(r"([\w.<>]+)\(\) takes (?:no|(?:from \d+ to )?\d+ positional) arguments?(?: but (\d+) .*given)?")),
    ("positional_only", re.compile(r"([\w.<>]+)\(\) got some positional-only arguments passed as keyword arguments: '([^']+)'")),
    ("twice", re.compile(r"([\w.<>]+)\(\) got multiple values for argument '(\w+)'")),
)


@dataclass(frozen=True, slots=True)
class _Complaint:
    kind: Kind
    function: str
    names: tuple[str, ...]
    given: int = -1

    def reproduced(self, binding: Binding) -> bool:
        """Say whether a binding fails the way the message says."""
        if self.kind == "extra":
            return bool(binding.extra)
        found = {"unexpected": binding.unexpected, "missing": binding.missing, "positional_only": binding.positional_only, "twice": binding.twice}[self.kind]
        return set(self.names) <= set(found)


@dataclass(frozen=True, slots=True)
class _Callee:
    label: str
    signature: Signature
    function: Function | None
    item: Class | None


class CallSignature:
    """Makes the call fit the definition, and all other calls of the project that fail in the same way."""

    name = "call-signature"
    summary = "Makes a call fit the definition it calls: names, order, missing and surplus arguments, a forgotten self."
    errors = ("TypeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="renamed-keyword",
            files={
                "pricing.py": "def total(price, *, quantity=1):\n    return price * quantity\n",
                "main.py": "from pricing import total\n\n\ndef checkout(price):\n    return total(price, qty=2)\n\n\nprint(checkout(3))\n",
            },
            prints="6\n",
        ),
        Example(
            name="missing-argument",
            files={
                "main.py": "def charge(order, customer):\n    return f'{customer} pays {order}'\n\n\n"
                "def checkout(order, customer):\n    return charge(order)\n\n\n"
                "print(checkout('tea', 'ann'))\n"
            },
            prints="ann pays tea\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is a TypeError about a call's arguments."""
        return _complaint(raised) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair of the call, or of a method that lacks its self."""
        complaint = _complaint(context.raised)
        if complaint is None:
            return
        here = _outermost(context)
        if here is None or not in_own_code(here):
            return
        call = _failing_call(here, complaint)
        if call is None:
            through_variable = _without_self(here, complaint, None, self.name)
            if through_variable is not None:
                yield through_variable
            return
        without_self = _without_self(here, complaint, call, self.name)
        if without_self is not None:
            yield without_self
            return
        callee = _callee(here, complaint, call)
        if callee is None:
            return
        yield from _repair(here, complaint, call, callee, self.name)


def _complaint(raised: Raised) -> _Complaint | None:
    if raised.type != "TypeError":
        return None
    for kind, pattern in _MESSAGES:
        match = pattern.match(raised.message)
        if match is None:
            continue
        if kind == "extra":
            return _Complaint(kind, match[1], (), int(match[2]) if match[2] else -1)
        names = tuple(re.findall(r"\w+", match[2])) if kind == "positional_only" else tuple(re.findall(r"'(\w+)'", match[2])) or (match[2],)
        return _Complaint(kind, match[1], names)
    return None


def _outermost(context: Context) -> Context | None:
    """Step out of wrappers that only pass `*args` and `**kwargs` on: the call that chose the arguments is further out."""
    here = context
    frames = list(context.raised.frames)
    while True:
        passing = here.nodes(lambda node: isinstance(node, ast.Call))
        stars = [
            node
            for node in passing
            if isinstance(node, ast.Call) and any(isinstance(item, ast.Starred) for item in node.args) and any(item.arg is None for item in node.keywords)
        ]
        place = next((number for number, frame in enumerate(frames) if frame is here.frame), 0)
        if not stars or place == 0:
            return here
        outer = here.at(frames[place - 1])
        if outer is None:
            return here
        outer.is_raising = here.is_raising
        here = outer


def _failing_call(context: Context, complaint: _Complaint) -> ast.Call | None:
    last = complaint.function.rsplit(".", 1)[-1]
    if last == "<lambda>":
        context.refuse("The function that was called is a lambda, and which one is not said.")
        return None
    names = {last}
    if last in ("__init__", "__new__"):
        names |= {complaint.function.rsplit(".", 2)[-2]} if "." in complaint.function else {item.name for item in _all_classes(context)}
        names |= {"cls", "__init__"}
    imports = index(context.module).imports
    found = [
        node
        for node in context.nodes(
            lambda node: isinstance(node, ast.Call) and (last_name(node.func) in names or imports.get(last_name(node.func), ("", ""))[1] in names)
        )
        if isinstance(node, ast.Call)
    ]
    if len(found) > 1 and context.frame.column < 0:
        failing = [call for call in found if any(complaint.reproduced(bind(item.signature, call)) for item in _candidates(context, complaint, call))]
        found = failing or found
        if len({ast.dump(call) for call in found}) > 1:
            context.refuse(f"The line calls {last}() {len(found)} times, and nothing says which call failed.")
            return None
    if not found:
        context.refuse(f"The line does not call {last}() by its name: it is called through a variable, and other functions may be too.")
        return None
    return found[0]


def _all_classes(context: Context) -> list[Class]:
    words = {last_name(node.func) for node in context.module.nodes if isinstance(node, ast.Call)}
    return [item for word in sorted(words) if word[:1].isupper() for item in find_classes(context.project, word, context.module)]


def _candidates(context: Context, complaint: _Complaint, call: ast.Call) -> list[_Callee]:
    last = complaint.function.rsplit(".", 1)[-1]
    name = last_name(call.func)
    imported = index(context.module).imports.get(name, ("", ""))[1]
    found: list[_Callee] = []
    if last in ("__init__", "__new__") or find_classes(context.project, complaint.function, context.module):
        owner = complaint.function.rsplit(".", 2)[-2] if "." in complaint.function else (imported or name if last.startswith("__") else last)
        if name == "cls":
            around = context.module.owner(call)
            owner = around.name if around is not None else owner
        for item in find_classes(context.project, owner, context.module):
            signature = constructor(context.project, item)
            if signature is not None:
                found.append(_Callee(item.name, signature, None, item))
        return found
    functions = find_functions(context.project, complaint.function)
    reached = [item for item in callees(context.project, context.module, call) if any(item.node is other.node for other in functions)]
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    for function in reached or functions:
        through = isinstance(receiver, ast.Name) and function.owner is not None and receiver.id == function.owner.name
        found.append(_Callee(function.qualname, of_function(function, through_class=through), function, None))
    return found


def _callee(context: Context, complaint: _Complaint, call: ast.Call) -> _Callee | None:
    candidates = _candidates(context, complaint, call)
    if not candidates:
        context.refuse(f"{complaint.function}() is not defined in the project; only the project's own functions are known well enough.")
        return None
    fitting = [item for item in candidates if complaint.reproduced(bind(item.signature, call))]
    if not fitting:
        context.refuse(f"{complaint.function}() as it stands in the file now would not fail this way: the program runs another version of it.")
        return None
    if len({repr(item.signature) for item in fitting}) > 1:
        context.refuse(f"{len(fitting)} definitions of {complaint.function}() fit the message, with different parameters.")
        return None
    item = fitting[0]
    where = item.function.module.rel if item.function else item.item.module.rel if item.item else ""
    names = ", ".join(parameter.name for parameter in item.signature.parameters)
    context.thoughts.add("saw", f"{item.label}({names}) is defined in {where}")
    return item


def _without_self(context: Context, complaint: _Complaint, call: ast.Call | None, rule: str) -> Proposal | None:
    """Give a method its `self`, where it was called on an object and takes one argument too few."""
    if complaint.kind not in ("extra", "twice") or (call is not None and not isinstance(call.func, ast.Attribute)):
        return None
    found = [item for item in find_functions(context.project, complaint.function) if item.owner is not None]
    if len(found) != 1 or {"staticmethod", "classmethod"} & set(found[0].decorators):
        return None
    function = found[0]
    node, module = function.node, function.module
    first = node.args.args[0].arg if node.args.args else ""
    if first in ("self", "cls", "mcs", "_", "this") or node.args.posonlyargs or node.args.vararg:
        return None
    uses = any(isinstance(item, ast.Name) and item.id == "self" for item in ast.walk(node))
    if not uses and (call is None or call.keywords or complaint.given != len(call.args) + 1):
        return None
    start = module.span(node)[0]
    opening = module.text.index("(", start)
    assert function.owner is not None
    return context.propose(
        rule=rule,
        title=f"give {function.owner.name}.{function.name}() its self",
        rationale=(
            f"{function.name}() is called on an object, which Python passes as the first argument, and its definition has no place for it. "
            f"The edit adds self as the first parameter{', which the body already uses' if uses else ''}. No call changes."
        ),
        edits=[(module, Edit(opening + 1, opening + 1, "self, " if node.args.args or node.args.kwonlyargs else "self"))],
        prior=0.92 if uses else 0.7,
        cautions=() if uses else (f"The body of {function.name}() does not use self; a static method would do as well.",),
    )


def _repair(context: Context, complaint: _Complaint, call: ast.Call, callee: _Callee, rule: str) -> Iterable[Proposal]:
    calls = _same_callee(context, callee)
    habits = _habits(calls, callee.signature)
    plan = solve(Site(context.project, context.module, call, context.frame.locals, habits), callee.signature)
    if plan.refusal:
        context.refuse(plan.refusal)
        return
    edits: list[tuple[Module, Edit]] = []
    left = tests = 0
    try:
        edits.append((context.module, rewrite(context.module, call, plan.wanted)))
        for module, other in calls:
            if other is call or not complaint.reproduced(bind(callee.signature, other)):
                continue
            like = solve(Site(context.project, module, other, {}, habits), callee.signature)
            if is_test(module.rel):
                tests += 1
            elif like.refusal or like.steps != plan.steps or _nested(call, other):
                left += 1
            else:
                edits.append((module, rewrite(module, other, like.wanted)))
    except EditError as error:
        context.refuse(f"The call was not edited: {error}.")
        return
    context.thoughts.add("think", f"{'; '.join(plan.words)}; {len(calls)} calls of {callee.label} looked at")
    count = len(edits)
    cautions = list(plan.cautions)
    if left:
        cautions.append(
            f"{left} other call{'s' if left > 1 else ''} of {callee.label} fail{'' if left > 1 else 's'} in a like way and cannot be repaired the same way."
        )
    if tests:
        cautions.append(f"{tests} call{'s' if tests > 1 else ''} in tests fail{'' if tests > 1 else 's'} in the same way; tests are not edited.")
    proposal = context.propose(
        rule=rule,
        title=f"call {callee.label}() as it is defined: {plan.words[0]}" + (f" ({count} calls)" if count > 1 else ""),
        rationale=_rationale(callee.label, context.raised.message, plan, count),
        edits=edits,
        prior=plan.sure * (0.97 if left else 1.0) * _doubt(complaint, callee, plan, tests),
        cautions=cautions,
    )
    if proposal is not None:
        yield proposal


def _doubt(complaint: _Complaint, callee: _Callee, plan: Plan, tests: int) -> float:
    """Return what an edit of the call is worth where something speaks for the definition: tests that call it so, a class that takes nothing."""
    drops = any(step[0] == "drop" for step in plan.steps)
    if drops and callee.item is not None and not callee.signature.parameters and complaint.kind == "extra":
        return 0.6
    return 0.6 if tests and drops else 1.0


def _same_callee(context: Context, callee: _Callee) -> list[tuple[Module, ast.Call]]:
    """Return the project's calls that surely are of this function."""
    name = callee.item.name if callee.item else callee.function.name if callee.function else ""
    unique = callee.function is not None and len(find_functions(context.project, name)) == 1
    found: list[tuple[Module, ast.Call]] = []
    for module in context.project.containing(name):
        for node in module.nodes:
            if not isinstance(node, ast.Call) or last_name(node.func) not in (name, *_aliases(module, name)):
                continue
            if callee.item is not None:
                same = [item.node for item in find_classes(context.project, name, module)] == [callee.item.node]
            else:
                assert callee.function is not None
                nodes = [item.node for item in callees(context.project, module, node)]
                same = nodes == [callee.function.node] and (unique or not isinstance(node.func, ast.Attribute) or len(nodes) == 1)
            if same:
                found.append((module, node))
    return found


def _aliases(module: Module, name: str) -> tuple[str, ...]:
    return tuple(alias for alias, (_, original) in index(module).imports.items() if original == name)


def _nested(one: ast.Call, other: ast.Call) -> bool:
    return any(item is other for item in ast.walk(one)) or any(item is one for item in ast.walk(other))


def _habits(calls: list[tuple[Module, ast.Call]], signature: Signature) -> dict[str, list[str]]:
    """Return what calls that fit give for each parameter, as text."""
    found: dict[str, list[str]] = {}
    for module, call in calls:
        binding = bind(signature, call)
        if not binding.good:
            continue
        for name, place in binding.filled.items():
            value = call.args[place] if isinstance(place, int) else next(item.value for item in call.keywords if item.arg == place)
            found.setdefault(name, []).append(module.segment(value))
    return found


def _rationale(label: str, message: str, plan: Plan, count: int) -> str:
    many = (
        f" The {count - 1} other call{'s' if count > 2 else ''} of the project with the same mistake {'are' if count > 2 else 'is'} repaired with it."
        if count > 1
        else ""
    )
    return (
        f"The call does not fit {label}() as it is defined now: {message.split('() ', 1)[-1].rstrip('.')}. "
        f"The edit makes the call fit: {'; '.join(plan.words)}.{many} It does not change {label}() or what is done with its result."
    )
