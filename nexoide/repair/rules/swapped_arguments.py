"""Arguments in the wrong order: a call whose values suit each other's parameters, by their names, types and the other calls."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from nexoide.model.failure import Raised
from nexoide.repair.code.definitions import calls_in
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, find_classes, index, last_name, members
from nexoide.repair.code.infer import callees
from nexoide.repair.code.signatures import Parameter, bind, constructor, of_function
from nexoide.repair.code.source import Module
from nexoide.repair.code.sources import fits_name
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_ERRORS = ("TypeError", "ValueError", "KeyError", "AttributeError", "IndexError", "InvalidOperation")
_FRAMES = 5
# What a value of a type may be given for besides its own annotation.
_WIDER = {
    "int": ("int", "float", "complex", "Decimal", "Number"),
    "bool": ("bool", "int"),
    "float": ("float", "Decimal", "Number"),
    "str": ("str", "Path", "PathLike", "StrPath"),
    "list": ("list", "List", "Sequence", "Iterable", "Collection", "MutableSequence"),
    "tuple": ("tuple", "Tuple", "Sequence", "Iterable", "Collection"),
    "dict": ("dict", "Dict", "Mapping", "MutableMapping", "Iterable", "Collection"),
    "set": ("set", "Set", "AbstractSet", "Iterable", "Collection"),
}
_KNOWN = frozenset(name for row in _WIDER.values() for name in row) | {"bytes", "date", "datetime", "timedelta"}


@dataclass(frozen=True, slots=True)
class _Called:
    """One call on the failing way: what it calls, and the parameters that its arguments fill by position."""

    here: Context
    call: ast.Call
    label: str
    slots: Sequence[Parameter]
    others: list[tuple[Module, ast.Call]]


class SwappedArguments:
    """Puts two arguments into each other's places, where both then suit and neither did."""

    name = "swapped-arguments"
    summary = "Exchanges two arguments of a call whose names, types or other calls show that each was meant for the other's parameter."
    errors = _ERRORS
    examples: tuple[Example, ...] = (
        Example(
            name="by-annotation",
            files={
                "units.py": "FACTORS = {'km': 1000, 'm': 1}\n\n\ndef metres(value: float, unit: str) -> float:\n    return value * FACTORS[unit]\n",
                "main.py": "from units import metres\n\n\ndef total(values):\n    return sum(metres('km', value) for value in values)\n\n\n"
                "print(total([1, 2]))\n",
            },
            prints="3000\n",
        ),
        Example(
            name="right-as-it-is",
            files={"main.py": "def metres(value: float, unit: str):\n    return value * {'m': 1}[unit]\n\n\nprint(metres(2.0, 'mile'))\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is an error that a value in the wrong place makes."""
        return raised.type in _ERRORS

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the innermost call on the failing way with two arguments exchanged."""
        for called in _calls(context):
            found = [row for first, second in combinations(range(len(called.slots)), 2) if (row := _evidence(called, first, second)) is not None]
            if len(found) != 1:
                continue
            prior, first, second, why = found[0]
            module, call = called.here.module, called.call
            one, other = call.args[first], call.args[second]
            proposal = context.propose(
                rule=self.name,
                title=f"give {called.label}() its arguments in order: {called.slots[first].name}, {called.slots[second].name}",
                rationale=(
                    f"{called.label}() takes {called.slots[first].name} and then {called.slots[second].name}, and the call gives them the other way round: "
                    f"{why}. The edit exchanges the two."
                ),
                edits=[(module, Edit(*module.span(one), module.segment(other))), (module, Edit(*module.span(other), module.segment(one)))],
                prior=prior,
                nature="call",
                alternatives=("Another order of the parameters: the other calls rely on this one.",)
                if called.others
                else ("Another order of the parameters.",),
            )
            if proposal is not None:
                yield proposal
            return


def _calls(context: Context) -> Iterator[_Called]:
    """Yield the calls that led to the failing line, the innermost first."""
    here: Context | None = context if not context.is_raising else None
    here = here or context
    inner = ""
    for _ in range(_FRAMES):
        if here is None:
            return
        for node in here.nodes(lambda node: isinstance(node, ast.Call)):
            if not isinstance(node, ast.Call) or len(node.args) < 2 or any(isinstance(item, ast.Starred) for item in node.args):
                continue
            if inner and last_name(node.func) != inner and inner not in ("__init__", "__post_init__", "__new__"):
                continue
            called = _called(here, node)
            if called is not None:
                yield called
        inner = here.frame.function.rsplit(".", 1)[-1]
        here = here.outer()


def _called(here: Context, call: ast.Call) -> _Called | None:
    project, module = here.project, here.module
    name = last_name(call.func)
    imported = index(module).imports.get(name, ("", ""))[1] or name
    classes = find_classes(project, imported, module)
    if len(classes) == 1:
        made = constructor(project, classes[0])
        if made is None or not bind(made, call).good:
            return None
        same = [(other, node) for other in project.containing(f"{imported}(") for node in calls_in(other, imported) if node is not call]
        return _Called(here, call, imported, made.positional[: len(call.args)], same)
    found = callees(project, module, call, guess=False)
    if len({item.node for item in found}) != 1:
        return None
    function = found[0]
    signature = of_function(function)
    if not bind(signature, call).good or len(signature.positional) < len(call.args):
        return None
    return _Called(here, call, function.name, signature.positional[: len(call.args)], list(_others(here, function, call)))


def _others(here: Context, function: Function, call: ast.Call) -> Iterator[tuple[Module, ast.Call]]:
    for module in here.project.containing(f"{function.name}("):
        for node in calls_in(module, function.name):
            if node is not call and any(item.node is function.node for item in callees(here.project, module, node)):
                yield module, node


def _evidence(called: _Called, first: int, second: int) -> tuple[float, int, int, str] | None:
    """Return how sure an exchange is and why, None where nothing speaks for it or something against."""
    one, other = called.call.args[first], called.call.args[second]
    left, right = called.slots[first], called.slots[second]
    if fits_name(one, left.name) or fits_name(other, right.name):
        return None
    crossed = fits_name(one, right.name) and fits_name(other, left.name)
    half = fits_name(one, right.name) or fits_name(other, left.name)
    kinds = _kind(called.here, one), _kind(called.here, other)
    typed = _typed(called, kinds, left, right)
    if typed is False:
        return None
    usual = _usual(called, kinds, first, second)
    if usual is False:
        return None
    if crossed:
        return 0.9, first, second, f"{_text(called, one)} is named like {right.name}, and {_text(called, other)} like {left.name}"
    if typed:
        shown = f"{left.name} is annotated {_annotation(called, left)}, {right.name} {_annotation(called, right)}"
        return 0.9 if usual or half else 0.84, first, second, f"a {kinds[0]} and a {kinds[1]} are given, and {shown or 'the parameters are annotated'}"
    if usual:
        return 0.84 if half else 0.76, first, second, f"the other calls of it give a {kinds[1]} and then a {kinds[0]}"
    return None


def _text(called: _Called, node: ast.expr) -> str:
    return " ".join(called.here.module.segment(node).split())[:40]


def _annotation(called: _Called, parameter: Parameter) -> str:
    return ast.unparse(parameter.annotation)[:30] if parameter.annotation is not None else ""


def _kind(here: Context, node: ast.expr) -> str:
    """Return the type of what an argument gives, as seen or as written; "" where it is not known."""
    if isinstance(node, ast.Constant):
        return type(node.value).__name__
    if isinstance(node, ast.JoinedStr):
        return "str"
    for kinds, name in (((ast.List, ast.ListComp), "list"), ((ast.Dict, ast.DictComp), "dict"), ((ast.Set, ast.SetComp), "set"), ((ast.Tuple,), "tuple")):
        if isinstance(node, kinds):
            return name
    view = here.view(node)
    if view is not None:
        return view.type.rsplit(".", 1)[-1]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return _field_kind(here, node)
    return ""


def _field_kind(here: Context, node: ast.Attribute) -> str:
    """Return the annotated type of an attribute of a local object."""
    view = here.view(node.value)
    found = find_classes(here.project, view.type, here.module) if view is not None else []
    held = members(here.project, found[0]).attributes.get(node.attr) if len(found) == 1 else None
    text = held.annotation.split("[")[0] if held is not None else ""
    return text if text in _WIDER or (text and find_classes(here.project, text, here.module)) else ""


def _typed(called: _Called, kinds: tuple[str, str], left: Parameter, right: Parameter) -> bool | None:
    """Say whether the annotations refuse both values as they stand and take both exchanged; False where they speak against it."""
    as_is = _takes(called, left, kinds[0]), _takes(called, right, kinds[1])
    exchanged = _takes(called, left, kinds[1]), _takes(called, right, kinds[0])
    if False in exchanged:
        return False
    if as_is == (False, False) and exchanged == (True, True):
        return True
    one_sided = False in as_is and True not in as_is and True in exchanged
    return True if one_sided and kinds[0] != kinds[1] else None


def _takes(called: _Called, parameter: Parameter, kind: str) -> bool | None:
    """Say whether a parameter's annotation takes a value of a type; None where that is not known."""
    if parameter.annotation is None or not kind:
        return None
    text = ast.unparse(parameter.annotation).strip("'\"")
    names = {
        part.split("[")[0].strip().rsplit(".", 1)[-1] for part in text.replace("Optional[", "").replace("Union[", "").replace(",", "|").rstrip("]").split("|")
    }
    if names <= {"None"}:
        return None
    known = [name for name in names if name in _KNOWN or name == "None" or find_classes(called.here.project, name, called.here.module)]
    if kind in names or names & set(_WIDER.get(kind, ())) or (kind == "NoneType" and "None" in names):
        return True
    return False if len(known) == len(names) and (kind in _WIDER or kind in names or find_classes(called.here.project, kind, called.here.module)) else None


def _usual(called: _Called, kinds: tuple[str, str], first: int, second: int) -> bool | None:
    """Say whether all other calls that show it give these two types in the other order; False where one gives them in this one."""
    if not all(kinds) or kinds[0] == kinds[1]:
        return None
    seen: list[bool] = []
    for _, call in called.others:
        if len(call.args) <= second or any(isinstance(item, ast.Starred) for item in call.args):
            continue
        shown = tuple(type(item.value).__name__ if isinstance(item, ast.Constant) else "" for item in (call.args[first], call.args[second]))
        if shown == kinds:
            return False
        if shown == (kinds[1], kinds[0]) or (shown[0] == kinds[1] and not shown[1]) or (shown[1] == kinds[0] and not shown[0]):
            seen.append(True)
    return True if seen else None
