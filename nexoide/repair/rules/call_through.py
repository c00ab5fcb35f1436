"""TypeError of a call whose arguments come another way: `*args` not unpacked, `**options` passed on, `partial`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.beginnings import view_of
from nexoide.repair.code.definitions import Complaint, calls_in, complaint_of, rename_parameter
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, Function, find_classes, find_functions, index, last_name
from nexoide.repair.code.names import closest, is_tie
from nexoide.repair.code.project import is_test
from nexoide.repair.code.signatures import Signature, constructor, of_function
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, in_own_code

_ROWS = frozenset({"list", "tuple"})


class CallThrough:
    """Repairs the place that chose the arguments."""

    name = "call-through"
    summary = "Unpacks arguments that were passed as one, and renames a keyword in the outer call or partial that first gave it."
    errors = ("TypeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="row-not-unpacked",
            files={
                "main.py": "def label(name, age):\n    return f'{name} ({age})'\n\n\ndef show(row):\n    return label(row)\n\n\n"
                "print(show({'name': 'Ann', 'age': 3}))\n"
            },
            prints="Ann (3)\n",
        ),
        Example(
            name="keyword-passed-on",
            files={
                "main.py": "def build(name, size=1):\n    return name * size\n\n\ndef create(name, **options):\n    return build(name, **options)\n\n\n"
                "print(create('ab', sise=2))\n"
            },
            prints="abab\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is a TypeError about a call's arguments."""
        return raised.type == "TypeError" and complaint_of(raised) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair of the place that chose the arguments."""
        complaint = complaint_of(context.raised)
        if complaint is None or not in_own_code(context):
            return
        found = _signatures(context, complaint)
        if len(found) != 1:
            return
        function, signature, owner = found[0]
        if complaint.kind == "unexpected":
            yield from self._further_out(context, complaint, signature)
            return
        name = owner.name if owner is not None else function.name if function is not None else ""
        aliases = {alias for alias, (_, original) in index(context.module).imports.items() if original == name}
        calls = [
            node for node in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in {name, *aliases}) if isinstance(node, ast.Call)
        ]
        if len(calls) != 1 or complaint.kind != "missing":
            return
        yield from self._unpacked(context, complaint, calls[0], signature)

    def _unpacked(self, context: Context, complaint: Complaint, call: ast.Call, signature: Signature) -> Iterator[Proposal]:
        """Yield `*` or `**` before the one argument that holds them all."""
        if len(call.args) != 1 or isinstance(call.args[0], ast.Starred) or any(item.arg is None for item in call.keywords):
            return
        given = call.args[0]
        module, text = context.module, context.module.segment(call.args[0])
        around = module.function(call)
        star, why, prior = "", "", 0.0
        if around is not None and isinstance(given, ast.Name):
            if around.args.vararg is not None and around.args.vararg.arg == given.id:
                star, why, prior = "*", f"{given.id} holds the arguments that {around.name}() was given", 0.94
            elif around.args.kwarg is not None and around.args.kwarg.arg == given.id:
                star, why, prior = "**", f"{given.id} holds the keywords that {around.name}() was given", 0.94
        view = view_of(context, given)
        if not star and view is not None and view.type == "dict":
            keys = {item[1:-1] for item in view.keys if item[:1] in "'\""} or _keys(view.repr)
            required = {item.name for item in signature.parameters if item.required}
            if required <= keys and (keys <= set(signature.by_name) or signature.star_star):
                star, why, prior = "**", f"its keys are the parameters {', '.join(sorted(required))}", 0.88
        elif not star and view is not None and view.type in _ROWS and not call.keywords:
            required_count = sum(item.required for item in signature.positional)
            if required_count <= _length(view.repr, view.length) <= len(signature.positional):
                star, why, prior = "*", f"it holds {_length(view.repr, view.length)} values, as many as there are parameters", 0.8
        if not star:
            return
        edit = Edit(*module.span(given), f"{star}{text}" if isinstance(given, ast.Name | ast.Attribute | ast.Call | ast.Subscript) else f"{star}({text})")
        yield from self._made(
            context,
            title=f"unpack {text[:40]} into the arguments of {last_name(call.func)}()",
            rationale=(
                f"{last_name(call.func)}() takes its values one by one and was given {text[:40]} as one: {why}. The edit unpacks it with {star}. "
                f"{last_name(call.func)}() stays as it is."
            ),
            edits=[(module, edit)],
            prior=prior,
        )

    def _further_out(self, context: Context, complaint: Complaint, signature: Signature) -> Iterator[Proposal]:
        """Yield the keyword renamed where it was first given: in an outer call that passes it on, or in a partial."""
        wrong = complaint.names[0]
        here: Context | None = context
        if any(node.arg == wrong for call in _calls(context) for node in call.keywords if _names(call, complaint)):
            return
        while here is not None:
            passing = [call for call in _calls(here) if any(item.arg is None for item in call.keywords)]
            if not passing and here is not context:
                break
            outer = here.outer()
            if passing and outer is not None:
                given = [(outer, item, call) for call in _calls(outer) for item in call.keywords if item.arg == wrong]
                if len(given) == 1:
                    yield from self._renamed(given[0][0].module, context, given[0][1], given[0][2], complaint, signature)
                    return
            here = outer
        yield from self._partial(context, complaint, signature)

    def _partial(self, context: Context, complaint: Complaint, signature: Signature) -> Iterator[Proposal]:
        last = complaint.function.rsplit(".", 1)[-1]
        found = [
            (module, item, call)
            for module in context.project.containing("partial", last)
            for call in module.nodes
            if isinstance(call, ast.Call) and last_name(call.func) in ("partial", "partialmethod") and call.args and last_name(call.args[0]) == last
            for item in call.keywords
            if item.arg == complaint.names[0]
        ]
        if len(found) == 1:
            yield from self._renamed(found[0][0], context, found[0][1], found[0][2], complaint, signature)

    def _renamed(self, module: Module, context: Context, item: ast.keyword, call: ast.Call, complaint: Complaint, signature: Signature) -> Iterator[Proposal]:
        wrong = complaint.names[0]
        taken = {keyword.arg for keyword in call.keywords}
        ranked = closest(wrong, [name for name in signature.by_name if name not in taken], 0.6)
        if not ranked or is_tie(ranked):
            context.refuse(f"{wrong} is passed on to {complaint.function}(), and none of its parameters is clearly meant.")
            return
        new, start = ranked[0][1], module.span(item)[0]
        like = _giving(context, call, wrong)
        agreed = len(like) > 1 and len({given for _, given in like}) > 1
        if agreed:
            yield from self._definition(context, complaint, new, wrong, len(like))
        yield from self._made(
            context,
            title=f"give {new} and not {wrong}, which is passed on to {complaint.function}()",
            rationale=(
                f"{wrong} is given at {module.rel}:{item.lineno} and passed on to {complaint.function}(), whose parameter is {new}. "
                "The edit gives it under that name. What passes it on stays as it is."
            ),
            edits=[(other, Edit(at, at + len(wrong), new)) for other, at in like if not is_test(other.rel)] or [(module, Edit(start, start + len(wrong), new))],
            prior=min(0.92, 0.55 + 0.4 * ranked[0][0]) * (0.75 if agreed else 1.0),
        )

    def _definition(self, context: Context, complaint: Complaint, old: str, new: str, count: int) -> Iterator[Proposal]:
        """Yield the parameter renamed as all the calls that pass it on say it."""
        found = [item for item in find_functions(context.project, complaint.function) if not is_test(item.module.rel)]
        if len(found) != 1:
            return
        name = found[0].name
        direct = [call for module in context.project.containing(f"{name}(") for call in calls_in(module, name)]
        edits = rename_parameter(found[0], old, new)
        if not edits or any(item.arg == old for call in direct for item in call.keywords):
            return
        yield from self._made(
            context,
            title=f"name the parameter of {name}() {new}, as the {count} places that give it do",
            rationale=(
                f"{count} calls give {new}, which is passed on to {name}(), and none says {old}, as {name}() calls it. "
                "The edit renames the parameter and its uses in the body. No call changes."
            ),
            edits=[(found[0].module, edit) for edit in edits],
            prior=0.8,
        )

    def _made(self, context: Context, *, title: str, rationale: str, edits: list[tuple[Module, Edit]], prior: float) -> Iterator[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=title[:110],
            rationale=rationale,
            edits=edits,
            prior=prior,
            nature="call",
            alternatives=("Changing what is called: its other calls fit it as it is.",),
        )
        if proposal is not None:
            yield proposal


def _signatures(context: Context, complaint: Complaint) -> list[tuple[Function | None, Signature, Class | None]]:
    """Return what the message's function can be: a function of the project, or the constructor of a class."""
    parts = complaint.function.split(".")
    if parts[-1] == "__init__" and len(parts) > 1:
        found: list[tuple[Function | None, Signature, Class | None]] = []
        for item in find_classes(context.project, parts[-2], context.module):
            signature = constructor(context.project, item)
            if signature is not None:
                found.append((None, signature, item))
        return found
    return [(item, of_function(item), None) for item in find_functions(context.project, complaint.function)]


def _calls(context: Context) -> list[ast.Call]:
    return [node for node in context.nodes(lambda node: isinstance(node, ast.Call)) if isinstance(node, ast.Call)]


def _giving(context: Context, call: ast.Call, wrong: str) -> list[tuple[Module, int]]:
    """Return where calls of the project's one function of that name give a keyword, each with the keyword's offset."""
    name = last_name(call.func)
    if name in ("partial", "partialmethod", "") or len(find_functions(context.project, name)) != 1:
        return []
    return [
        (module, module.span(item)[0])
        for module in context.project.containing(f"{name}(", wrong)
        for node in calls_in(module, name)
        for item in node.keywords
        if item.arg == wrong
    ]


def _names(call: ast.Call, complaint: Complaint) -> bool:
    return last_name(call.func) in complaint.function.split(".")


def _keys(text: str) -> set[str]:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return set()
    return {key for key in value if isinstance(key, str)} if isinstance(value, dict) else set()


def _length(text: str, length: int) -> int:
    if length >= 0:
        return length
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return -1
    return len(value) if isinstance(value, list | tuple) else -1
