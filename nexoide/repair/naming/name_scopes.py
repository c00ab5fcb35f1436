"""Names that exist, but not where they are read: class attributes, variables of a caller, definitions further down."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.code.bindings import COMPREHENSIONS, owner, scopes, unbound_uses
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, comes_from, index, last_name, members
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.naming.imports import Imports, bound_names
from nexoide.repair.naming.packages import Layout, own_globals

MAX_CALLS = 12


@dataclass(frozen=True, slots=True)
class Repair:
    """Edits of the failing file, with what to say about them."""

    title: str
    rationale: str
    edits: tuple[Edit, ...]
    prior: float
    alternatives: tuple[str, ...] = ()


def _class_around(module: Module, node: ast.AST) -> tuple[Class, FunctionNode | None] | None:
    """Return the class whose body or method holds a node, and the method (None in the body itself)."""
    method: FunctionNode | None = None
    for parent in module.ancestors(node):
        if isinstance(parent, FUNCTIONS):
            method = parent
        elif isinstance(parent, ast.ClassDef):
            item = next((found for found in index(module).classes if found.node is parent), None)
            return (item, method) if item is not None else None
    return None


def is_set_on_self(module: Module, node: ast.AST, name: str) -> bool:
    """Say whether a name is what methods of the class around it set on `self`, or one of its methods."""
    around = _class_around(module, node)
    return around is not None and around[1] is not None and (name in around[0].attributes or name in around[0].methods)


def class_attribute(project: Project, module: Module, node: ast.Name, name: str) -> Repair | None:
    """Reach an attribute of the class around a use, from a method through its object, from a comprehension in the body by a clause."""
    around = _class_around(module, node)
    if around is None:
        return None
    item, method = around
    if method is None:
        return _in_comprehension(module, node, item)
    known = members(project, item)
    in_body = {target.id for statement in item.node.body for target in _targets(statement)}
    inherited = name in known.attributes and name not in item.attributes
    nested = any(isinstance(statement, ast.ClassDef) and statement.name == name for statement in item.node.body)
    if name not in in_body and not inherited and not nested:
        return None
    receiver = _receiver(module, node, item, method)
    uses = [use for use in unbound_uses(module, name) if (held := _class_around(module, use)) is not None and held[0] is item and held[1] is not None]
    edits = [Edit(*module.span(use), f"{_receiver(module, use, item, _method(module, use, item))}.{name}") for use in uses if module.segment(use) == name]
    if not edits:
        return None
    return Repair(
        f"read {name} through {receiver}",
        f"{name} is an attribute of class {item.name}, and the names of a class are not visible in its methods by themselves. "
        f"The edit reads it as {receiver}.{name}{f' in {len(edits)} places' if len(edits) > 1 else ''}.",
        tuple(edits),
        0.96,
        (f"{item.name}.{name} would do the same, and would not see a subclass's own value.",) if receiver != item.name else (),
    )


def _targets(statement: ast.stmt) -> list[ast.Name]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target] if isinstance(statement, ast.AnnAssign) else []
    return [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)]


def _method(module: Module, node: ast.AST, item: Class) -> FunctionNode:
    """Return the method of a class that a node stands in."""
    found = [parent for parent in module.ancestors(node) if isinstance(parent, FUNCTIONS) and module.parents.get(parent) is item.node]
    return found[0]


def _receiver(module: Module, node: ast.AST, item: Class, method: FunctionNode) -> str:
    """Return through what a class's attribute is read in a method: its first parameter, where that is the object or the class."""
    decorators = {last_name(decorator) for decorator in method.decorator_list}
    first = [*method.args.posonlyargs, *method.args.args][:1]
    if module.parents.get(method) is not item.node or "staticmethod" in decorators or not first or first[0].arg not in ("self", "cls"):
        return item.name
    inner = scopes(module).inside(module, node)
    visible = owner(inner, first[0].arg)
    return first[0].arg if visible is not None and visible.node is method else item.name


def _in_comprehension(module: Module, node: ast.Name, item: Class) -> Repair | None:
    """Bind class names in a comprehension of the class body by a clause of its own, whose iterable the class body evaluates."""
    whole = next((parent for parent in module.ancestors(node) if isinstance(parent, COMPREHENSIONS)), None)
    outer = next((parent for parent in module.ancestors(whole) if isinstance(parent, COMPREHENSIONS)), None) if whole is not None else None
    if whole is None or outer is not None:
        return None
    scope = scopes(module).of[whole]
    body = scopes(module).of[item.node]
    first = whole.generators[0]
    inside = [use for use, where in scopes(module).names if where is scope and isinstance(use.ctx, ast.Load)]
    needed = list(dict.fromkeys(use.id for use in inside if use.id in body.bound and use.id not in scope.bound and owner(scope, use.id) is None))
    outermost = [use.id for use in ast.walk(first.iter) if isinstance(use, ast.Name) and use.id in body.bound and use.id not in scope.bound]
    needed += [name for name in dict.fromkeys(outermost) if name not in needed]
    if not needed or first.is_async:
        return None
    start = module.text.rfind("for", 0, module.span(first.target)[0])
    names = ", ".join(needed)
    clause = f"for {names} in [{names}] " if len(needed) == 1 else f"for {names} in [({names})] "
    return Repair(
        f"bind {names} inside the comprehension",
        f"{names} {'is' if len(needed) == 1 else 'are'} set in the body of class {item.name}; a comprehension there sees only what its first clause "
        f"iterates over. The edit gives it a first clause that binds {names}.",
        (Edit(module.span(whole)[0], start, module.text[module.span(whole)[0] : start] + clause),),
        0.8,
        (f"Moving {names} out of the class, or filling the value in a loop, would do too.",),
    )


def member_of_other(module: Module, node: ast.Name, name: str) -> Repair | None:
    """Reach a member of the one enumeration of this file that has the name."""
    owners = [
        item
        for item in index(module).classes
        if name in item.attributes and item.qualname == item.name and any(base.endswith(("Enum", "Flag")) for base in item.bases)
    ]
    if len(owners) != 1:
        return None
    edits = tuple(Edit(*module.span(use), f"{owners[0].name}.{name}") for use in unbound_uses(module, name) if module.segment(use) == name)
    if not edits:
        return None
    return Repair(
        f"use {owners[0].name}.{name}",
        f"{name} is a member of {owners[0].name} and of nothing else in this file. The edit names it with its class.",
        edits,
        0.85,
    )


def reordered(context: Context, name: str, node: ast.Name) -> Repair | None:
    """Repair a use at the top level of a file that comes before the definition."""
    module = context.module
    definition = own_globals(module).get(name)
    if definition is None or definition not in module.tree.body:
        return None
    frames = context.raised.frames
    place = next((frame for frame in reversed(frames) if frame.function == "<module>" and context.project.relative(frame.file) == module.rel), None)
    body_frame = context.frame.function
    if _is_annotation(module, node):
        if _reads_annotations(module):
            return _quoted_annotation(module, name, node)
        imports = Imports(module, Layout(context.project, ""))
        return Repair(
            "add `from __future__ import annotations`",
            f"An annotation reads {name}, which is defined further down, in line {definition.lineno}. The edit lets annotations be read as text.",
            (imports.future("annotations"),),
            0.9,
            (f'Writing "{name}" in quotes would do the same for this one annotation.',),
        )
    if definition.lineno <= context.line and body_frame == "<module>":
        return None
    line = context.line if body_frame == "<module>" or place is None else place.line
    failing = next((item for item in module.tree.body if _first_line(item) <= line <= (item.end_lineno or item.lineno)), None)
    if failing is None or definition is failing:
        return None
    if isinstance(failing, ast.Expr) or (isinstance(failing, ast.If) and "__name__" in ast.dump(failing.test)):
        return _to_the_end(module, failing, name, definition)
    return _before_use(module, failing, name, definition)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)])


def _is_annotation(module: Module, node: ast.AST) -> bool:
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.arg) or (isinstance(parent, FUNCTIONS) and parent.returns is child):
            return True
        if isinstance(parent, ast.AnnAssign):
            return parent.annotation is child
        if isinstance(parent, ast.stmt):
            return False
        child = parent
    return False


def _reads_annotations(module: Module) -> bool:
    """Say whether something in a file is likely to read annotations while the program runs."""
    return any(word in module.text for word in ("get_type_hints", "__annotations__"))


def _quoted_annotation(module: Module, name: str, node: ast.Name) -> Repair:
    return Repair(
        f'write "{name}" in quotes',
        f"An annotation reads {name}, which is defined further down. The edit writes it in quotes, so that it is read later.",
        (Edit(*module.span(node), f'"{name}"'),),
        0.85,
    )


def _block(module: Module, node: ast.stmt) -> tuple[int, int] | None:
    """Return the span of a top-level statement's lines with the comments right above it; None where it shares a line."""
    if module.own_indent(node) != "" and not getattr(node, "decorator_list", []):
        return None
    row = _first_line(node)
    while row > 1 and module.lines[row - 2].startswith("#"):
        row -= 1
    end_line = node.end_lineno or node.lineno
    tail = module.text[module.span(node)[1] : module.line_start(end_line) + len(module.lines[end_line - 1])].strip()
    if tail and not tail.startswith("#"):
        return None
    end = module.line_start(end_line + 1) if end_line < len(module.lines) else len(module.text)
    return module.line_start(row), end


def _to_the_end(module: Module, failing: ast.stmt, name: str, definition: ast.stmt) -> Repair | None:
    block = _block(module, failing)
    last = module.tree.body[-1]
    if block is None or last is failing:
        return None
    text = module.text[block[0] : block[1]].rstrip("\r\n")
    end = len(module.text)
    newline = "" if module.text.endswith("\n") else "\n"
    gap = "\n\n" if isinstance(last, (*FUNCTIONS, ast.ClassDef)) else ""
    cut_end = block[1]
    while cut_end < end and module.text[cut_end] in "\r\n" and module.text[: block[0]].endswith("\n\n"):
        cut_end += 1
    return Repair(
        f"run line {failing.lineno} after {name} is defined",
        f"Line {failing.lineno} runs while the file is read, before {name} is defined in line {definition.lineno}. "
        "The edit moves the statement to the end of the file.",
        (Edit(block[0], end, (module.text[cut_end:] + f"{newline}{gap}{text}\n").replace("\r\n", "\n")),),
        0.85,
    )


def _before_use(module: Module, failing: ast.stmt, name: str, definition: ast.stmt) -> Repair | None:
    """Move a definition above the statement that needs it, where all that it needs itself is bound by then."""
    block, target = _block(module, definition), _block(module, failing)
    if block is None or target is None:
        return None
    above = {item for statement in module.tree.body if statement.lineno < failing.lineno for item in _binds(statement)}
    local = bound_names(module) - set(own_globals(module)) if isinstance(definition, ast.ClassDef) else set()
    parts: list[ast.AST] = list(ast.walk(definition))
    if isinstance(definition, FUNCTIONS):
        parts = [
            inner
            for item in (*definition.decorator_list, *definition.args.defaults, *definition.args.kw_defaults)
            if item is not None
            for inner in ast.walk(item)
        ]
    needed = {item.id for item in parts if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)} & set(own_globals(module))
    if needed - above - local - {name}:
        return None
    text = module.text[block[0] : block[1]].rstrip("\r\n")
    wide = isinstance(definition, (*FUNCTIONS, ast.ClassDef)) or isinstance(failing, (*FUNCTIONS, ast.ClassDef))
    cut_start = block[0]
    while module.text[:cut_start].endswith("\n\n") and (module.text[block[1] : block[1] + 1] in ("", "\n")):
        cut_start -= 1
    return Repair(
        f"define {name} before its use",
        f"Line {failing.lineno} needs {name} while the file is read, and it is defined only in line {definition.lineno}. The edit moves the definition up.",
        (Edit(target[0], block[1], (text + ("\n\n\n" if wide else "\n") + module.text[target[0] : cut_start]).replace("\r\n", "\n")),),
        0.86,
    )


def _binds(statement: ast.stmt) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.split(".")[0])
    return found


def passed_on(context: Context, name: str, node: ast.Name) -> tuple[list[tuple[Module, Edit]], int, str] | None:
    """Make a variable of the callers a parameter: (edits, calls, function), or None where a caller does not have it."""
    module, function = context.module, context.module.function(node)
    outer = context.outer()
    if function is None or outer is None or name not in _locals_of(outer):
        return None
    if not isinstance(module.parents.get(function), ast.Module) or function.args.vararg or function.args.kwarg or function.decorator_list:
        return None
    calls = _calls(context.project, module, function.name)
    if calls is None or not 0 < len(calls) <= MAX_CALLS:
        return None
    edits: list[tuple[Module, Edit]] = []
    for other, call in calls:
        where = owner(scopes(other).inside(other, call), name)
        if where is None or where.is_module or any(isinstance(item, ast.Starred) for item in call.args):
            return None
        edits.append((other, _appended(other, call, name)))
    parameter = _new_parameter(module, function, name)
    return ([(module, parameter), *edits], len(calls), function.name) if parameter is not None else None


def _locals_of(context: Context) -> set[str]:
    function = next((item for item in context.module.nodes if isinstance(item, FUNCTIONS) and item.lineno <= context.line <= (item.end_lineno or 0)), None)
    if function is None:
        return set()
    return set(scopes(context.module).of[function].bound)


def _calls(project: Project, module: Module, name: str) -> list[tuple[Module, ast.Call]] | None:
    """Return all calls of a module-level function; None where it is used otherwise than called, so that calls may be hidden."""
    found: list[tuple[Module, ast.Call]] = []
    for other in project.containing(name):
        source = index(other).imports.get(name)
        if other is not module and (source is None or not comes_from(module, other, source[0])):
            continue
        if is_test(other.rel):
            return None
        for use in other.nodes:
            if isinstance(use, ast.Name) and use.id == name:
                parent = other.parents.get(use)
                if not isinstance(parent, ast.Call) or parent.func is not use:
                    return None
                found.append((other, parent))
    return found


def _appended(module: Module, call: ast.Call, name: str) -> Edit:
    """Return the edit that gives a call one more argument, by keyword where the last one is."""
    text = f"{name}={name}" if call.keywords else name
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    ends = [module.span(item)[1] for item in given]
    if not ends:
        end = module.span(call)[1] - 1
        return Edit(end, end, text)
    at = max(ends)
    return Edit(at, at, f", {text}")


def _new_parameter(module: Module, function: FunctionNode, name: str) -> Edit | None:
    given = [*function.args.posonlyargs, *function.args.args]
    if function.args.kwonlyargs or function.args.defaults:
        return None
    if given:
        at = module.span(given[-1])[1]
        return Edit(at, at, f", {name}")
    start = module.span(function)[0]
    at = module.text.find("(", module.text.find(function.name, start)) + 1
    return Edit(at, at, name) if at else None
