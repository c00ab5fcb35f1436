"""TypeError of a function that is called through a variable, by `with`, or as a callback, and takes too few arguments."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.definitions import Complaint, calls_in, calls_named, complaint_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, find_functions, index
from nexoide.repair.code.project import is_test
from nexoide.repair.code.signatures import Signature, bind, of_arguments, of_function
from nexoide.repair.code.source import Module
from nexoide.repair.code.sources import fits_name, own_name
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, in_own_code


class CallbackArity:
    """Lets a callback take what its caller gives to all of them."""

    name = "callback-arity"
    summary = "Gives a callback, a lambda or __exit__ the parameters that it lacks for what calls it."
    errors = ("TypeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="callback-that-takes-too-few",
            files={
                "main.py": "def each(items, action):\n    for place, item in enumerate(items):\n        action(place, item)\n\n\n"
                "def show(item):\n    print(item)\n\n\neach(['a'], show)\n"
            },
            prints="a\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether a function was given more arguments than it takes."""
        complaint = complaint_of(raised) if raised.type == "TypeError" else None
        return complaint is not None and complaint.kind == "extra"

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the definition with the parameters that it lacks."""
        complaint = complaint_of(context.raised)
        if complaint is None or not in_own_code(context):
            return
        if complaint.function.endswith("<lambda>"):
            yield from self._lambda(context, complaint)
            return
        functions = [item for item in find_functions(context.project, complaint.function) if not is_test(item.module.rel)]
        if len(functions) == 1:
            yield from list(self._exit(context, complaint, functions[0])) or self._callback(context, complaint, functions[0])

    def _exit(self, context: Context, complaint: Complaint, function: Function) -> Iterator[Proposal]:
        """Yield what `with` gives to `__exit__`."""
        node = function.node
        if function.name not in ("__exit__", "__aexit__") or complaint.kind != "extra" or len(node.args.args) != 1 or node.args.vararg:
            return
        end = function.module.span(node.args.args[0])[1]
        yield from self._made(
            context,
            title=f"let {function.qualname}() take the exception that with gives it",
            rationale="with gives three arguments when it ends (the exception's type, the exception, its traceback), all None where none was raised. "
            f"{function.qualname}() takes none of them. The edit adds them.",
            edits=[(function.module, Edit(end, end, ", exc_type, exc_value, traceback"))],
            prior=0.95,
        )

    def _callback(self, context: Context, complaint: Complaint, function: Function) -> Iterator[Proposal]:
        """Yield the parameters that a function lacks which is called through a variable."""
        if complaint.kind != "extra" or calls_named(context, function.name):
            return
        call = _through_variable(context)
        if call is None or call.keywords:
            return
        signature = of_function(function)
        edits = _further_parameters(function.module, function.node.args, signature, call, implicit=signature.implicit)
        if edits is None:
            return
        direct = [node for module in context.project.containing(f"{function.name}(") for node in calls_in(module, function.name)]
        text = context.module.segment(call)[:50]
        yield from self._made(
            context,
            title=f"let {function.name}() take what it is called with: {text}",
            rationale=(
                f"{function.name}() is called through a variable, as {text}, with {len(call.args)} arguments, and takes {len(signature.positional)}. "
                "The edit gives it the parameters that it lacks; it need not use them. The place that calls it stays as it is, for it calls others too."
            ),
            edits=[(function.module, edit) for edit in edits],
            prior=0.8 if not direct else 0.5,
            cautions=(f"{len(direct)} other calls of {function.name}() give fewer arguments.",) if direct else (),
        )

    def _lambda(self, context: Context, complaint: Complaint) -> Iterator[Proposal]:
        """Yield the parameters of the one lambda of the project that cannot take the call."""
        call = _through_variable(context)
        if complaint.kind != "extra" or call is None or call.keywords:
            return
        found = [
            (module, node)
            for module in context.project.containing("lambda")
            if not is_test(module.rel)
            for node in module.nodes
            if isinstance(node, ast.Lambda) and bind(of_arguments(node.args, bound=False), call).extra and len(node.args.args) == complaint.takes
        ]
        if len(found) != 1:
            context.refuse(f"{len(found)} lambdas of the project could be the one that was called.")
            return
        module, node = found[0]
        names = [own_name(item) for item in call.args]
        lacking = [name if name and name not in parameters_of(node) else f"_{place}" for place, name in enumerate(names)][len(node.args.args) :]
        start = module.span(node)[0] + len("lambda")
        inner = ", ".join(lacking)
        if node.args.args:
            end = module.span(node.args.args[-1])[1]
            edit = Edit(end, end, f", {inner}")
        else:
            edit = Edit(start, start, f" {inner}")
        yield from self._made(
            context,
            title=f"let the lambda take {len(call.args)} argument{'s' if len(call.args) > 1 else ''}",
            rationale=f"The lambda is called as {context.module.segment(call)[:50]} and takes fewer arguments. "
            "The edit adds what it lacks; it need not use it.",
            edits=[(module, edit)],
            prior=0.7,
        )

    def _made(
        self, context: Context, *, title: str, rationale: str, edits: list[tuple[Module, Edit]], prior: float, cautions: tuple[str, ...] = ()
    ) -> Iterator[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=title[:110],
            rationale=rationale,
            edits=edits,
            prior=prior,
            cautions=cautions,
            alternatives=("Changing what calls it: it calls others too, which take these arguments.",),
        )
        if proposal is not None:
            yield proposal


def parameters_of(node: ast.Lambda) -> list[str]:
    """Return a lambda's parameters."""
    return [item.arg for item in node.args.args]


def _through_variable(context: Context) -> ast.Call | None:
    """Return the call at the failing place whose function is a parameter, a loop's name, an item or an attribute."""
    found = [node for node in context.nodes(lambda node: isinstance(node, ast.Call)) if isinstance(node, ast.Call)]
    known = {item.name for item in index(context.module).functions if item.owner is None} | set(index(context.module).imports)
    found = [node for node in found if not (isinstance(node.func, ast.Name) and (node.func.id in known or hasattr(builtins, node.func.id)))]
    found = [node for node in found if not any(isinstance(item, ast.Starred) for item in node.args)]
    return found[0] if len(found) == 1 else None


def _further_parameters(module: Module, arguments: ast.arguments, signature: Signature, call: ast.Call, *, implicit: int) -> list[Edit] | None:
    """Return the edits that add what a call gives and a definition lacks, in the order of the call; None where that is open."""
    slots = [item.name for item in signature.positional]
    lacking = len(call.args) - len(slots)
    names = [own_name(item) for item in call.args]
    if lacking < 1 or arguments.vararg or arguments.kwonlyargs or arguments.defaults:
        return None
    places = [next((number for number, item in enumerate(call.args) if fits_name(item, slot)), -1) for slot in slots]
    if -1 in places or places != sorted(places):
        places = list(range(len(slots)))
        if lacking == 1 and len(slots) == 1 and own_name(call.args[0]) and not fits_name(call.args[-1], slots[0]):
            places = _last_place(call)
    nodes = arguments.args[implicit:]
    edits: list[Edit] = []
    end = module.span(nodes[-1])[1] if nodes else -1
    for number in range(len(call.args)):
        if number in places:
            continue
        taken = [*slots, *(item.arg for item in arguments.args)]
        name = names[number] if names[number] and names[number] not in taken else "sender" if names[number] == "self" else f"_{number}"
        following = next((slot for slot, place in enumerate(places) if place > number), -1)
        if following >= 0:
            start = module.span(nodes[following])[0]
            edits.append(Edit(start, start, f"{name}, "))
        elif nodes:
            edits.append(Edit(end, end, f", {name}"))
        else:
            return None
    return edits


def _last_place(call: ast.Call) -> list[int]:
    """Return the place of the one value of a call that is not a counter or a key."""
    numbers = [number for number, item in enumerate(call.args) if own_name(item) not in ("i", "index", "idx", "place", "number", "n", "key", "name", "k")]
    return [numbers[0]] if len(numbers) == 1 else [0]
