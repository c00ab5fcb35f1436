"""Files that nothing closes: opened again and again until none is left, or read back before what was written has arrived."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.reach import nodes_of, reached
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.flow.unbound import block_of
from nexoide.repair.ideas import Idea
from nexoide.repair.naming.importing import need_module
from nexoide.repair.resources.closed_blocks import as_list, is_lazy
from nexoide.repair.text.bytes_and_text import mode_of

OPENERS = frozenset({"open", "socket", "create_connection", "urlopen", "ZipFile", "TarFile", "NamedTemporaryFile", "fdopen", "scandir", "Popen", "GzipFile"})
_KEEPERS = frozenset({"append", "add", "put", "register", "enter_context", "closing"})
_ENDINGS = frozenset({"close", "commit", "flush", "release", "shutdown", "truncate"})


def too_many(context: Context) -> Iterator[Idea]:
    """Yield a `with` for what is opened and never closed."""
    for item in reached(context):
        for node in nodes_of(item):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.value, ast.Call):
                name = last_name(node.value.func)
                if name == "mkstemp" and isinstance(node.targets[0], ast.Tuple):
                    yield _descriptor(context, item.module, node)
                    return
                if name in OPENERS and isinstance(node.targets[0], ast.Name):
                    idea = as_block(context, item.module, node, "so that the number of open files grows until the system gives no more")
                    if idea is not None:
                        yield idea
                        return
    context.refuse("Which of the program's files are left open is not clear from the source.")


def _descriptor(context: Context, module: Module, node: ast.Assign) -> Idea:
    assert isinstance(node.targets[0], ast.Tuple)
    name, extra = need_module(context.project, module, "os")
    descriptor = module.segment(node.targets[0].elts[0])
    end, indent = module.span(node)[1], module.own_indent(node) or ""
    return Idea(
        title=f"close the descriptor {descriptor} of the temporary file",
        why=f"mkstemp() opens the file that it makes, and nothing closes {descriptor}. The edit closes it; the file itself stays.",
        edits=[(module, Edit(end, end, f"\n{indent}{name}.close({descriptor})")), *((module, edit) for edit in extra)],
        prior=0.9,
    )


def as_block(context: Context, module: Module, node: ast.Assign, why: str, prior: float = 0.88) -> Idea | None:
    """Return `with open(…) as x:` around the statements that use a file which nothing closes; None where it is handed on."""
    target, value = node.targets[0], node.value
    body, indent = block_of(module, node), module.own_indent(node)
    if body is None or indent is None or not isinstance(target, ast.Name):
        return None
    following = body[body.index(node) + 1 :]
    uses = [number for number, item in enumerate(following) if target.id in _reads(item)]
    if not uses or any(_ends(item, target.id) for item in following) or any(_hands_on(module, item, target.id) for item in following):
        return None
    inner = following[: uses[-1] + 1]
    if any(isinstance(item, ast.Constant | ast.JoinedStr) and item.lineno != item.end_lineno for one in inner for item in ast.walk(one)):
        return None
    start, end = module.span(node)
    edits = [Edit(start, end, f"with {module.segment(value)} as {target.id}:")]
    lines = range((node.end_lineno or node.lineno) + 1, (inner[-1].end_lineno or inner[-1].lineno) + 1)
    edits += [Edit(module.line_start(line), module.line_start(line), "    ") for line in lines if module.lines[line - 1].strip()]
    lazies = [
        item.value
        for item in inner
        if isinstance(item, ast.Assign | ast.Return) and item.value is not None and is_lazy(context, module, item.value, {target.id})
    ]
    for lazy in lazies:
        if lazy.lineno != lazy.end_lineno:
            return None
        edits.append(as_list(module, lazy))
    return Idea(
        title=f"close {target.id} when it is done with: with … as {target.id}",
        why=f"{module.rel}:{node.lineno} opens {target.id}, and nothing closes it, {why}. The edit closes it after its last use.",
        edits=[(module, edit) for edit in edits],
        prior=prior,
        alternatives=("Raising the limit of open files: it would only take longer.",) if "system" in why else (),
        cautions=("What was read piece by piece is then held in memory.",) if lazies else (),
    )


def _reads(node: ast.AST) -> set[str]:
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}


def _ends(node: ast.stmt, name: str) -> bool:
    return any(
        isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr == "close" and last_name(item.func.value) == name
        for item in ast.walk(node)
    )


def _hands_on(module: Module, node: ast.stmt, name: str) -> bool:
    """Say whether a file itself is returned, kept or put somewhere."""
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load):
            parent = module.parents.get(item)
            if isinstance(parent, ast.Return | ast.Yield | ast.Tuple | ast.List | ast.Dict | ast.Assign):
                return True
            if (
                isinstance(parent, ast.Call)
                and item in parent.args
                and last_name(parent.func) in ("append", "add", "put", "register", "enter_context", "closing")
            ):
                return True
    return False


def unflushed(context: Context) -> Iterator[Idea]:
    """Yield what ends the writing of a file before it is read back: a close that is not called, a block, a flush."""
    for item in reached(context):
        for node in nodes_of(item):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute) and node.value.attr in _ENDINGS:
                end, text = item.module.span(node)[1], item.module.segment(node)
                yield Idea(
                    title=f"call {text}()",
                    why=f"{item.module.rel}:{node.lineno} names {text} and does not call it, so that it never happens. The edit calls it.",
                    edits=[(item.module, Edit(end, end, "()"))],
                    prior=0.95,
                )
                return
    for item in reached(context):
        for node in nodes_of(item):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and last_name(node.value.func) == "open" and len(node.targets) == 1:
                mode = mode_of(node.value)[1]
                if any(letter in mode for letter in "wax"):
                    idea = as_block(context, item.module, node, "so that what was written may not have arrived when it is read", 0.84)
                    if idea is not None and _read_behind(item.module, node):
                        yield idea
                        return
            elif isinstance(node, ast.With):
                idea = _flushed(context, item.module, node)
                if idea is not None:
                    yield idea
                    return


def _read_behind(module: Module, node: ast.Assign) -> bool:
    """Say whether something that is no use of the file follows in the same block, while it is still open."""
    body = block_of(module, node) or []
    name = last_name(node.targets[0])
    following = body[body.index(node) + 1 :]
    uses = [number for number, item in enumerate(following) if name in _reads(item)]
    return bool(uses) and uses[-1] < len(following) - 1


def _flushed(context: Context, module: Module, block: ast.With) -> Idea | None:
    """Return the flush before the statement of a block that reads back what the block writes."""
    opening = block.items[0].context_expr
    name = last_name(block.items[0].optional_vars)
    if not (isinstance(opening, ast.Call) and last_name(opening.func) in ("open", "NamedTemporaryFile") and name):
        return None
    mode = mode_of(opening)[1]
    if last_name(opening.func) == "open" and not any(letter in mode for letter in "wax"):
        return None
    writes = [number for number, item in enumerate(block.body) if name in _reads(item) and _writes(item, name)]
    if not writes or any(isinstance(item, ast.Call) and last_name(item.func) in ("flush", "seek") for item in ast.walk(block)):
        return None
    failing = next((item for item in block.body[writes[-1] + 1 :] if _runs_now(context, module, item)), None)
    indent = module.own_indent(failing) if failing is not None else None
    if failing is None or indent is None:
        return None
    at = module.span(failing)[0]
    return Idea(
        title=f"flush {name} before the file is read",
        why=f"What is written to {name} waits in a buffer, and line {failing.lineno} of {module.rel} reads the file before. The edit writes it out first.",
        edits=[(module, Edit(at, at, f"{name}.flush()\n{indent}"))],
        prior=0.88,
    )


def _writes(node: ast.stmt, name: str) -> bool:
    return any(
        isinstance(item, ast.Call)
        and (last_name(item.func) in ("write", "writelines", "writerow", "writerows", "dump", "print") or any(last_name(one) == name for one in item.args))
        for item in ast.walk(node)
    )


def _runs_now(context: Context, module: Module, node: ast.stmt) -> bool:
    here: Context | None = context
    for _ in range(6):
        if here is None:
            return False
        if here.module is module and node.lineno <= here.line <= (node.end_lineno or node.lineno):
            return True
        here = here.outer()
    return False
