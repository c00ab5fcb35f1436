"""Items and pieces of text that are searched and not there, where the program says what then."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short

ABSENT = re.compile(
    r"(?:list|deque)\.remove\(x\): x not in (?:list|deque)|.* is not in (?:list|deque)|sub(?:string|section) not found"
    r"|(?:tuple|array)\.index\(x\): x not in \w+"
)
_NO_MATTER = re.compile(
    r"if (?:it (?:is|was) )?(?:there|present|known|in it|any|it has one)|no-?op|nothing (?:happens|to do|is done)|does nothing|ignor|no matter|may (?:not )?be",
    re.IGNORECASE,
)


def absent_ideas(context: Context) -> Iterator[Idea]:
    """Yield `find()` where the code tests for -1, and a test first where the docstring says that it does not matter."""
    module = context.module
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("index", "rindex", "remove")):
        assert isinstance(call, ast.Call)
        if not isinstance(call.func, ast.Attribute) or not call.args:
            continue
        if last_name(call.func) in ("index", "rindex") and "substring" in context.raised.message:
            if _tests_minus_one(context, call):
                end = module.span(call.func)[1]
                name = last_name(call.func)
                yield Idea(
                    title=f"search with {name.replace('index', 'find')}(), which gives -1",
                    why=f"The code tests for -1, which {name}() never gives: it raises instead. The edit uses {name.replace('index', 'find')}().",
                    edits=[(module, Edit(end - len(name), end, name.replace("index", "find")))],
                    prior=0.95,
                )
                return
        elif last_name(call.func) == "remove":
            yield from _removed(context, call)
            return
    context.refuse("What is searched is not there; whether that may be is not said.")


def _tests_minus_one(context: Context, call: ast.Call) -> bool:
    function = context.function(call)
    nodes = own_nodes(function) if function is not None else list(context.module.nodes)
    statement = context.module.statement(call)
    names = {last_name(item) for item in statement.targets} if isinstance(statement, ast.Assign) else set()
    for node in nodes:
        if not isinstance(node, ast.Compare):
            continue
        named = isinstance(node.left, ast.NamedExpr) and node.left.value is call
        if named or node.left is call or last_name(node.left) in names:
            text = ast.unparse(node.comparators[0])
            if text == "-1" or (text == "0" and isinstance(node.ops[0], ast.Lt | ast.GtE)):
                return True
    return False


def _removed(context: Context, call: ast.Call) -> Iterator[Idea]:
    module, function = context.module, context.function(call)
    statement = module.statement(call)
    indent = module.own_indent(statement) if statement is not None else None
    said = (ast.get_docstring(function) or "") if function is not None else ""
    if statement is None or indent is None or not isinstance(statement, ast.Expr) or not _NO_MATTER.search(said) or not isinstance(call.func, ast.Attribute):
        context.refuse("The item that is removed is not there, and the program does not say that it may be missing.")
        return
    owner, item = module.segment(call.func.value), module.segment(call.args[0])
    at = module.span(statement)[0]
    yield Idea(
        title=f"remove {short(item)} only where it is in {short(owner)}",
        why=f"{short(item)} is not in {short(owner)}, and the docstring says that this does not matter. The edit tests it first.",
        edits=[(module, Edit(at, at, f"if {item} in {owner}:\n{indent}    "))],
        prior=0.86,
        nature="guard",
    )
