"""TypeError of a call where the definition is wrong and not the call: misspelt `__init__`, no `@dataclass`, a parameter that the body uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.constructor_forms import constructors
from nexoide.repair.code.default_values import default_elsewhere, lacking_calls
from nexoide.repair.code.definitions import Complaint, add_parameter, calls_in, calls_named, complaint_of, unresolved
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, find_classes, find_functions, index, last_name
from nexoide.repair.code.names import closest, is_tie
from nexoide.repair.code.project import is_test
from nexoide.repair.code.scope import parameters
from nexoide.repair.code.signatures import bind, of_function
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import offer
from nexoide.repair.proposal import Nature, Proposal
from nexoide.repair.rules.base import Example, in_own_code

_NO_ARGUMENTS = re.compile(r"(\w+)\(\) takes no arguments|object\.__(?:new|init)__\(\) takes exactly one argument")


class CallDefinition:
    """Makes the definition take what it is called with, where the definition itself shows that it should."""

    name = "call-definition"
    summary = "Repairs a definition that cannot take its calls: a misspelt __init__, a forgotten @dataclass, a parameter that the body uses."
    errors = ("TypeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="misspelt-init",
            files={"main.py": "class Box:\n    def _init_(self, size):\n        self.size = size\n\n\nprint(Box(3).size)\n"},
            prints="3\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is a TypeError about a call's arguments."""
        return raised.type == "TypeError" and (_NO_ARGUMENTS.match(raised.message) is not None or complaint_of(raised) is not None)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield repairs of the definition."""
        if not in_own_code(context):
            return
        match = _NO_ARGUMENTS.match(context.raised.message)
        if match is not None:
            yield from offer(context, self.name, constructors(context, match[1] or ""))
            return
        complaint = complaint_of(context.raised)
        if complaint is None:
            return
        functions = [item for item in find_functions(context.project, complaint.function) if not is_test(item.module.rel)]
        if len(functions) != 1:
            return
        if complaint.kind == "missing":
            yield from offer(context, self.name, default_elsewhere(context, functions[0], complaint.names))
        for step in (self._wrapper, self._override, self._used_in_body, self._kept_nowhere, self._tests_agree):
            found = list(step(context, complaint, functions[0]))
            if found:
                yield from found
                return

    def _wrapper(self, context: Context, complaint: Complaint, function: Function) -> Iterator[Proposal]:
        """Yield a decorator's inner function that passes all arguments on, where it takes too few."""
        calls = calls_named(context, function.name)
        if not calls or not all(bind(of_function(function), call).good for call in calls):
            return
        for name in function.decorators:
            for maker in find_functions(context.project, name):
                inner = [item for item in ast.walk(maker.node) if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item is not maker.node]
                edits = _passing_on(maker, inner[-1]) if inner and not is_test(maker.module.rel) else []
                if edits:
                    yield from self._made(
                        context,
                        title=f"let the decorator {name} pass on all arguments",
                        rationale=(
                            f"The call fits {function.name}(); what is called is {inner[-1].name}(), which the decorator {name} puts in its place and which "
                            "takes fewer arguments. The edit lets it take them all and pass them on."
                        ),
                        edits=[(maker.module, edit) for edit in edits],
                        prior=0.94,
                    )
                    return

    def _override(self, context: Context, complaint: Complaint, function: Function) -> Iterator[Proposal]:
        """Yield the parameters that the method of the same name in the base class has and its override lacks."""
        calls = calls_named(context, function.name)
        item = next((found for found in index(function.module).classes if found.node is function.owner), None)
        if item is None or len(calls) != 1 or complaint.kind == "missing" or function.name == "__init__":
            return
        for base in item.bases:
            for above in find_classes(context.project, base, function.module)[:1]:
                method = above.methods.get(function.name)
                if method is None or not bind(of_function(method), calls[0]).good:
                    continue
                own = parameters(function.node)
                lacking = [text for name, text in _written(method) if name not in own]
                edit = add_parameter(function, ", ".join(lacking)) if lacking else None
                if edit is not None:
                    yield from self._made(
                        context,
                        title=f"let {function.qualname}() take {', '.join(lacking)}, as {above.name}.{function.name}() does",
                        rationale=(
                            f"{function.qualname}() takes the place of {above.name}.{function.name}(), which takes this call; it lacks {', '.join(lacking)}. "
                            "The edit adds it with the same default. Callers treat both alike."
                        ),
                        edits=[(function.module, edit)],
                        prior=0.88,
                    )
                    return

    def _used_in_body(self, context: Context, complaint: Complaint, function: Function) -> Iterator[Proposal]:
        """Yield the parameter that the body reads and the definition does not have, or has under another name."""
        lost = unresolved(function) - {"self", "cls"}
        wanted = [name for name in complaint.names if name in lost] if complaint.kind == "unexpected" else sorted(lost) if complaint.kind == "extra" else []
        if len(wanted) != 1:
            return
        name = wanted[0]
        names = parameters(function.node)
        read = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
        unread = [item for item in names if item not in read and item not in ("self", "cls")]
        ranked = closest(name, unread, 0.7)
        if ranked and not is_tie(ranked):
            old = next(item for item in ast.walk(function.node.args) if isinstance(item, ast.arg) and item.arg == ranked[0][1])
            start = function.module.span(old)[0]
            edits = [(function.module, Edit(start, start + len(old.arg), name))]
            title, what = f"name the parameter {name}, as the body of {function.name}() does", f"its parameter {old.arg}, which nothing reads, gets that name"
        else:
            others = lacking_calls(context, function)
            edit = add_parameter(function, f"{name}=None" if others else name)
            if edit is None:
                return
            edits = [(function.module, edit)]
            title, what = f"let {function.name}() take {name}, which its body uses", "the edit adds the parameter"
            if others:
                what += f", which is None for the {others} call{'s' if others > 1 else ''} that do{'' if others > 1 else 'es'} not give it"
        yield from self._made(
            context,
            title=title,
            rationale=f"The body of {function.name}() reads {name}, which nothing defines, and the call gives it: {what}. No call changes.",
            edits=edits,
            prior=0.95,
        )

    def _kept_nowhere(self, context: Context, complaint: Complaint, function: Function) -> Iterator[Proposal]:
        """Yield the parameter of `__init__` whose attribute the class reads and never sets."""
        if complaint.kind != "unexpected" or function.name != "__init__" or function.owner is None:
            return
        item = next((found for found in index(function.module).classes if found.node is function.owner), None)
        name = complaint.names[0]
        if item is None or name in item.attributes or name in item.methods:
            return
        reads = [node for node in ast.walk(item.node) if isinstance(node, ast.Attribute) and node.attr == name and last_name(node.value) == "self"]
        if not reads:
            return
        edit, body = add_parameter(function, name), function.node.body[-1]
        indent = function.module.own_indent(body)
        if edit is None or indent is None:
            return
        end = function.module.span(body)[1]
        yield from self._made(
            context,
            title=f"let {item.name} take and keep {name}, which its methods read",
            rationale=(
                f"{item.name} is made with {name}, its methods read self.{name}, and __init__() neither takes nor sets it. "
                "The edit adds the parameter and keeps it."
            ),
            edits=[(function.module, edit), (function.module, Edit(end, end, f"\n{indent}self.{name} = {name}"))],
            prior=0.92,
        )

    def _tests_agree(self, context: Context, complaint: Complaint, function: Function) -> Iterator[Proposal]:
        """Yield the parameter renamed as the project's tests call it."""
        if complaint.kind != "unexpected":
            return
        name = complaint.names[0]
        ranked = closest(name, [item.arg for item in (*function.node.args.args, *function.node.args.kwonlyargs)], 0.6)
        if not ranked or is_tie(ranked):
            return
        old = ranked[0][1]
        given = [(module, call) for module in context.project.containing(f"{function.name}(") for call in calls_in(module, function.name)]
        said = {keyword.arg for module, call in given for keyword in call.keywords if is_test(module.rel)}
        others = {keyword.arg for module, call in given for keyword in call.keywords}
        if name not in said or old in others or name in parameters(function.node):
            return
        places = [
            node for node in ast.walk(function.node) if (isinstance(node, ast.arg) and node.arg == old) or (isinstance(node, ast.Name) and node.id == old)
        ]
        edits = [Edit(function.module.span(node)[0], function.module.span(node)[0] + len(old), name) for node in places if isinstance(node, ast.arg | ast.Name)]
        yield from self._made(
            context,
            title=f"name the parameter of {function.name}() {name}, as its callers and tests do",
            rationale=f"All calls of {function.name}(), those of the tests too, say {name}; the definition says {old}. "
            "The edit renames the parameter and its uses in the body.",
            edits=[(function.module, edit) for edit in edits],
            prior=0.95,
        )

    def _made(
        self,
        context: Context,
        *,
        title: str,
        rationale: str,
        edits: list[tuple[Module, Edit]],
        prior: float,
        nature: Nature = "origin",
        cautions: tuple[str, ...] = (),
    ) -> Iterator[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=title[:110],
            rationale=rationale,
            edits=edits,
            prior=prior,
            nature=nature,
            cautions=cautions,
            alternatives=("Changing the call: what it gives is what the definition itself asks for elsewhere.",),
        )
        if proposal is not None:
            yield proposal


def _passing_on(maker: Function, inner: ast.FunctionDef | ast.AsyncFunctionDef) -> list[Edit]:
    """Return the edits after which an inner function takes any arguments and gives them to the function that it wraps."""
    module, arguments = maker.module, inner.args
    if arguments.args or arguments.kwonlyargs or arguments.posonlyargs or arguments.kwarg:
        return []
    around = [maker.node, *(node for node in ast.walk(maker.node) if isinstance(node, ast.FunctionDef))]
    wrapped = {item.arg for node in around for item in node.args.args}
    star = arguments.vararg.arg if arguments.vararg is not None else ""
    edits: list[Edit] = []
    for call in ast.walk(inner):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in wrapped and not call.keywords:
            end = module.span(call)[1] - 1
            if star and len(call.args) == 1 and isinstance(call.args[0], ast.Starred):
                edits.append(Edit(end, end, ", **kwargs"))
            elif not star and not call.args:
                edits.append(Edit(end, end, "*args, **kwargs"))
    if not edits:
        return []
    opening = module.text.index("(", module.span(inner)[0])
    at = module.span(arguments.vararg)[1] if arguments.vararg is not None else opening + 1
    return [Edit(at, at, ", **kwargs" if star else "*args, **kwargs"), *edits]


def _written(method: Function) -> list[tuple[str, str]]:
    """Return a method's parameters with their default's text; those without one get None, so that other callers still fit."""
    arguments, module = method.node.args, method.module
    plain: list[ast.expr | None] = [None] * (len(arguments.args) - len(arguments.defaults))
    pairs = [*zip(arguments.args, [*plain, *arguments.defaults], strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    return [(item.arg, f"{item.arg}={module.segment(default) if default is not None else 'None'}") for item, default in pairs]
