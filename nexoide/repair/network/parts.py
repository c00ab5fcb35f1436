"""Sending a list in parts: a helper that halves what was refused as too large, and calls made part by part."""

from __future__ import annotations

import ast

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, last_name
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.project import is_test
from nexoide.repair.code.scope import free_name
from nexoide.repair.code.signatures import of_function
from nexoide.repair.context import Context

_COUNTS = frozenset({"accepted", "added", "count", "created", "imported", "indexed", "ingested", "inserted", "n", "num", "processed", "received"})
_COUNTS |= {"saved", "sent", "size", "stored", "total", "updated", "uploaded", "written"}
_LISTS = frozenset({"answers", "created_ids", "data", "documents", "entries", "errors", "ids", "items", "keys", "records", "results", "rows", "values"})
_BINDING = (ast.Starred, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Await)


def refusing_test(context: Context) -> str:
    """Return the test of the caught `error` that says that it was not about size, "" where its type says that already."""
    raised = context.raised
    last, top = raised.type.rsplit(".", 1)[-1], raised.module.split(".", maxsplit=1)[0]
    if last == "HTTPError" and top == "urllib":
        return "error.code != 413"
    if last in ("HTTPError", "HTTPStatusError") and top in ("requests", "httpx"):
        return "error.response.status_code != 413"
    lowered = last.lower()
    if "toolarge" in lowered or "toobig" in lowered or "too_large" in lowered:
        return ""
    return '"413" not in str(error)' if "413" in raised.message else ""


def halving(name: str, caught: str, test: str, *, gives: bool) -> str:
    """Return the source of a function that sends a list whole or, where it is refused, its halves one after the other."""
    result = "return " if gives else ""
    again = [f"{result}{name}(send, items[:half])", f"{name}(send, items[half:])"]
    if gives:
        again = [" + ".join(again)]
    return "\n".join(
        [
            f"def {name}(send, items):",
            '    """Send a list whole or, where that is too large, its two halves one after the other."""',
            "    try:",
            f"        {result}send(items)",
            f"    except {caught}{' as error' if test else ''}:",
            f"        if {test + ' or ' if test else ''}len(items) < 2:",
            "            raise",
            "        half = len(items) // 2",
            *(f"        {line}" for line in again),
        ]
    )


def listed_argument(here: Context, call: ast.Call) -> ast.expr | None:
    """Return the one argument of a call that is a list, or a slice of one; None where there is none, or several."""
    found: list[ast.expr] = []
    for item in (*call.args, *(keyword.value for keyword in call.keywords)):
        name = item.value if isinstance(item, ast.Subscript) and isinstance(item.slice, ast.Slice) else item
        view = here.view(name)
        if view is not None and view.type in ("list", "tuple") and isinstance(name, ast.Name):
            found.append(item)
    return found[0] if len(found) == 1 else None


def whole_list(context: Context) -> tuple[Context, ast.Call, ast.expr] | None:
    """Return the call on the failing way that is given a list, the innermost one outside what refuses; with that argument."""
    here: Context | None = context
    for _ in range(6):
        if here is None:
            return None
        raising = here.nodes(lambda node: isinstance(node, ast.Raise))
        for node in [] if raising else here.nodes(lambda node: isinstance(node, ast.Call)):
            if not isinstance(node, ast.Call) or any(isinstance(item, _BINDING) for item in ast.walk(node)):
                continue
            given = listed_argument(here, node)
            if given is not None and callees(here.project, here.module, node):
                return here, node, given
        here = here.outer()
    return None


def gives(here: Context, call: ast.Call) -> str:
    """Return what becomes of a call's result: "nothing", "count" or "list" where results of parts can be put together, else ""."""
    parent = here.module.parents.get(call)
    if isinstance(parent, ast.Expr):
        return "nothing"
    if isinstance(parent, ast.AugAssign) and isinstance(parent.op, ast.Add):
        return "count"
    found: set[str] = set()
    for function in callees(here.project, here.module, call):
        said = _annotated(function)
        if said:
            found.add(said)
            continue
        returns = [node for node in own_nodes(function.node) if isinstance(node, ast.Return)]
        found |= {_kind_of(node.value) for node in returns} or {"nothing"}
    return next(iter(found)) if len(found) == 1 else ""


def _annotated(function: Function) -> str:
    """Return what a function's annotation says that parts of its result are put together as, "" where it does not say."""
    node = function.node.returns
    text = function.module.segment(node).strip("\"'") if node is not None else ""
    returned = [item.value for item in own_nodes(function.node) if isinstance(item, ast.Return) and item.value is not None]
    if any(
        word in last_name(part) for value in returned for part in ast.walk(value) if isinstance(part, ast.Name | ast.Attribute) for word in ("status", "code")
    ):
        return ""
    return {"int": "count", "list": "list", "List": "list"}.get(text.split("[")[0].rsplit(".", 1)[-1], "")


def _kind_of(value: ast.expr | None) -> str:
    """Return "count" or "list" where a returned expression is one, also by the name under which an answer has it; else ""."""
    if isinstance(value, ast.Await):
        value = value.value
    if isinstance(value, ast.List | ast.ListComp):
        return "list"
    name = last_name(value.func) if isinstance(value, ast.Call) else ""
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        key = value.slice.value
    elif isinstance(value, ast.Call) and name == "get" and value.args and isinstance(value.args[0], ast.Constant):
        key = value.args[0].value
    else:
        return "count" if name in ("len", "sum", "int") else "list" if name in ("list", "sorted") else ""
    return "count" if key in _COUNTS else "list" if key in _LISTS else ""


def chunked(here: Context, call: ast.Call, given: ast.expr, size: str) -> list[Edit] | None:
    """Return the edits that make the call once for every part of a size: a loop, a sum of counts, or the parts' lists put together."""
    module = here.module
    start = free_name(module, call, ["start", "offset", "first", "begin"])
    kind = gives(here, call)
    if start is None or not isinstance(given, ast.Name):
        return None
    first, last = module.span(given)
    begin, end = module.span(call)
    made = f"{module.text[begin:first]}{given.id}[{start} : {start} + {size}]{module.text[last:end]}"
    ranged = f"for {start} in range(0, len({given.id}), {size})"
    if kind == "nothing" and isinstance(module.parents.get(call), ast.Expr):
        statement = module.statement(call)
        indent = module.own_indent(statement) if statement is not None else None
        return [Edit(begin, end, f"{ranged}:\n{indent}    {made}")] if indent is not None and "\n" not in made else None
    if kind == "count":
        return [Edit(begin, end, f"sum({made} {ranged})")]
    if kind == "list":
        item = free_name(module, call, ["item", "row", "one", "each"])
        return [Edit(begin, end, f"[{item} {ranged} for {item} in {made}]")] if item is not None else None
    return None


def halved(here: Context, call: ast.Call, given: ast.expr, name: str) -> Edit | None:
    """Return the edit that gives the call to a helper of `halving`; None where its result cannot be put together."""
    module = here.module
    if not gives(here, call):
        return None
    part = free_name(module, call, ["part", "items", "batch", "some"])
    if part is None:
        return None
    first, last = module.span(given)
    begin, end = module.span(call)
    made = f"{module.text[begin:first]}{part}{module.text[last:end]}"
    text = module.segment(given)
    return Edit(begin, end, f"{name}(lambda {part}: {made}, {text})")


def divided(here: Context, call: ast.Call, given: ast.expr, name: str) -> tuple[Function, list[Edit]] | None:
    """Return the called function with the edits after which it sends its list in parts by itself; None where it stands beside the call.

    The function keeps its name and its parameters, and what it did is done by a second one, once for each part: so all its callers are
    served. Only a plain function or method of another file, whose arguments can all be passed on.
    """
    found = callees(here.project, here.module, call)
    if len(found) != 1 or found[0].module is here.module or is_test(found[0].module.rel) or not gives(here, call):
        return None
    function = found[0]
    node, module, arguments = function.node, function.module, function.node.args
    parameter = _parameter_of(function, call, given)
    indent = module.own_indent(node)
    if isinstance(node, ast.AsyncFunctionDef) or node.decorator_list or arguments.vararg or arguments.kwarg or not parameter or indent is None:
        return None
    if any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own_nodes(node)):
        return None
    once = free_name(module, node, [f"_{function.name.strip('_')}_once", f"_{function.name.strip('_')}_part"])
    part = free_name(module, node, ["part", "some"])
    start, body = module.span(node)[0], module.span(node.body[0])[0]
    if once is None or part is None or node.lineno == node.body[0].lineno:
        return None
    header = module.text[start:body].rstrip()
    me = arguments.args[0].arg if function.owner is not None else ""
    passed = [part if item.arg == parameter else item.arg for item in (*arguments.posonlyargs, *arguments.args) if item.arg != me]
    passed += [f"{item.arg}={part if item.arg == parameter else item.arg}" for item in arguments.kwonlyargs]
    called = f"{me}.{once}" if me else once
    inner = f"return {name}(lambda {part}: {called}({', '.join(passed)}), {parameter})"
    begin = module.text.index(function.name, start + len("def "))
    gap = "\n\n" if me else "\n\n\n"
    front = f"{header}\n{indent}    {inner}{gap}{indent}"
    return function, [Edit(start, begin + len(function.name), f"{front}def {once}")]


def _parameter_of(function: Function, call: ast.Call, given: ast.expr) -> str:
    """Return the parameter that an argument of a call fills."""
    keyword = next((item.arg for item in call.keywords if item.value is given), None)
    if keyword:
        return keyword
    slots = of_function(function).positional
    place = next((number for number, item in enumerate(call.args) if item is given), -1)
    return slots[place].name if 0 <= place < len(slots) else ""
