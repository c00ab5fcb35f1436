"""Which objects can reach a failing attribute access, and which of the project's classes have that attribute."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from nexoide.model.failure import Raised, ValueView
from nexoide.repair.code.index import Class, Members, find_classes, index, last_name, members
from nexoide.repair.code.infer import callees, infer
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context


@dataclass(slots=True)
class Flow:
    """What is known of the objects that reach a place.

    `strong` are classes with the attribute that, by the project's source, reach it; `weak` have the attribute and may or
    may not; `callers` counts the calls that were looked at, `reach` names the classes that they can bring.
    """

    strong: list[Class] = field(default_factory=list)
    weak: list[Class] = field(default_factory=list)
    callers: int = 0
    reach: tuple[str, ...] = ()


def classes_with(project: Project, attribute: str) -> list[Class]:
    """Return the project's own classes (tests left out) whose body or methods give the attribute."""
    found: list[Class] = []
    for module in project.containing("class ", attribute):
        if not is_test(module.rel):
            found += [item for item in index(module).classes if attribute in item.attributes or attribute in item.methods]
    return found


def flow(context: Context, node: ast.Attribute, owner: str) -> Flow:
    """Look at where the object of `node.value` comes from; `owner` is the class that lacks the attribute."""
    project, module = context.project, context.module
    having = [item for item in classes_with(project, node.attr) if item.name != owner]
    result = Flow()
    reach = infer(project, module, node.value)
    function = module.function(node)
    if isinstance(node.value, ast.Name) and function is not None:
        names = [item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
        if node.value.id in names:
            result.callers, arguments = _passed(project, module, function, node.value.id)
            reach |= arguments
    result.reach = tuple(sorted(reach))
    for item in having:
        if item.name in reach or set(item.bases) & reach:
            result.strong.append(item)
        else:
            result.weak.append(item)
    return result


def _passed(project: Project, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: str) -> tuple[int, set[str]]:
    """Return how many calls give the parameter, and the classes of what they give."""
    count = 0
    found: set[str] = set()
    positional = [item.arg for item in (*function.args.posonlyargs, *function.args.args)]
    shift = 1 if isinstance(module.parents.get(function), ast.ClassDef) and positional[:1] in (["self"], ["cls"]) else 0
    for other in project.containing(function.name + "("):
        for call in other.nodes:
            if not isinstance(call, ast.Call) or last_name(call.func) != function.name:
                continue
            if not any(item.node is function for item in callees(project, other, call)):
                continue
            given = next((item.value for item in call.keywords if item.arg == parameter), None)
            if given is None and parameter in positional:
                place = positional.index(parameter) - shift
                given = call.args[place] if 0 <= place < len(call.args) else None
            if given is not None:
                count += 1
                found |= infer(project, other, given)
    return count, found


@dataclass(slots=True)
class Owner:
    """The object that lacks an attribute: its public names as seen at run time, and its class where it is the project's."""

    name: str
    names: tuple[str, ...]
    item: Class | None
    known: Members | None
    ambiguous: bool = False

    def is_method(self, name: str) -> bool:
        """Whether the project's source shows a plain method of that name."""
        method = self.known.methods.get(name) if self.known else None
        return method is not None and not {"property", "cached_property"} & set(method.decorators)

    def is_data(self, name: str) -> bool:
        """Whether the project's source shows a data attribute or a property of that name."""
        if self.known is None:
            return False
        return not self.is_method(name) and (name in self.known.attributes or name in self.known.methods)


def owner_of(context: Context, name: str, raised: Raised, node: ast.Attribute) -> Owner:
    """Return what is known of the object; `name` is the class as the message has it."""
    view: ValueView | None = raised.obj or context.view(node.value)
    last = name.rsplit(".", 1)[-1]
    names = view.attributes if view is not None else ()
    found = find_classes(context.project, name, context.module)
    if view is not None and view.file:
        rel = context.project.relative(view.file)
        found = [item for item in found if item.module.rel == rel]
    if len(found) == 1:
        known = members(context.project, found[0])
        shown = tuple(item for item in known.names if not item.startswith("__"))
        return Owner(last, tuple(dict.fromkeys((*names, *shown))), found[0], known)
    if not names and not found:
        names = _builtin_names(last)
    return Owner(last, names, None, None, ambiguous=len(found) > 1)


def is_unset(context: Context, attribute: str, owner: Owner) -> bool:
    """Say, and note, whether the class does have the attribute by its source: then it was only not set (yet)."""
    if owner.known is None or (attribute not in owner.known.attributes and attribute not in owner.known.methods):
        return False
    context.refuse(f"{owner.name} has {attribute} in its source: it was not set yet, or the program runs another version of the class.")
    return True


def _builtin_names(name: str) -> tuple[str, ...]:
    import builtins

    kind = getattr(builtins, name, None)
    return tuple(item for item in dir(kind) if not item.startswith("_")) if isinstance(kind, type) else ()


def has_guard(module: Module, node: ast.Attribute) -> bool:
    """Say whether a test of the same object (`hasattr`, `isinstance`) already stands around the access."""
    receiver = module.segment(node.value)
    for item in module.ancestors(node):
        if isinstance(item, (*FUNCTIONS, ast.ClassDef)):
            return False
        test = getattr(item, "test", None)
        if isinstance(test, ast.expr):
            for call in ast.walk(test):
                if (
                    isinstance(call, ast.Call)
                    and last_name(call.func) in ("hasattr", "isinstance", "getattr")
                    and call.args
                    and module.segment(call.args[0]) == receiver
                ):
                    return True
    return False
