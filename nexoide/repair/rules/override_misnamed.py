"""A method that a base class or its callers ask for, and that a subclass defines under another name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, Function, find_classes, index, last_name, members
from nexoide.repair.code.names import is_opposite, similarity
from nexoide.repair.code.project import is_test
from nexoide.repair.code.shapes import classes_with
from nexoide.repair.code.signatures import of_function
from nexoide.repair.code.synonyms import same_act
from nexoide.repair.context import Context
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example, missing_attribute

_ABSTRACT = re.compile(r"Can't instantiate abstract class ([\w.]+) (?:with abstract methods? (.+)|without an implementation for abstract methods? (.+))")
_BASES = 6


@dataclass(frozen=True, slots=True)
class _Lacking:
    """A method that a class should define: its name, and one that another class defines of that name."""

    item: Class
    name: str
    like: Function


class OverrideMisnamed:
    """Gives the subclass's method the name under which it is called."""

    name = "override-misnamed"
    summary = "Names a subclass's method as its base and its sister classes name it, where the subclass has it under a name that nothing calls."
    errors = ("TypeError", "AttributeError", "NotImplementedError")
    examples: tuple[Example, ...] = (
        Example(
            name="an-abstract-method-under-another-name",
            files={
                "base.py": "from abc import ABC, abstractmethod\n\n\nclass Shape(ABC):\n    @abstractmethod\n    def area(self):\n        ...\n",
                "main.py": "from base import Shape\n\n\nclass Square(Shape):\n    def __init__(self, side):\n        self.side = side\n\n"
                "    def surface_area(self):\n        return self.side ** 2\n\n\nprint(Square(3).area())\n",
            },
            prints="9\n",
        ),
        Example(
            name="an-abstract-method-that-is-nowhere",
            files={
                "main.py": "from abc import ABC, abstractmethod\n\n\nclass Shape(ABC):\n    @abstractmethod\n    def area(self):\n        ...\n\n\n"
                "class Square(Shape):\n    def name(self):\n        return 'square'\n\n\nprint(Square().name())\n",
            },
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether a method is missing: abstract and not defined, not there, or left to subclasses."""
        if raised.type == "TypeError":
            return _ABSTRACT.match(raised.message) is not None
        return raised.type == "NotImplementedError" or missing_attribute(raised) is not None

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield the subclass's own methods renamed to what is asked for, all or none; else say what is still to be written."""
        wanted = list(_lacking(context))
        edits: list[tuple[Function, str]] = []
        sure = 1.0
        for lack in wanted:
            found = _candidates(context, lack)
            found = [row for row in found if row[1] not in [item for item, _ in edits]]
            if not found or (len(found) > 1 and found[0][0] - found[1][0] < 0.08):
                if _ABSTRACT.match(context.raised.message):
                    yield self._unwritten(context, lack)
                return
            sure = min(sure, found[0][0])
            edits.append((found[0][1], lack.name))
        if not wanted:
            return
        item = wanted[0].item
        old = ", ".join(f"{function.name}()" for function, _ in edits)
        new = ", ".join(f"{name}()" for _, name in edits)
        proposal = context.propose(
            rule=self.name,
            title=f"name {old} of {item.name} {new}, as {_owner(wanted[0].like)} does"[:110],
            rationale=(
                f"{item.name} is asked for {new}, which {_owner(wanted[0].like)} defines; it has {old} in its place, with the same parameters, and nothing "
                f"calls that. The edit renames it in {item.name}. Its body and all callers stay as they are."
            ),
            edits=[(item.module, edit) for function, name in edits for edit in _renamed(item, function, name)],
            prior=sure,
            alternatives=("Calling it by its own name: the callers treat all these classes alike.",),
        )
        if proposal is not None:
            yield proposal

    def _unwritten(self, context: Context, lack: _Lacking) -> Advice:
        return context.advise(
            rule=self.name,
            title=f"{lack.item.name} has no {lack.name}() yet"[:110],
            text=f"{_owner(lack.like)} leaves {lack.name}() to its subclasses, and {lack.item.name} does not define it: write it there.",
            looked=(f"No method of {lack.item.name} stands in its place under another name.",),
            final=False,
        )


def _lacking(context: Context) -> Iterator[_Lacking]:
    """Yield the methods that the failing class should have, each with one of that name that shows its parameters."""
    raised = context.raised
    match = _ABSTRACT.match(raised.message)
    if match is not None:
        found = find_classes(context.project, match[1], context.module)
        for name in re.findall(r"\w+", match[2] or match[3]) if len(found) == 1 else ():
            like = _above(context, found[0], name)
            if like is not None:
                yield _Lacking(found[0], name, like)
        return
    if raised.type == "NotImplementedError":
        yield from _left_open(context)
        return
    missing = missing_attribute(raised)
    found = find_classes(context.project, missing.owner, context.module) if missing is not None and missing.kind == "instance" else []
    if missing is None or len(found) != 1 or missing.attribute in members(context.project, found[0]).names:
        return
    bases = set(_base_names(context, found[0]))
    for other in classes_with(context.project, missing.attribute):
        like = other.methods.get(missing.attribute)
        if like is not None and other.node is not found[0].node and (bases & ({other.name} | set(_base_names(context, other)))):
            yield _Lacking(found[0], missing.attribute, like)
            return


def _left_open(context: Context) -> Iterator[_Lacking]:
    """Yield the method of a base that raises NotImplementedError for the object at hand."""
    node = next(iter(context.nodes(lambda node: isinstance(node, ast.Raise))), None)
    function = context.function(node) if node is not None else None
    owner = context.module.owner(node) if node is not None else None
    if function is None or owner is None or not function.args.args or not context.is_raising:
        return
    view = context.frame.locals.get(function.args.args[0].arg)
    found = find_classes(context.project, view.type, context.module) if view is not None else []
    base = next((item for item in index(context.module).classes if item.node is owner), None)
    if len(found) != 1 or base is None or found[0].node is owner or function.name in found[0].methods or base.name not in _base_names(context, found[0]):
        return
    yield _Lacking(found[0], function.name, base.methods[function.name])


def _base_names(context: Context, item: Class) -> list[str]:
    """Return the names of all own classes that a class comes from."""
    names: list[str] = []
    stack = [item]
    while stack and len(names) < _BASES:
        for base in stack.pop().bases:
            for found in find_classes(context.project, base, item.module)[:1]:
                if found.name not in names:
                    names.append(found.name)
                    stack.append(found)
    return names


def _above(context: Context, item: Class, name: str) -> Function | None:
    for base in _base_names(context, item):
        for found in find_classes(context.project, base, item.module)[:1]:
            if name in found.methods:
                return found.methods[name]
    return None


def _candidates(context: Context, lack: _Lacking) -> list[tuple[float, Function]]:
    """Return the class's own methods that nothing asks for and that take the same, the likeliest first, each with how sure it is."""
    rows: list[tuple[float, Function]] = []
    like = of_function(lack.like)
    for method in lack.item.methods.values():
        if method.name.startswith("__") or _above(context, lack.item, method.name) is not None or is_opposite(method.name, lack.name):
            continue
        if _kind(method) != _kind(lack.like) or isinstance(method.node, ast.AsyncFunctionDef) != isinstance(lack.like.node, ast.AsyncFunctionDef):
            continue
        own = of_function(method)
        same = [item.name for item in own.positional] == [item.name for item in like.positional]
        if sum(item.required for item in own.parameters) > len(like.positional) or len(own.positional) < sum(item.required for item in like.positional):
            continue
        if _is_used(context, lack.item, method.name):
            continue
        close, act = similarity(method.name, lack.name), same_act(method.name, lack.name)
        sure = 0.92 if close >= 0.75 and same else 0.86 if close >= 0.75 or (act and same) else 0.74 if act else 0.66 if same and like.positional else 0.0
        if sure:
            rows.append((sure, method))
    return sorted(rows, key=lambda row: (-row[0], row[1].name))


def _kind(method: Function) -> frozenset[str]:
    """Return what a method is by its decorators, abstract or not."""
    return frozenset({"property", "cached_property", "staticmethod", "classmethod"} & {last_name(node) for node in method.node.decorator_list})


def _is_used(context: Context, item: Class, name: str) -> bool:
    """Say whether anything outside the class reads an attribute of that name, or another class defines it."""
    for module in context.project.containing(name):
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and node.attr == name and module.owner(node) is not item.node:
                return True
            if isinstance(node, ast.Constant) and node.value == name:
                return True
    return any(other.node is not item.node and not is_test(other.module.rel) for other in classes_with(context.project, name))


def _renamed(item: Class, function: Function, name: str) -> list[Edit]:
    """Return the edits of the definition and of its uses inside the class."""
    keyword = item.module.text.index("def ", item.module.offset(function.node.lineno, function.node.col_offset))
    start = item.module.text.index(function.name, keyword + 4)
    edits = [Edit(start, start + len(function.name), name)]
    for node in ast.walk(item.node):
        if isinstance(node, ast.Attribute) and node.attr == function.name:
            end = item.module.span(node)[1]
            edits.append(Edit(end - len(function.name), end, name))
    return edits


def _owner(function: Function) -> str:
    return function.owner.name if function.owner is not None else function.name
