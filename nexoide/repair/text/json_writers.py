"""Who in the project writes what is no JSON: Python's own notation, a comma behind the last item, a file that keeps its old end."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.project import is_test
from nexoide.repair.code.scope import free_name
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need, need_module
from nexoide.repair.text.bytes_and_text import mode_of
from nexoide.repair.text.json_calls import function_of

_SINKS = frozenset(
    ["write", "write_text", "write_bytes", "send", "sendall", "put", "set", "hset", "publish", "lpush", "rpush", "execute", "post", "append", "setex", "print"]
)
_TAIL = re.compile(r",\s*")


def python_notation(context: Context, calls: list[ast.Call]) -> Iterator[Idea]:
    """Yield json.dumps() where the project makes text of a dict or list with str(), repr() or a format; else a reader for that notation."""
    made = list(_made_texts(context, calls))
    for rank, (module, node, value) in enumerate(made[:2]):
        name, extra = need_module(context.project, module, "json")
        yield Idea(
            title=f"write {short(module.segment(value))} with json.dumps()",
            why=(
                f"{module.rel}:{node.lineno} makes text of {short(module.segment(value))} in Python's own notation, with single quotes, None and True. "
                "What reads it wants JSON. The edit writes JSON."
            ),
            edits=[(module, Edit(*module.span(node), f"{name}.dumps({module.segment(value)})")), *((module, edit) for edit in extra)],
            prior=0.91 - 0.2 * rank,
            alternatives=("Exchanging the quotes where it is read: texts with quotes, None and True would break.",),
        )
    if made or not calls or function_of(context.module, calls[0]) != "loads":
        return
    module = context.module
    name, more = need(context.project, module, "ast", "literal_eval")
    text = module.segment(calls[0].args[0])
    yield Idea(
        title=f"read {short(text)} with literal_eval()",
        why="The text is in Python's own notation and no JSON, and nothing in the project writes it. The edit reads that notation, without running anything.",
        edits=[(module, Edit(*module.span(calls[0]), f"{name}({text})")), *((module, edit) for edit in more)],
        prior=0.66,
        nature="call",
    )


def _made_texts(context: Context, calls: list[ast.Call]) -> Iterator[tuple[Module, ast.expr, ast.expr]]:
    """Yield what makes text of a value in Python's notation: on the way of the parsed text first, else what is written somewhere."""
    for call in calls:
        for spot in trace(context, call.args[0])[1:]:
            value = _notated(spot.node)
            if value is not None:
                yield spot.module, spot.node, value
                return
    found: list[tuple[int, Module, ast.expr, ast.expr]] = []
    for module in context.project.containing("("):
        if is_test(module.rel):
            continue
        for node in module.nodes:
            if not (isinstance(node, ast.Call) and last_name(node.func) in _SINKS and last_name(node.func) != "print"):
                continue
            for given in (*node.args, *(item.value for item in node.keywords)):
                for spot in trace(context, given, module)[:2]:
                    for part in _parts(spot.node):
                        value = _notated(part)
                        kind = kind_of(context, value, spot.module) if value is not None else ""
                        if value is not None and kind in ("dict", "list", "tuple", "") and not is_test(spot.module.rel):
                            found.append((0 if kind else 1, spot.module, part, value))
    found.sort(key=lambda row: row[0])
    best = [row for row in found if row[0] == found[0][0]]
    if len({id(row[2]) for row in best}) <= 2:
        seen: set[int] = set()
        for _, module, node, value in best:
            if id(node) not in seen:
                seen.add(id(node))
                yield module, node, value


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    yield node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts(node.left)
        yield from _parts(node.right)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "encode":
        yield from _parts(node.func.value)


def _notated(node: ast.expr) -> ast.expr | None:
    """Return the value of which `str()`, `repr()` or an f-string of nothing else makes text."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("str", "repr") and len(node.args) == 1:
        return node.args[0]
    if isinstance(node, ast.JoinedStr) and len(node.values) == 1 and isinstance(node.values[0], ast.FormattedValue) and node.values[0].format_spec is None:
        return node.values[0].value
    return None


def leftover(context: Context, text: str | None) -> Iterator[Idea]:
    """Yield what takes the old end of a file away: truncate() behind a shorter text, or a file that is begun anew and not added to."""
    for module in context.project.containing("open("):
        if is_test(module.rel):
            continue
        for node in module.nodes:
            if not isinstance(node, ast.Call) or last_name(node.func) != "open":
                continue
            constant, mode = mode_of(node)
            if "+" in mode and "w" not in mode:
                yield from _truncated(module, node)
            elif "a" in mode and constant is not None and _writes_documents(module, node):
                new = module.segment(constant).replace("a", "w", 1)
                yield Idea(
                    title=f"begin the file anew at {module.rel}:{node.lineno}",
                    why="Each time the whole document is written behind the old one, so that the file has several. The edit writes it in the old one's place.",
                    edits=[(module, Edit(*module.span(constant), new))],
                    prior=0.86,
                    cautions=("The file then holds only the last document.",),
                )


def _truncated(module: Module, opening: ast.Call) -> Iterator[Idea]:
    function = module.function(opening)
    if function is None:
        return
    calls = [item for item in own_nodes(function) if isinstance(item, ast.Call)]
    names = {last_name(item.func) for item in calls}
    if "truncate" in names or "seek" not in names:
        return
    writes = [item for item in calls if function_of(module, item) == "dump" or last_name(item.func) == "write"]
    seeks = [item for item in calls if last_name(item.func) == "seek"]
    last = max(writes, key=lambda item: item.lineno, default=None)
    statement = module.statement(last) if last is not None else None
    indent = module.own_indent(statement) if statement is not None else None
    if statement is None or indent is None or not isinstance(seeks[0].func, ast.Attribute):
        return
    handle = module.segment(seeks[0].func.value)
    end = module.span(statement)[1]
    yield Idea(
        title=f"cut the file behind what is written: {handle}.truncate()",
        why=f"{module.rel}:{statement.lineno} writes over the beginning of the file. Where the new text is shorter, the old one's end stays. The edit cuts it.",
        edits=[(module, Edit(end, end, f"\n{indent}{handle}.truncate()"))],
        prior=0.93,
    )


def _writes_documents(module: Module, opening: ast.Call) -> bool:
    """Say whether whole documents, and no lines of them, are written to a file that is added to."""
    statement = module.statement(opening)
    if not isinstance(statement, ast.With):
        return False
    nodes = [item for inner in statement.body for item in ast.walk(inner)]
    dumps = [item for item in nodes if isinstance(item, ast.Call) and function_of(module, item) in ("dump", "dumps")]
    has_line_end = any(isinstance(item, ast.Constant) and isinstance(item.value, str) and "\n" in item.value for item in nodes)
    return bool(dumps) and not has_line_end and not any(isinstance(item, ast.For | ast.While) for item in nodes)


def comma_behind(context: Context) -> Iterator[Idea]:
    """Yield a comma before each item but the first, where the project writes one behind each."""
    for module in context.project.containing("dumps"):
        if is_test(module.rel):
            continue
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _TAIL.fullmatch(node.value):
                idea = _before_each(module, node)
                if idea is not None:
                    yield idea
                    return
    context.refuse("A comma stands behind the last item; which part of the project writes it is not clear.")


def _before_each(module: Module, comma: ast.Constant) -> Idea | None:
    plus = module.parents.get(comma)
    function = module.function(comma)
    if not (isinstance(plus, ast.BinOp) and isinstance(plus.op, ast.Add) and plus.right is comma) or function is None:
        return None
    if not any(isinstance(item, ast.Call) and last_name(item.func) == "dumps" for item in ast.walk(plus)):
        return None
    separator = module.segment(comma)
    start = module.span(plus)[0]
    behind = module.span(plus.left)[1]
    counter, edits = _first_mark(module, function, plus)
    if not counter:
        return None
    edits += [Edit(start, start, f'({separator} if {counter} else "") + '), Edit(behind, module.span(comma)[1], "")]
    return Idea(
        title="write the comma between the items, and none behind the last",
        why=f"{module.rel}:{comma.lineno} writes a comma behind each item, also the last. The edit writes it before all but the first.",
        edits=[(module, edit) for edit in edits],
        prior=0.9,
        alternatives=("Taking the comma away where it is read: every reader would have to.",),
    )


def _first_mark(module: Module, function: FunctionNode, node: ast.AST) -> tuple[str, list[Edit]]:
    """Return what is false for the first item only, with the edits it needs: the loop's number, or a counter that the class keeps."""
    for item in module.ancestors(node):
        if isinstance(item, ast.For) and isinstance(item.target, ast.Name | ast.Tuple):
            if isinstance(item.iter, ast.Call) and last_name(item.iter.func) == "enumerate" and isinstance(item.target, ast.Tuple) and not item.iter.keywords:
                first = item.target.elts[0]
                return (module.segment(first), []) if len(item.iter.args) == 1 else ("", [])
            name = free_name(module, node, ["number", "place", "count"])
            if name is None:
                return "", []
            target = module.segment(item.target)
            spelled = f"({target})" if isinstance(item.target, ast.Tuple) and not target.startswith("(") else target
            return name, [Edit(*module.span(item.target), f"{name}, {spelled}"), Edit(*module.span(item.iter), f"enumerate({module.segment(item.iter)})")]
        if item is function:
            break
    for other in own_nodes(function):
        if (
            isinstance(other, ast.AugAssign)
            and isinstance(other.op, ast.Add)
            and other.lineno > getattr(node, "lineno", 0)
            and isinstance(other.target, ast.Attribute)
            and isinstance(other.value, ast.Constant)
        ):
            return module.segment(other.target), []
    return "", []
