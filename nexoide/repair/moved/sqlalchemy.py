"""Changes of SQLAlchemy 2 that a table cannot tell: lists that became arguments, engines that execute nothing, rows that are tuples."""

from __future__ import annotations

import ast
import re

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.project import is_test
from nexoide.repair.code.scope import visible
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.moved.repair import Repair
from nexoide.repair.moved.rewrite import Rewriter
from nexoide.repair.moved.uses import uses
from nexoide.repair.naming.packages import Layout

_CONSUMED = frozenset(
    ["fetchall", "fetchone", "fetchmany", "scalar", "scalars", "all", "first", "one", "one_or_none", "scalar_one", "mappings", "rowcount", "lastrowid"]
)


def listed(context: Context, layout: Layout) -> Repair | None:
    """Give `select` and `case` their parts one by one, where a list held them."""
    message = context.raised.message
    name = "select" if "Did you mean to say select(" in message else "case" if '"whens" argument to case()' in message else ""
    if not name:
        return None
    edits: list[tuple[Module, Edit]] = []
    for module in context.project.containing("sqlalchemy", name):
        if is_test(module.rel):
            continue
        for use in uses(module):
            call = module.parents.get(use.node)
            if (
                use.dotted not in (f"sqlalchemy.{name}", f"sqlalchemy.sql.{name}", f"sqlalchemy.future.{name}")
                or not isinstance(call, ast.Call)
                or not call.args
            ):
                continue
            first = call.args[0]
            start, end = module.span(first)
            if isinstance(first, ast.List):
                edits.append((module, Edit(start, end, module.text[start + 1 : end - 1].strip().rstrip(","))))
            elif not isinstance(first, ast.Starred) and isinstance(first, ast.Name | ast.ListComp) and module is context.module and len(call.args) == 1:
                edits.append((module, Edit(start, start, "*")))
    return Repair(
        f"give {name}() its parts one by one",
        f"Since SQLAlchemy 2 {name}() takes its parts as arguments and no longer as one list. The edit leaves the list's brackets out.",
        tuple(edits),
        0.95,
    )


def engine(context: Context, layout: Layout) -> Repair | None:
    """Run on a connection what was run on an engine."""
    if "'Engine' object has no attribute 'execute'" not in context.raised.message:
        return None
    module, rewriter = context.module, Rewriter(context.module, layout)
    found = context.nodes(lambda node: isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "execute")
    calls = [node for node in found if isinstance(node, ast.Call)]
    if not calls or not isinstance(calls[0].func, ast.Attribute):
        return None
    receiver = module.segment(calls[0].func.value)
    done: set[ast.stmt] = set()
    edits: list[Edit] = []
    for call in [node for node in module.nodes if isinstance(node, ast.Call) and module.segment(node.func) == f"{receiver}.execute"]:
        statement = module.statement(call)
        if statement is None or statement in done:
            continue
        done.add(statement)
        edit = _on_connection(rewriter, statement, receiver)
        if edit is not None:
            edits.append(edit)
    return Repair(
        "run it on a connection of the engine",
        "An engine executes nothing by itself since SQLAlchemy 2. The edit opens a connection with begin(), which commits at its end, and runs it there.",
        tuple((module, edit) for edit in [*rewriter.imports.edits(), *edits]),
        0.88,
    )


def _on_connection(rewriter: Rewriter, statement: ast.stmt, receiver: str) -> Edit | None:
    """Return the edit that puts a statement into `with engine.begin() as connection:`."""
    module = rewriter.module
    indent = module.own_indent(statement)
    if indent is None or isinstance(statement, ast.If | ast.While | ast.With | ast.Try):
        return None
    local = set(visible(module, statement, statement.lineno))
    name = next(item for item in ("connection", "conn", "engine_connection") if item not in local)
    start, end = module.span(statement)
    inner: list[Edit] = []
    for call in [node for node in ast.walk(statement) if isinstance(node, ast.Call) and module.segment(node.func) == f"{receiver}.execute"]:
        inner.append(Edit(*module.span(call.func), f"{name}.execute"))
        if call.args and _is_text(module, call.args[0]):
            text = rewriter.imports.use("sqlalchemy.text", prefer_module=False)
            first = call.args[0]
            driver = len(call.args) > 1 and ("?" in module.segment(first) or "%s" in module.segment(first))
            if driver:
                inner[-1] = Edit(*module.span(call.func), f"{name}.exec_driver_sql")
            else:
                inner.append(Edit(*module.span(first), f"{text}({module.segment(first)})"))
        if _is_kept(module, statement, call):
            inner.append(Edit(module.span(call)[1], module.span(call)[1], ".all()"))
    at, parts = start, []
    for edit in sorted(inner):
        parts += [module.text[at : edit.start], edit.text]
        at = edit.end
    body = "".join([*parts, module.text[at:end]])
    shifted = _shifted(module, statement, body)
    return Edit(start, end, f"with {receiver}.begin() as {name}:\n{indent}    {shifted}".replace("\r\n", "\n"))


def _shifted(module: Module, statement: ast.stmt, body: str) -> str:
    """Return a statement's text one level deeper, the lines inside its long strings left where they are."""
    held: set[int] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant | ast.JoinedStr) and (node.end_lineno or node.lineno) > node.lineno:
            held |= set(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
    lines = body.split("\n")
    return "\n".join(line if not number or statement.lineno + number in held or not line.strip() else "    " + line for number, line in enumerate(lines))


def _is_text(module: Module, node: ast.expr) -> bool:
    """Say whether an argument is SQL as text: a literal, or a name that holds one."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return not isinstance(node, ast.Constant) or isinstance(node.value, str)
    if isinstance(node, ast.BinOp):
        return _is_text(module, node.left)
    if isinstance(node, ast.Name):
        values = [item.value for item in module.nodes if isinstance(item, ast.Assign) and any(getattr(target, "id", "") == node.id for target in item.targets)]
        return bool(values) and all(isinstance(value, ast.Constant | ast.JoinedStr) for value in values)
    return False


def _is_kept(module: Module, statement: ast.stmt, call: ast.Call) -> bool:
    """Say whether a result would be read after its connection is closed."""
    parent = module.parents.get(call)
    if isinstance(parent, ast.Attribute) and parent.attr in _CONSUMED:
        return False
    return isinstance(statement, ast.Assign | ast.Return | ast.AnnAssign) and parent is statement


def row(context: Context, layout: Layout) -> Repair | None:
    """Read a row by column name through its mapping."""
    message = context.raised.message
    module = context.module
    edits: list[tuple[Module, Edit]] = []
    if message.startswith("tuple indices must be integers or slices, not str"):
        nodes = context.nodes(lambda node: isinstance(node, ast.Subscript) and not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int)))
        for node in nodes[:1]:
            assert isinstance(node, ast.Subscript)
            view = context.view(node.value)
            if view is None or view.type.rsplit(".", 1)[-1] not in ("Row", "LegacyRow"):
                return None
            receiver = module.segment(node.value)
            function = module.function(node)
            same = [
                item
                for item in module.nodes
                if isinstance(item, ast.Subscript) and module.segment(item.value) == receiver and module.function(item) is function
            ]
            edits = [(module, Edit(module.span(item.value)[1], module.span(item.value)[1], "._mapping")) for item in same if not _is_number(item.slice)]
    elif match := re.match(r"Could not locate column in row for column '(keys|items|values|get)'", message):
        nodes = context.nodes(lambda node: isinstance(node, ast.Attribute) and node.attr == match[1])
        edits = [(module, Edit(module.span(node.value)[1], module.span(node.value)[1], "._mapping")) for node in nodes[:1] if isinstance(node, ast.Attribute)]
    elif "dictionary update sequence element" in message:
        nodes = context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) == "dict" and len(node.args) == 1)
        for node in nodes[:1]:
            assert isinstance(node, ast.Call)
            view = context.view(node.args[0])
            if view is None or view.type.rsplit(".", 1)[-1] not in ("Row", "LegacyRow"):
                return None
            end = module.span(node.args[0])[1]
            edits = [(module, Edit(end, end, "._mapping"))]
    return Repair(
        "read the row by name through its mapping",
        "A row is a named tuple since SQLAlchemy 2; what is read by a column's name as a key goes through its mapping. The edit does that.",
        tuple(edits),
        0.94,
    )


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice) or (isinstance(node, ast.Constant) and isinstance(node.value, int))


def parameters(context: Context, layout: Layout) -> Repair | None:
    """Hand a statement's parameters over as one dict, where keywords gave them."""
    if not re.match(r"(Connection|Session|scoped_session)\.(execute|scalar|scalars)\(\) got an unexpected keyword argument", context.raised.message):
        return None
    module = context.module
    nodes = context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("execute", "scalar", "scalars") and bool(node.keywords))
    edits: list[tuple[Module, Edit]] = []
    for node in nodes[:1]:
        assert isinstance(node, ast.Call)
        given = ", ".join(f'"{item.arg}": {module.segment(item.value)}' if item.arg else f"**{module.segment(item.value)}" for item in node.keywords)
        start, end = module.span(node.keywords[0])[0], module.span(node.keywords[-1])[1]
        edits.append((module, Edit(start, end, "{" + given + "}")))
    return Repair(
        "give the parameters as one dict",
        "execute takes a statement's parameters as a dict since SQLAlchemy 2, and no longer as keywords. The edit gives the same values in one dict.",
        tuple(edits),
        0.95,
    )


def creation(context: Context, layout: Layout) -> Repair | None:
    """Hand the engine to create_all, which has no bound one to use."""
    if "create_all() missing 1 required positional argument: 'bind'" not in context.raised.message and "drop_all() missing 1" not in context.raised.message:
        return None
    module = context.module
    nodes = context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("create_all", "drop_all") and not node.args)
    engines = _engines(module)
    if len(engines) != 1 or not nodes:
        return None
    end = module.span(nodes[0])[1] - 1
    text = next(iter(engines))
    given = isinstance(nodes[0], ast.Call) and nodes[0].keywords
    start = module.span(nodes[0].keywords[0])[0] if given and isinstance(nodes[0], ast.Call) else end
    return Repair(
        f"give {text} to create_all",
        "Metadata is bound to no engine since SQLAlchemy 2; create_all takes the engine as its argument. The edit gives the one that this file makes.",
        ((module, Edit(start, start, text + (", " if given else ""))),),
        0.93,
    )


def _engines(module: Module) -> set[str]:
    """Return the names that this file gives to engines, made here or imported."""
    made = {
        target.id
        for node in module.nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and last_name(node.value.func) == "create_engine"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    taken = {item.asname or item.name for node in module.nodes if isinstance(node, ast.ImportFrom) for item in node.names if item.name.endswith("engine")}
    return made or (taken - {"create_engine"})
