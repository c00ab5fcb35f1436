"""TypeError of a call where the definition is wrong and not the call: misspelt `__init__`, no `@dataclass`, a parameter that the body uses."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.definitions import Complaint, add_parameter, calls_named, complaint_of, unresolved
from nexoide.repair.edits import Edit
from nexoide.repair.importing import need
from nexoide.repair.index import Class, Function, find_classes, find_functions, index, last_name
from nexoide.repair.names import closest, is_tie
from nexoide.repair.placing import joined
from nexoide.repair.project import is_test
from nexoide.repair.proposal import Nature, Proposal
from nexoide.repair.rules.base import Example, in_own_code
from nexoide.repair.scope import parameters
from nexoide.repair.signatures import Signature, bind, of_arguments, of_function
from nexoide.repair.source import Module
from nexoide.repair.sources import fits_name, own_name

_NO_ARGUMENTS = re.compile(r"(\w+)\(\) takes no arguments|object\.__(?:new|init)__\(\) takes exactly one argument")
_INIT = frozenset({"init", "int", "inti", "intit", "inint", "iinit", "initt", "nit", "initialize", "initialise", "__init"})


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
        """Say whether it is a TypeError about a call's arguments."""
        return raised.type == "TypeError" and (_NO_ARGUMENTS.match(raised.message) is not None or complaint_of(raised) is not None)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield repairs of the definition."""
        if not in_own_code(context):
            return
        match = _NO_ARGUMENTS.match(context.raised.message)
        if match is not None:
            yield from self._class(context, match[1] or "")
            return
        complaint = complaint_of(context.raised)
        if complaint is None:
            return
        if complaint.function.endswith("<lambda>"):
            yield from self._lambda(context, complaint)
            return
        functions = [item for item in find_functions(context.project, complaint.function) if not is_test(item.module.rel)]
        if len(functions) != 1:
            return
        for step in (self._used_in_body, self._kept_nowhere, self._callback, self._tests_agree):
            found = list(step(context, complaint, functions[0]))
            if found:
                yield from found
                return

    def _class(self, context: Context, name: str) -> Iterator[Proposal]:
        """Yield the constructor that a class lacks: its misspelt `__init__`, or a dataclass of its annotated names."""
        calls = [
            node for node in context.nodes(lambda node: isinstance(node, ast.Call) and (last_name(node.func) == name or not name)) if isinstance(node, ast.Call)
        ]
        found = [item for call in calls for item in find_classes(context.project, last_name(call.func), context.module)]
        if len({item.node for item in found}) != 1:
            return
        item, call = found[0], calls[0]
        for method in item.methods.values():
            if method.name.strip("_").lower() in _INIT and bind(of_function(method), call).good:
                start = item.module.text.index(method.name, item.module.span(method.node)[0] + 3)
                yield from self._made(
                    context,
                    title=f"name the constructor of {item.name} __init__",
                    rationale=(
                        f"{item.name} has no __init__(); {method.name}() takes what the class is called with, and nothing calls it by that name. "
                        "The edit gives it the name under which Python calls it."
                    ),
                    edits=[(item.module, Edit(start, start + len(method.name), "__init__"))],
                    prior=0.95,
                )
                return
        yield from self._dataclass(context, item, call)

    def _dataclass(self, context: Context, item: Class, call: ast.Call) -> Iterator[Proposal]:
        fields = [node for node in item.node.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]
        if not fields or item.node.decorator_list or item.bases or "__init__" in item.methods:
            return
        arguments = ast.arguments(
            posonlyargs=[],
            args=[ast.arg(arg="self"), *(ast.arg(arg=node.target.id) for node in fields if isinstance(node.target, ast.Name))],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[node.value for node in fields if node.value is not None],
        )
        binding = bind(of_arguments(arguments, bound=True), call)
        mutable = any(isinstance(node.value, ast.List | ast.Dict | ast.Set) for node in fields)
        if not (binding.good or binding.unknown) or mutable:
            return
        text, edits = need(context.project, item.module, "dataclasses", "dataclass")
        at = item.module.line_start(item.node.lineno)
        indent = item.module.own_indent(item.node) or ""
        yield from self._made(
            context,
            title=f"make {item.name} a dataclass: it lists its fields and has no constructor",
            rationale=(
                f"{item.name} lists {', '.join(ast.unparse(node.target) for node in fields[:5])} with their types and defines no __init__(), "
                "and it is called with values for them. The edit makes it a dataclass, which has that constructor."
            ),
            edits=[(item.module, edit) for edit in joined(edits, Edit(at, at, f"{indent}@{text}\n"))],
            prior=0.92,
        )

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
            edit = add_parameter(function, name)
            if edit is None:
                return
            edits = [(function.module, edit)]
            title, what = f"let {function.name}() take {name}, which its body uses", "the edit adds the parameter"
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
            for node in ast.walk(module.tree)
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


def calls_in(module: Module, name: str) -> list[ast.Call]:
    """Return a module's calls of a function by its name."""
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and last_name(node.func) == name]


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
        name = names[number] if names[number] and names[number] not in slots else f"_{number}"
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
