"""What a project says of a key that may be missing: its other reads with a default, defaults beside it, tests for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nexoide.repair.absent import absence
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import find_classes, index, last_name, members
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.code.wayback import default_of, of_global
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.keys import project_uses
from nexoide.repair.items.lookups import Lookup
from nexoide.repair.naming.imports import Imports
from nexoide.repair.naming.packages import Layout

_DOCUMENTED = re.compile(r"default(?:s|ing)?(?:\s+(?:is|to|value|of))*\s*[:=]?\s*[`'\"]?([-\w.]+)")


@dataclass(frozen=True, slots=True)
class _Default:
    text: str
    why: str
    sure: float
    edits: tuple[tuple[Module, Edit], ...] = ()


def optional_key(context: Context, lookup: Lookup, key: Any) -> Iterator[Idea]:
    """Yield `.get(key, default)` with a default that the project itself shows, and the test for the key that it makes elsewhere."""
    if lookup.manner != "read":
        return
    found = _default(context, lookup, key)
    module = context.module
    owner, spelled = module.segment(lookup.owner), module.segment(lookup.key)
    if found is not None:
        given = "" if found.text == "None" else f", {found.text}"
        reads = _same_reads(module, lookup)
        yield Idea(
            title=f"take {found.text} where {short(owner)} has no {short(spelled)}",
            why=(
                f"{short(owner)} has no {short(spelled)} here, and {found.why}. "
                f"The edit reads it with that default{f' at {len(reads)} places' if len(reads) > 1 else ''}; where the key is there nothing changes."
            ),
            edits=[*((module, Edit(*module.span(item), f"{owner}.get({spelled}{given})")) for item in reads), *found.edits],
            prior=found.sure,
            nature="guard",
            cautions=(f"A missing {short(spelled)} now counts as {found.text}.",),
            alternatives=("A mistyped key was looked for and is less likely than a key that may be missing.",),
            unchecked=("Whether whoever writes the key should have written it here.",),
        )
    else:
        yield from _tested(context, lookup, key)


def _same_reads(module: Module, lookup: Lookup) -> list[ast.expr]:
    function = module.function(lookup.node)
    nodes = own_nodes(function) if function is not None else [lookup.node]
    wanted = module.segment(lookup.node)
    found = [item for item in nodes if isinstance(item, ast.Subscript) and isinstance(item.ctx, ast.Load) and module.segment(item) == wanted]
    return list(found) or [lookup.node]


def _default(context: Context, lookup: Lookup, key: Any) -> _Default | None:
    if isinstance(lookup.key, ast.Constant) and isinstance(key, str):
        return (
            _habit(context, key)
            or _named(context, lookup, key)
            or _table(context, lookup, key)
            or _destination(context, lookup)
            or _documented(context, key)
            or _tested_after(context, lookup)
        )
    return _habit_of_owner(context, lookup)


def _named(context: Context, lookup: Lookup, key: str) -> _Default | None:
    found = default_constant(context, lookup.node, key)
    return _Default(found[0], f"{found[0]} is named as its default", 0.84, tuple(found[1])) if found is not None else None


def _habit(context: Context, key: str) -> _Default | None:
    text, count = absence.habitual_default(context.project, "", key)
    if text:
        return _Default(text, f"the project takes {text} for it at {count} other place{'s' if count > 1 else ''}", 0.85)
    bare = 0
    for use in project_uses(context.project, key):
        parent = use.module.parents.get(use.around)
        if is_test(use.module.rel):
            continue
        if use.kind == "get" and isinstance(use.around, ast.Call) and len(use.around.args) == 1 and last_name(use.around.func) == "get":
            if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or) and len(parent.values) == 2 and isinstance(parent.values[1], ast.Constant):
                text = use.module.segment(parent.values[1])
                return _Default(text, f"the project takes {text} for it elsewhere", 0.82)
            bare += 1
        if use.kind == "in" and isinstance(parent, ast.IfExp) and isinstance(parent.orelse, ast.Constant | ast.List | ast.Dict | ast.Tuple):
            text = use.module.segment(parent.orelse)
            return _Default(text, f"the project takes {text} for it elsewhere", 0.82)
    return _Default("None", f"the project reads it with .get() at {bare} other place{'s' if bare > 1 else ''}", 0.6) if bare else None


def default_constant(context: Context, node: ast.expr, name: str = "") -> tuple[str, list[tuple[Module, Edit]]] | None:
    """Return the module-level constant DEFAULT_X of the project for what a value is given to, and the import it needs."""
    module = context.module
    wanted = {name.upper()} - {""} or {item.upper() for item in _destinations(context, node)}
    for module_at in (module, *context.project.containing("DEFAULT")):
        if is_test(module_at.rel):
            continue
        for text in sorted(index(module_at).globals):
            parts = text.strip("_").split("_")
            if not text.isupper() or "DEFAULT" not in parts or "_".join(part for part in parts if part != "DEFAULT") not in wanted:
                continue
            if module_at is module or of_global(context.project, module, text) is not None:
                return text, []
            imports = Imports(module, Layout(context.project, ""))
            found = imports.use(f"{module_at.dotted}.{text}", prefer_module=False)
            return found, [(module, edit) for edit in imports.edits()]
    return None


def _destinations(context: Context, node: ast.expr) -> list[str]:
    """Return the names of the variable, parameter, field or key that a value is given to, conversions passed over."""
    module = context.module
    below: ast.expr = node
    for item in module.ancestors(node):
        if isinstance(item, ast.keyword):
            return [item.arg] if item.arg else []
        if isinstance(item, ast.Assign):
            targets = [target for target in item.targets if item.value is below]
            return [last_name(target) for target in targets]
        if isinstance(item, ast.Call) and below in item.args and last_name(item.func) not in ("int", "float", "str", "bool", "Decimal"):
            return [name for name in [_target(context, item, below, None)[0]] if name]
        if isinstance(item, ast.Dict) and below in item.values:
            key = item.keys[item.values.index(below)]
            return [str(key.value)] if isinstance(key, ast.Constant) else []
        if not isinstance(item, ast.expr):
            return []
        below = item
    return []


def _habit_of_owner(context: Context, lookup: Lookup) -> _Default | None:
    """Return the default that other lookups of the same mapping give, whatever their key."""
    name = last_name(lookup.owner)
    found: list[str] = []
    for module in context.project.containing(f"{name}.get(") if name else ():
        for item in module.nodes:
            if not (isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr == "get" and len(item.args) == 2):
                continue
            if last_name(item.func.value) == name and not is_test(module.rel) and isinstance(item.args[1], ast.Constant | ast.List | ast.Dict | ast.Tuple):
                found.append(module.segment(item.args[1]))
    if found and len(set(found)) == 1:
        return _Default(found[0], f"{len(found)} other lookup{'s' if len(found) > 1 else ''} of {name} take{'' if len(found) > 1 else 's'} {found[0]}", 0.8)
    return None


def _table(context: Context, lookup: Lookup, key: str) -> _Default | None:
    """Return the value of a module-level table of defaults that has the key."""
    for use in project_uses(context.project, key):
        statement = use.module.parents.get(use.around)
        if use.kind != "literal" or not isinstance(statement, ast.Assign | ast.AnnAssign) or is_test(use.module.rel):
            continue
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        if not (isinstance(target, ast.Name) and "default" in target.id.lower()) or target.id == last_name(lookup.owner):
            continue
        if use.module.function(statement) is not None or use.module.owner(statement) is not None:
            continue
        name, edits = target.id, tuple[tuple[Module, Edit], ...]()
        if use.module is not context.module and of_global(context.project, context.module, target.id) is None:
            imports = Imports(context.module, Layout(context.project, ""))
            name = imports.use(f"{use.module.dotted}.{target.id}", prefer_module=False)
            edits = tuple((context.module, edit) for edit in imports.edits())
        return _Default(f"{name}[{context.module.segment(lookup.key)}]", f"{target.id} says what it is then", 0.84, edits)
    return None


def _destination(context: Context, lookup: Lookup) -> _Default | None:
    """Return the default of the parameter or field that the value is given to."""
    module = context.module
    parent = module.parents.get(lookup.node)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in ("int", "float", "str", "bool", "Decimal", "list"):
        return None
    keyword = parent.arg if isinstance(parent, ast.keyword) else None
    call = module.parents.get(parent) if isinstance(parent, ast.keyword) else parent
    if not isinstance(call, ast.Call):
        return None
    name, value, annotation = _target(context, call, lookup.node, keyword)
    if value is not None and (isinstance(value, ast.Constant) or absence.is_empty(module.segment(value) if value in module.parents else "")):
        text = repr(value.value) if isinstance(value, ast.Constant) else ast.unparse(value)
        text = text.replace("'", '"') if isinstance(value, ast.Constant) and isinstance(value.value, str) and '"' not in text else text
        return _Default(text, f"{last_name(call.func)}() takes {text} for {name} where it is not given", 0.78)
    if "Optional[" in annotation or "None" in annotation.replace("|", " ").split():
        return _Default("None", f"{last_name(call.func)}() allows {name} to be None", 0.7)
    return None


def _target(context: Context, call: ast.Call, node: ast.expr, keyword: str | None) -> tuple[str, ast.expr | None, str]:
    """Return the name, the default and the annotation of the parameter or field that an argument fills."""
    module = context.module
    for item in find_classes(context.project, last_name(call.func), module)[:1]:
        known = members(context.project, item)
        if "__init__" in known.methods:
            return _parameter(known.methods["__init__"].node, known.methods["__init__"].module, call, node, keyword, skip=1)
        fields = [attribute for attribute in known.attributes.values() if attribute.is_field]
        name = keyword or (fields[call.args.index(node)].name if node in call.args and call.args.index(node) < len(fields) else "")
        field = next((attribute for attribute in fields if attribute.name == name), None)
        return (name, field.value, field.annotation) if field is not None else ("", None, "")
    functions = callees(context.project, module, call, guess=False)
    if len(functions) == 1:
        skip = 1 if functions[0].owner is not None and "staticmethod" not in functions[0].decorators else 0
        return _parameter(functions[0].node, functions[0].module, call, node, keyword, skip=skip)
    return "", None, ""


def _parameter(function: FunctionNode, module: Module, call: ast.Call, node: ast.expr, keyword: str | None, *, skip: int) -> tuple[str, ast.expr | None, str]:
    arguments = [*function.args.posonlyargs, *function.args.args]
    place = call.args.index(node) + skip if node in call.args else -1
    name = keyword or (arguments[place].arg if 0 <= place < len(arguments) else "")
    item = next((argument for argument in (*arguments, *function.args.kwonlyargs) if argument.arg == name), None)
    if item is None:
        return "", None, ""
    return name, default_of(function, name), module.segment(item.annotation) if item.annotation is not None else ""


def _documented(context: Context, key: str) -> _Default | None:
    """Return the default that a docstring or comment of the module states beside the key's name."""
    for number, line in enumerate(context.module.lines, 1):
        if not re.search(rf"\b{re.escape(key)}\b", line) or "default" not in line.lower() or not _is_prose(context.module, number, line):
            continue
        found = _DOCUMENTED.search(line.lower()[line.lower().index(key.lower()) :])
        if found is None:
            continue
        word = found[1].rstrip(".")
        start = line.lower().index(found[1])
        spelled = line[start : start + len(word)]
        if re.fullmatch(r"-?\d+(\.\d+)?", word):
            return _Default(word, f"line {number} of {context.module.rel} says that {word} is its default", 0.84)
        if word in ("true", "false", "none"):
            return _Default(word.capitalize(), f"line {number} of {context.module.rel} says so", 0.82)
        if word in ("an", "a", "the", "empty", "no", "values", "value"):
            continue
        return _Default(f'"{spelled}"', f"line {number} of {context.module.rel} says that it is its default", 0.76)
    return None


def _is_prose(module: Module, number: int, line: str) -> bool:
    if "#" in line and line.lower().index("default") > line.index("#"):
        return True
    return any(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and node.lineno <= number <= (node.end_lineno or 0)
        for node in module.nodes
    )


def _tested_after(context: Context, lookup: Lookup) -> _Default | None:
    """Return None or an `or` default where the code right after the read is ready for a missing value."""
    module = context.module
    parent = module.parents.get(lookup.node)
    if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or) and parent.values[0] is lookup.node:
        return _Default("None", "the line itself has what to take in its place", 0.86)
    statement = module.statement(lookup.node)
    if not (isinstance(statement, ast.Assign) and statement.value is lookup.node and isinstance(statement.targets[0], ast.Name)):
        return None
    name = statement.targets[0].id
    function = module.function(statement)
    for item in own_nodes(function) if function is not None else module.nodes:
        if isinstance(item, ast.If | ast.IfExp) and item.test.lineno > statement.lineno:
            tested = absence.tested_name(item.test)
            positive = item.test.left if isinstance(item.test, ast.Compare) and isinstance(item.test.ops[0], ast.IsNot) else item.test
            if (isinstance(tested, ast.Name) and tested.id == name) or (isinstance(positive, ast.Name) and positive.id == name):
                return _Default("None", f"the function tests {name} for a missing value later", 0.8)
    return None


def _tested(context: Context, lookup: Lookup, key: Any) -> Iterator[Idea]:
    """Yield `if key in owner:` around a statement that adds or applies, where the project tests for the key elsewhere."""
    module = context.module
    statement = module.statement(lookup.node)
    if not isinstance(key, str) or not isinstance(lookup.key, ast.Constant) or not isinstance(statement, ast.AugAssign | ast.Expr):
        return
    tests = [use for use in project_uses(context.project, key) if use.kind == "in" and not is_test(use.module.rel)]
    tests = [use for use in tests if isinstance(use.module.parents.get(use.around), ast.If) and isinstance(getattr(use.around, "ops", [None])[0], ast.In)]
    indent = module.own_indent(statement)
    if not tests or indent is None or statement.lineno != statement.end_lineno:
        return
    at = module.span(statement)[0]
    owner = module.segment(lookup.owner)
    yield Idea(
        title=f"do it only where {short(owner)} has {key!r}",
        why=(
            f"{short(owner)} has no {key!r} here, and the project tests for that key before it uses it at {len(tests)} other "
            f"place{'s' if len(tests) > 1 else ''}. The edit makes the same test around this one line."
        ),
        edits=[(module, Edit(at, at, f"if {module.segment(lookup.key)} in {owner}:\n{indent}    "))],
        prior=0.72,
        nature="guard",
        cautions=(f"Without {key!r} this line is not run.",),
        unchecked=("Whether whoever writes the key should have written it here.",),
    )
