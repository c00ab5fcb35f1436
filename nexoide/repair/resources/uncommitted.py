"""Databases that are written to and not committed, locks that are taken twice or given back twice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.flow.unbound import block_of
from nexoide.repair.ideas import Idea

_CHANGES = re.compile(r"\s*(?:insert|update|delete|replace)\b", re.IGNORECASE)
MAX_FUNCTIONS = 40


def uncommitted(context: Context) -> Iterator[Idea]:
    """Yield a commit behind the writes of each function that makes none."""
    found: list[tuple[Module, Edit]] = []
    where: list[str] = []
    for module in context.project.containing("execute"):
        if is_test(module.rel) or "isolation_level=None" in module.text or "autocommit" in module.text:
            continue
        for function in index(module).functions[:MAX_FUNCTIONS]:
            edit = _commit(module, function.node)
            if edit is not None:
                found.append((module, edit))
                where.append(f"{function.name}()")
    if found and len(found) <= 4:
        names = ", ".join(dict.fromkeys(where))
        yield Idea(
            title=f"commit what {names} writes",
            why=f"{names} changes the database and never commits, so that the change locks the database and is lost with its connection. The edit commits.",
            edits=found,
            prior=0.88,
            alternatives=("Waiting longer for the lock: it is held until the change is committed.",),
        )


def _commit(module: Module, function: FunctionNode) -> Edit | None:
    """Return the commit behind the last change of a function that neither commits nor runs in a block that does."""
    nodes = own_nodes(function)
    if any(isinstance(item, ast.Call) and last_name(item.func) == "commit" for item in nodes):
        return None
    changes = [item for item in nodes if isinstance(item, ast.Call) and last_name(item.func) in ("execute", "executemany") and _is_change(item)]
    if not changes:
        return None
    last = max(changes, key=lambda item: item.lineno)
    assert isinstance(last.func, ast.Attribute)
    owner = last.func.value
    text = module.segment(owner)
    for item in module.ancestors(last):
        if isinstance(item, ast.With) and any(module.segment(one.context_expr) == text or _commits(one, text) for one in item.items):
            return None
    connection = _connection(module, nodes, owner)
    statement = module.statement(last)
    while statement is not None:  # behind the loop that writes
        loop = next((item for item in module.ancestors(statement) if isinstance(item, ast.For | ast.While)), None)
        if loop is None or not any(item is loop for item in nodes):
            break
        statement = loop
    indent = module.own_indent(statement) if statement is not None else None
    if statement is None or indent is None or not connection or isinstance(statement, ast.Return) or block_of(module, statement) is None:
        return None
    end = module.span(statement)[1]
    return Edit(end, end, f"\n{indent}{connection}.commit()")


def _is_change(call: ast.Call) -> bool:
    text = call.args[0] if call.args else None
    if isinstance(text, ast.JoinedStr):
        text = text.values[0] if text.values else None
    return isinstance(text, ast.Constant) and isinstance(text.value, str) and bool(_CHANGES.match(text.value))


def _commits(item: ast.withitem, text: str) -> bool:
    """Say whether a block ends with a commit: a connection's own, or that of something that is named like one."""
    name = last_name(item.context_expr.func) if isinstance(item.context_expr, ast.Call) else last_name(item.context_expr)
    bound = last_name(item.optional_vars)
    return (
        "transaction" in name
        or name == "begin"
        or (bound == text and name in ("connect", "session", "Session") and "sqlite" not in ast.dump(item.context_expr))
    )


def _connection(module: Module, nodes: list[ast.AST], owner: ast.expr) -> str:
    """Return the connection that a cursor belongs to, or the owner itself."""
    text = module.segment(owner)
    is_cursor = "cur" in text.rsplit(".", 1)[-1].lower()
    for item in [*nodes, *(module.nodes if is_cursor else ())]:
        made = item.value if isinstance(item, ast.Assign) else None
        if not (isinstance(item, ast.Assign) and isinstance(made, ast.Call) and last_name(made.func) == "cursor"):
            continue
        if isinstance(made.func, ast.Attribute) and any(module.segment(target) == text for target in item.targets):
            return module.segment(made.func.value)
    return "" if is_cursor else text


def locks(context: Context) -> Iterator[Idea]:
    """Yield the repair of a lock that is given back twice, or that one method takes while another of the object holds it."""
    if "release" in context.raised.message or "un-acquired" in context.raised.message:
        yield from _released_twice(context)
        return
    for module in context.project.containing("Lock()"):
        if not is_test(module.rel):
            for item in index(module).classes:
                yield from _nested(module, item.node)


def _released_twice(context: Context) -> Iterator[Idea]:
    """Yield the release left to its block; the block's own end tells the line of its beginning."""
    module = context.module
    for block in module.around(context.line):
        if not isinstance(block, ast.With) or not block.lineno <= context.line <= (block.end_lineno or block.lineno):
            continue
        owners = {module.segment(item.context_expr) for item in block.items}
        for statement in block.body if len(block.body) > 1 else ():
            call = statement.value if isinstance(statement, ast.Expr) else None
            owner = module.segment(call.func.value) if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else ""
            if isinstance(call, ast.Call) and last_name(call.func) == "release" and owner in owners:
                start, end = module.line_start(statement.lineno), module.text.find("\n", module.span(statement)[1])
                yield Idea(
                    title=f"leave the release of {owner} to its block",
                    why=f"The `with` block gives {owner} back when it ends, and it is given back within the block already. The edit leaves that out.",
                    edits=[(module, Edit(start, end + 1 if end >= 0 else len(module.text), ""))],
                    prior=0.92,
                )
                return
    yield from _not_held(context)


def _not_held(context: Context) -> Iterator[Idea]:
    """Yield the block that holds a condition while it is waited on or notified."""
    module = context.module
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("notify", "notify_all", "wait", "wait_for")):
        statement = module.statement(call)
        indent = module.own_indent(statement) if statement is not None else None
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)) or indent is None or not isinstance(statement, ast.Expr):
            continue
        owner, start = module.segment(call.func.value), module.span(statement)[0]
        if statement.lineno == statement.end_lineno:
            yield Idea(
                title=f"hold {owner} while it is used: with {owner}",
                why=f"{owner} must be held when it is waited on or notified. The edit takes it for that.",
                edits=[(module, Edit(start, start, f"with {owner}:\n{indent}    "))],
                prior=0.9,
            )
        return


def _nested(module: Module, owner: ast.ClassDef) -> Iterator[Idea]:
    """Yield an RLock where a method that holds the object's lock calls another one that takes it."""
    for node in ast.walk(owner):
        if not (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and last_name(node.value.func) == "Lock"
            and isinstance(node.targets[0], ast.Attribute)
        ):
            continue
        lock = module.segment(node.targets[0])
        taking = {
            item.name: block
            for item in owner.body
            if isinstance(item, ast.FunctionDef)
            for block in own_nodes(item)
            if isinstance(block, ast.With) and any(module.segment(one.context_expr) == lock for one in block.items)
        }
        for name, block in taking.items():
            inner = [
                item for item in ast.walk(block) if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and last_name(item.func.value) == "self"
            ]
            called = next((last_name(item.func) for item in inner if last_name(item.func) in taking), "")
            if called and name != "":
                end = module.span(node.value.func)[1]
                yield Idea(
                    title=f"make {lock} a lock that its holder may take again: RLock",
                    why=f"{name}() holds {lock} and calls {called}(), which takes it too and waits for ever. The edit makes it an RLock.",
                    edits=[(module, Edit(end - len("Lock"), end, "RLock"))],
                    prior=0.88,
                )
                return
