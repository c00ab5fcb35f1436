"""What is used after the block that closes it: files, databases, pools and folders that a `with` has ended."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.reach import nodes_of, reached
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.flow.unbound import block_of
from nexoide.repair.ideas import Idea, short

LAZY = frozenset({"reader", "DictReader", "map", "filter", "zip", "enumerate", "islice", "chain", "takewhile", "dropwhile", "reversed", "iter"})
_QUERIES = frozenset({"execute", "executemany", "cursor"})
_EAGER = frozenset({"list", "tuple", "sorted", "set", "dict", "sum", "max", "min", "len", "any", "all", "join", "Counter", "frozenset", "fsum", "mean", "next"})


def after_block(context: Context) -> Iterator[Idea]:
    """Yield the statements behind a block moved into it, or the list of what it reads, where something is used after its block."""
    here: Context | None = context
    for _ in range(5):
        if here is None:
            break
        ideas = list(_in_function(here)) or list(_early_close(here))
        if ideas:
            yield from ideas
            return
        here = here.outer()
    yield from _handed_out(context)


def _names(node: ast.AST, *, loaded: bool = True) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load) == loaded}


def _bound_by(block: ast.With | ast.AsyncWith) -> set[str]:
    """Return the names that a block binds to what it closes."""
    found = {name for item in block.items if item.optional_vars is not None for name in _names(item.optional_vars, loaded=False)}
    return found | {item.context_expr.id for item in block.items if isinstance(item.context_expr, ast.Name)}


def statement_at(here: Context) -> ast.stmt | None:
    """Return the innermost statement that a frame's line stands in."""
    found = [node for node in here.module.around(here.line) if isinstance(node, ast.stmt) and node.lineno <= here.line <= (node.end_lineno or node.lineno)]
    return min(found, key=lambda node: ((node.end_lineno or node.lineno) - node.lineno, -node.col_offset), default=None)


def _in_function(here: Context) -> Iterator[Idea]:
    module = here.module
    statement: ast.AST | None = statement_at(here)
    while isinstance(statement, ast.stmt):
        body = block_of(module, statement)
        if body is not None:
            for place in range(body.index(statement) - 1, -1, -1):
                block = body[place]
                if isinstance(block, ast.With | ast.AsyncWith):
                    yield from _used_behind(here, block, body, place, body.index(statement))
        statement = next((item for item in module.ancestors(statement) if isinstance(item, ast.stmt)), None)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return


def _used_behind(here: Context, block: ast.With | ast.AsyncWith, body: list[ast.stmt], place: int, failing: int) -> Iterator[Idea]:
    module, closed = here.module, _bound_by(block)
    lazies = _lazy_names(here, module, block, closed)
    used = _names(body[failing])
    lazily = [name for name in lazies if name in used]
    if lazily:
        value = lazies[lazily[0]]
        yield Idea(
            title=f"make a list of {short(module.segment(value))} while the file is open",
            why=f"{lazily[0]} reads only when it is walked, and then its block has closed what it reads from. The edit reads all of it within the block.",
            edits=[(module, as_list(module, value))],
            prior=0.88,
        )
    if not closed & used and not lazily:
        return
    wanted = closed | set(lazies)
    last = max(number for number in range(failing, len(body)) if _names(body[number]) & wanted)
    edits = _moved_in(module, block, body[place + 1 : last + 1])
    if edits:
        name = next(iter(sorted(closed & used)), lazily[0] if lazily else "it")
        yield Idea(
            title=f"move the use of {name} into the block that opens it",
            why=f"The block at {module.rel}:{block.lineno} closes what it opened, and {name} is used after it. The edit moves that into the block.",
            edits=[(module, edit) for edit in edits],
            prior=0.91 if not lazily else 0.7,
            alternatives=("Opening it a second time: it would have to be closed again as well.",),
        )


def _moved_in(module: Module, block: ast.With | ast.AsyncWith, moved: list[ast.stmt]) -> list[Edit]:
    """Return the edits that put statements behind a block at its end; none where a text spans lines."""
    inner = module.own_indent(block.body[0])
    outer = module.own_indent(block)
    if inner is None or outer is None or not inner.startswith(outer) or not moved:
        return []
    deeper = inner[len(outer) :]
    for statement in moved:
        for item in ast.walk(statement):
            if isinstance(item, ast.Constant | ast.JoinedStr) and item.lineno != item.end_lineno:
                return []
    first, last = moved[0].lineno, moved[-1].end_lineno or moved[-1].lineno
    before = block.body[-1].end_lineno or block.lineno
    rows = [
        line for line in range(before + 1, last + 1) if module.lines[line - 1].strip() and (line >= first or module.lines[line - 1].lstrip().startswith("#"))
    ]
    edits = []
    for line in rows:
        start = module.line_start(line)
        width = len(module.lines[line - 1]) - len(module.lines[line - 1].lstrip())
        edits.append(Edit(start, start + width, module.text[start : start + width] + deeper))
    begin = module.span(block.body[-1])[1]  # what joins the block is joined from the block's own end on
    edits[0] = Edit(begin, edits[0].end, module.text[begin : edits[0].start] + edits[0].text)
    return edits


def _lazy_names(here: Context, module: Module, block: ast.With | ast.AsyncWith, closed: set[str]) -> dict[str, ast.expr]:
    """Return the names that are given, within a block, what reads from it only later, each with its expression."""
    found: dict[str, ast.expr] = {}
    names = set(closed)
    for item in ast.walk(block):
        if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name) and is_lazy(here, module, item.value, names):
            found[item.targets[0].id] = item.value
            names.add(item.targets[0].id)
    return found


def is_lazy(here: Context, module: Module, node: ast.expr, names: set[str]) -> bool:
    """Say whether an expression reads from one of some names only when it is walked."""
    if isinstance(node, ast.GeneratorExp):
        return bool(_names(node) & names)
    if isinstance(node, ast.Call) and _names(node) & names and last_name(node.func) not in _EAGER:
        if last_name(node.func) in LAZY:
            return True
        if last_name(node.func) in _QUERIES and isinstance(node.func, ast.Attribute):
            return bool(_names(node.func) & names)
        return any(_is_generator(item.node) for item in callees(here.project, module, node, guess=False))
    return False


def _is_generator(function: FunctionNode) -> bool:
    return any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own_nodes(function))


def as_list(module: Module, node: ast.expr) -> Edit:
    """Return the edit that makes a list of what an expression gives."""
    start, end = module.span(node)
    text = module.text[start:end]
    if isinstance(node, ast.GeneratorExp) and text.startswith("(") and text.endswith(")"):
        return Edit(start, end, f"[{text[1:-1]}]")
    if isinstance(node, ast.Call) and last_name(node.func) == "execute":
        return Edit(start, end, f"{text}.fetchall()")
    return Edit(start, end, f"list({text})")


def _handed_out(context: Context) -> Iterator[Idea]:
    """Yield the list of what a function hands out of its block, where that reads only later."""
    takes_next = any(isinstance(node, ast.Call) and last_name(node.func) == "next" for item in reached(context) if item.steps == 0 for node in nodes_of(item))
    for item in reached(context):
        for block in nodes_of(item):
            if not isinstance(block, ast.With | ast.AsyncWith):
                continue
            closed = _bound_by(block)
            lazies = _lazy_names(context, item.module, block, closed)
            for node in _escaping(block):
                parts = node.elts if isinstance(node, ast.Tuple) else [node]
                for part in parts:
                    lazy = is_lazy(context, item.module, part, closed | set(lazies)) or (
                        isinstance(part, ast.Name) and (part.id in lazies or part.id in closed)
                    )
                    if lazy:
                        yield _listed(item.module, block, part, takes_next=takes_next)
                        return


def _escaping(block: ast.With | ast.AsyncWith) -> Iterator[ast.expr]:
    for node in ast.walk(block):
        if isinstance(node, ast.Return):
            yield from [node.value] if node.value is not None else []
        elif isinstance(node, ast.Assign):
            yield from [node.value] if isinstance(node.targets[0], ast.Attribute | ast.Subscript) else []
        elif isinstance(node, ast.Call) and last_name(node.func) in ("append", "extend", "put") and len(node.args) == 1:
            yield node.args[0]


def _listed(module: Module, block: ast.With | ast.AsyncWith, part: ast.expr, *, takes_next: bool) -> Idea:
    edit = as_list(module, part)
    if takes_next:
        edit = Edit(edit.start, edit.end, f"iter({edit.text})") if edit.start != edit.end else edit
    return Idea(
        title=f"hand out a list of {short(module.segment(part))}",
        why=(
            f"{short(module.segment(part))} at {module.rel}:{part.lineno} reads only when it is walked, and by then the block at line {block.lineno} has "
            "closed what it reads from. The edit reads all of it within the block."
        ),
        edits=[(module, edit)],
        prior=0.9,
        alternatives=("Leaving the file open: nobody would close it.",),
        cautions=("All of it is held in memory.",),
    )


def _early_close(here: Context) -> Iterator[Idea]:
    """Yield the closing moved behind its loop, or behind the last use, where a plain `close()` comes too early."""
    module = here.module
    failing = statement_at(here)
    function = module.function(failing) if failing is not None else None
    used = {module.segment(node) for node in ast.walk(failing) if isinstance(node, ast.Name | ast.Attribute)} if failing is not None else set()
    own = own_nodes(function) if function is not None else list(module.nodes)
    for node in own:
        call = node.value if isinstance(node, ast.Expr) else None
        if not (isinstance(call, ast.Call) and last_name(call.func) in ("close", "shutdown") and isinstance(call.func, ast.Attribute)):
            continue
        assert isinstance(node, ast.Expr)
        owner = module.segment(call.func.value)
        loop = next((item for item in module.ancestors(node) if isinstance(item, ast.For | ast.While)), None)
        if owner not in used or module.own_indent(node) is None:
            continue
        opened = [item.lineno for item in own if isinstance(item, ast.Assign) and any(module.segment(target) == owner for target in item.targets)]
        inside = loop is not None and any(loop.lineno < line <= (loop.end_lineno or loop.lineno) for line in opened)
        if loop is not None and not inside and len(getattr(module.parents.get(node), "body", [])) > 1:
            yield _moved_behind(module, node, loop, owner)
            return
        if node.lineno < here.line and loop is None:
            body = block_of(module, node)
            last = next((item for item in reversed(body or []) if item.lineno > node.lineno and owner in module.segment(item)), None)
            if last is not None and not isinstance(last, ast.Return) and len(body or []) > 1:
                yield _moved_behind(module, node, last, owner)
                return


def _moved_behind(module: Module, node: ast.Expr, behind: ast.stmt, owner: str) -> Idea:
    start, end = module.line_start(node.lineno), module.span(node)[1]
    line_end = module.text.find("\n", end)
    at = module.span(behind)[1]
    text = module.segment(node)
    indent = module.own_indent(behind) or ""
    edits = [Edit(at, at, f"\n{indent}{text}")]
    if module.span(behind)[1] == end:  # it stands last in its loop: only its line's beginning changes
        edits = [Edit(start, module.span(node)[0], indent)]
    else:
        edits.append(Edit(start, line_end + 1 if line_end >= 0 else len(module.text), ""))
    return Idea(
        title=f"close {owner} after its last use",
        why=f"{module.rel}:{node.lineno} closes {owner}, which is used again after that. The edit closes it when it is done with.",
        edits=[(module, edit) for edit in edits],
        prior=0.9,
    )
