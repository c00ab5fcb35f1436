"""Which of the project's classes an expression may be, as far as annotations, constructors and returns show it.

It is a guess by name, never a proof: it decides which like uses are repaired together and which evidence counts.
"""

from __future__ import annotations

import ast
import re

from nexoide.repair.code.index import Class, Function, comes_from, find_classes, index, last_name, members
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module

DEPTH = 4
_OWN = "_own_nodes"
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_CONTAINERS = frozenset(
    ["list", "dict", "set", "tuple", "frozenset", "sequence", "iterable", "iterator", "mapping", "type", "callable", "generator", "asynciterator"]
)
_NOT_CLASSES = frozenset(
    ["None", "Optional", "Union", "Any", "Awaitable", "Coroutine", "typing", "Callable", "object", "Self", "Literal", "Annotated", "Final", "ClassVar"]
)


def class_names(annotation: str) -> set[str]:
    """Return the class names that an annotation's text mentions at its top: `Optional[shop.Order]` gives {Order}."""
    text = annotation.strip().strip("\"'")
    if text.split("[")[0].rsplit(".", 1)[-1].lower() in _CONTAINERS:  # a container of them is not one of them
        return set()
    return {name.rsplit(".", 1)[-1] for name in _NAME.findall(text)} - _NOT_CLASSES


def infer(project: Project, module: Module, node: ast.expr, depth: int = 0) -> set[str]:
    """Return the names of the classes that `node` may be an instance of; empty where nothing is known."""
    if depth > DEPTH:
        return set()
    if isinstance(node, ast.Await | ast.NamedExpr):
        return infer(project, module, node.value, depth + 1)
    if isinstance(node, ast.IfExp):
        return infer(project, module, node.body, depth + 1) | infer(project, module, node.orelse, depth + 1)
    if isinstance(node, ast.BoolOp):
        return {name for value in node.values for name in infer(project, module, value, depth + 1)}
    if isinstance(node, ast.Call):
        return _of_call(project, module, node, depth)
    if isinstance(node, ast.Name):
        return _of_name(project, module, node, depth)
    if isinstance(node, ast.Attribute):
        return _of_attribute(project, module, node, depth)
    return set()


def _of_name(project: Project, module: Module, node: ast.Name, depth: int) -> set[str]:
    function = module.function(node)
    while function is not None:
        owner = module.parents.get(function)
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        if isinstance(owner, ast.ClassDef) and arguments and arguments[0].arg == node.id:
            return {owner.name}
        for item in arguments:
            if item.arg == node.id:
                return class_names(module.segment(item.annotation)) if item.annotation is not None else set()
        found = _assigned(project, module, function, node.id, depth)
        if found is not None:
            return found
        function = module.function(function)
    for statement in module.tree.body:
        if isinstance(statement, ast.Assign) and any(isinstance(item, ast.Name) and item.id == node.id for item in statement.targets):
            return infer(project, module, statement.value, depth + 1)
    return set()


def _assigned(project: Project, module: Module, function: FunctionNode, name: str, depth: int) -> set[str] | None:
    """Return what the assignments to a local name may be, or None where there is none."""
    found: set[str] | None = None
    for item in ast.walk(function):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.target.id == name:
            return class_names(module.segment(item.annotation))
        if (isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in item.targets)) or (
            isinstance(item, ast.NamedExpr) and item.target.id == name
        ):
            found = (found or set()) | infer(project, module, item.value, depth + 1)
    return found


def _of_attribute(project: Project, module: Module, node: ast.Attribute, depth: int) -> set[str]:
    found: set[str] = set()
    for name in infer(project, module, node.value, depth + 1):
        for item in find_classes(project, name, module)[:2]:
            attribute = members(project, item).attributes.get(node.attr)
            if attribute is None:
                continue
            if attribute.annotation:
                found |= class_names(attribute.annotation)
            elif attribute.value is not None:
                found |= infer(project, item.module, attribute.value, depth + 1)
    return found


def _of_call(project: Project, module: Module, node: ast.Call, depth: int) -> set[str]:
    name = last_name(node.func)
    if not name:
        return set()
    if isinstance(node.func, ast.Name) and find_classes(project, name, module):
        return {name}
    if isinstance(node.func, ast.Attribute) and name[:1].isupper() and find_classes(project, name):
        return {name}
    return {item for function in callees(project, module, node, depth + 1) for item in returned(project, function, depth + 1)}


def returned(project: Project, function: Function, depth: int = 0) -> set[str]:
    """Return the classes that a function's annotation names, or that its return statements make."""
    if function.node.returns is not None:
        text = function.module.segment(function.node.returns)
        return class_names(text)
    found: set[str] = set()
    for item in own_nodes(function.node):
        if isinstance(item, ast.Return) and item.value is not None:
            found |= infer(project, function.module, item.value, depth + 1)
    return found


def own_nodes(function: FunctionNode | ast.Lambda) -> list[ast.AST]:
    """Return the nodes of a function without those of the functions and classes inside it, walked once; not to be changed."""
    known: list[ast.AST] | None = vars(function).get(_OWN)
    if known is not None:
        return known
    found: list[ast.AST] = []
    body = function.body if isinstance(function.body, list) else [function.body]
    stack: list[ast.AST] = [*reversed(body)]
    while stack:
        node = stack.pop()
        found.append(node)
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))
    vars(function)[_OWN] = found
    return found


def callees(project: Project, module: Module, call: ast.Call, depth: int = 0, *, guess: bool = True) -> list[Function]:
    """Return the project's functions that a call may run: by import, by `self`, by the receiver's class.

    Where nothing is known of a receiver, `guess` gives every method of that name: enough for evidence, not for an edit.
    """
    name = last_name(call.func)
    if not name or depth > DEPTH:
        return []
    if isinstance(call.func, ast.Name):
        return _plain_callees(project, module, name)
    if not isinstance(call.func, ast.Attribute):
        return []
    receiver = call.func.value
    classes = infer(project, module, receiver, depth + 1)
    if isinstance(receiver, ast.Name):
        source = index(module).imports.get(receiver.id)
        own = find_classes(project, (source[1] if source else "") or receiver.id, module) if receiver.id[:1].isupper() else []
        if own:
            classes = {item.name for item in own}
        elif source is not None and not classes:
            return _imported_callees(project, module, source, name, depth)
    if classes:
        return _methods(project, module, classes, name)
    return [item for item in _named(project, name) if item.owner is not None] if guess else []


def _named(project: Project, name: str) -> list[Function]:
    return [item for other in project.containing(f"def {name}") for item in index(other).functions if item.name == name]


def _plain_callees(project: Project, module: Module, name: str) -> list[Function]:
    source = index(module).imports.get(name)
    local = [item for item in index(module).functions if item.name == name and item.owner is None]
    if local or source is None:
        return local
    return [item for item in _named(project, source[1] or name) if item.owner is None and comes_from(item.module, module, source[0])]


def _imported_callees(project: Project, module: Module, source: tuple[str, str], name: str, depth: int) -> list[Function]:
    """Return what `imported.name()` runs: a function of an imported module, or a method of an imported object."""
    dotted = source[0] + ("" if source[0].endswith(".") or not source[1] else ".") + source[1]
    within = [item for item in _named(project, name) if item.owner is None and comes_from(item.module, module, dotted)]
    if within or not source[1]:
        return within
    for other in project.containing(source[1]):
        if comes_from(other, module, source[0]):
            for statement in other.tree.body:
                if isinstance(statement, ast.Assign) and any(isinstance(item, ast.Name) and item.id == source[1] for item in statement.targets):
                    return _methods(project, other, infer(project, other, statement.value, depth + 1), name)
    return []


def _methods(project: Project, module: Module, classes: set[str], name: str) -> list[Function]:
    found = [members(project, item).methods.get(name) for owner in sorted(classes) for item in find_classes(project, owner, module)]
    return [item for item in found if item is not None]


def receiver_classes(project: Project, module: Module, node: ast.expr) -> list[Class]:
    """Return the project's classes that an expression may be an instance of."""
    return [item for name in sorted(infer(project, module, node)) for item in find_classes(project, name, module)]
