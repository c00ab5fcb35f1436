"""Variables whose name means something else too, ends too early, or comes too late: the edits, each with its reason."""

from __future__ import annotations

import ast
import builtins

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index
from nexoide.repair.code.scope import free_name
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.flow.unbound import Variable, block_of, path_of
from nexoide.repair.ideas import Idea, short


def is_hiding(found: Variable) -> bool:
    """Say whether a local has the name of a builtin, an import, a function or a class that it hides: then its name is the mistake."""
    known = index(found.module)
    defined = {item.qualname for item in known.functions} | {item.qualname for item in known.classes} | set(known.imports)
    return found.function is not None and (found.name in defined or (hasattr(builtins, found.name) and found.name not in known.globals))


def caught(context: Context, found: Variable, node: ast.Name) -> Idea | None:
    """The variable of an `except … as` is gone after its block: what is needed later is kept under a name of its own."""
    module = found.module
    handlers = [item for item in found.stores if isinstance(item, ast.ExceptHandler)]
    if not handlers or len(handlers) != len(found.stores):
        return None
    inside = {item for handler in handlers for item in ast.walk(handler)}
    later = [item for item in found.loads if item not in inside]
    if node in inside or not later:
        return None
    new = free_name(module, node, ["last_error", "caught", f"last_{found.name}", f"kept_{found.name}"])
    if new is None:
        return None
    edits: list[tuple[Module, Edit]] = [(module, Edit(*module.span(item), new)) for item in later]
    for handler in handlers:
        first = handler.body[0]
        indent = module.own_indent(first)
        if indent is None:
            return None
        if isinstance(first, ast.Pass) and len(handler.body) == 1:
            edits.append((module, Edit(*module.span(first), f"{new} = {found.name}")))
        else:
            at = module.span(first)[0]
            edits.append((module, Edit(at, at, f"{new} = {found.name}\n{indent}")))
    tried = _tries(module, handlers, later)
    if tried is not None:
        indent = module.own_indent(tried)
        if indent is None:
            return None
        edits.append((module, Edit(module.span(tried)[0], module.span(tried)[0], f"{new} = None\n{indent}")))
    return Idea(
        title=f"keep the caught error as {new} beyond its except block",
        why=f"Python deletes {found.name} at the end of its except block, and the code after it reads it. The edit keeps the error as {new} and reads that. "
        "What is caught stays the same.",
        edits=edits,
        prior=0.92,
    )


def _tries(module: Module, handlers: list[ast.ExceptHandler], later: list[ast.Name]) -> ast.stmt | None:
    """Return the statement before which the kept error must begin as None, where it is read whether or not one was caught."""
    tested = False
    for item in later:
        parent = module.parents.get(item)
        tested = tested or not isinstance(parent, ast.Raise)
    if not tested:
        return None
    statement: ast.AST | None = module.parents.get(handlers[0])
    loop = next((item for item in module.ancestors(handlers[0]) if isinstance(item, ast.For | ast.While) and later[0] not in set(ast.walk(item))), None)
    found = loop or statement
    return found if isinstance(found, ast.stmt) else None


def ordered(context: Context, found: Variable, node: ast.Name) -> Idea | None:
    """The one assignment stands below the use, in the same block: it goes above, where all that it reads is there."""
    module, function = found.module, found.function
    assigns = [item for item in found.stores if isinstance(item, ast.Assign | ast.AnnAssign)]
    if len(assigns) != 1 or len(found.stores) != 1:
        return None
    late = assigns[0]
    end: ast.AST = function if function is not None else module.tree
    block = block_of(module, late)
    use = _use_in(context, found, node, block, end)
    if block is None or use is None or block.index(use) >= block.index(late) or late.value is None:
        return None
    between = block[block.index(use) : block.index(late)]
    given = {item.id for part in between for item in ast.walk(part) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
    if given & {item.id for item in ast.walk(late.value) if isinstance(item, ast.Name)}:
        return None
    indent = module.own_indent(late)
    if indent is None or module.own_indent(use) is None:
        return None
    first, last = module.line_start(late.lineno), module.line_start(late.end_lineno or late.lineno) + len(module.lines[(late.end_lineno or late.lineno) - 1])
    text = module.text[module.span(late)[0] : last]
    at = module.span(use)[0]
    moved = f"{text}\n{indent}{module.text[at:first].rstrip()}".replace("\r\n", "\n")
    return Idea(
        title=f"give {found.name} its value before it is used",
        why=f"{found.name} is used in line {use.lineno} and gets its value in line {late.lineno}. The edit moves that line above the use: "
        "nothing between the two changes what it reads.",
        edits=[(module, Edit(at, last, moved))],
        prior=0.9 if not _has_effects(late.value) else 0.82,
    )


def _use_in(context: Context, found: Variable, node: ast.Name, block: list[ast.stmt] | None, end: ast.AST) -> ast.stmt | None:
    """Return the statement of a block in which the variable is read: the use itself, or the call that leads to it."""
    module = found.module
    if block is None:
        return None
    around = set(path_of(module, node, end))
    direct = next((item for item in block if item in around), None)
    if direct is not None and not isinstance(direct, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return direct
    outer = context.outer()
    while outer is not None:
        if outer.module is module:
            lines = [item for item in block if item.lineno <= outer.line <= (item.end_lineno or item.lineno)]
            if lines and not isinstance(lines[0], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                return lines[0]
        outer = outer.outer()
    return None


def _has_effects(node: ast.expr) -> bool:
    return any(isinstance(item, ast.Call | ast.Await | ast.Yield | ast.YieldFrom) for item in ast.walk(node))


def finally_closed(context: Context, found: Variable, node: ast.Name) -> Idea | None:
    """`finally: x.close()` of what the try could not even open: it is opened before the try, or closed only where it is there."""
    module = found.module
    tries = [item for item in module.ancestors(node) if isinstance(item, ast.Try) and any(node in set(ast.walk(part)) for part in item.finalbody)]
    stores = [item for item in found.stores if isinstance(item, ast.Assign)]
    if not tries or len(stores) != 1 or len(found.stores) != 1:
        return None
    around, store = tries[0], stores[0]
    indent, inner = module.own_indent(around), module.own_indent(store)
    if store not in around.body or indent is None or inner is None:
        return None
    statement = module.statement(node)
    if not around.handlers and around.body[0] is store and len(around.body) > 1:
        first, last = module.span(store)
        following = module.span(around.body[1])[0]
        at = module.span(around)[0]
        return Idea(
            title=f"make {found.name} before the try",
            why=f"{short(module.segment(store))} failed inside the try, and its finally then read {found.name}, which hides the first error. "
            "The edit makes it before the try: what fails there is seen as it is.",
            edits=[(module, Edit(at, at, f"{module.text[first:last]}\n{indent}")), (module, Edit(first, following, ""))],
            prior=0.8,
        )
    if not isinstance(statement, ast.Expr) or statement not in around.finalbody:
        return None
    level = module.own_indent(statement)
    if level is None or statement.lineno != statement.end_lineno:
        return None
    at, place = module.span(around)[0], module.span(statement)[0]
    return Idea(
        title=f"clean {found.name} up only where it was made",
        why=f"{short(module.segment(store))} failed, and the finally then read {found.name}, which has no value. "
        f"The edit lets it begin as None and runs `{short(module.segment(statement))}` only where there is something.",
        edits=[
            (module, Edit(at, at, f"{found.name} = None\n{indent}")),
            (module, Edit(place, place, f"if {found.name} is not None:\n{level}    ")),
        ],
        prior=0.9,
        nature="guard",
    )
