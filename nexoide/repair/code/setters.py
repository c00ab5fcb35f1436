"""Methods that alone set an attribute, and that nothing calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.beginnings import set_by
from nexoide.repair.code.construction import initialiser
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea


def calling_setter(context: Context, item: Class, attribute: str) -> Iterator[Idea]:
    """Yield a call at the end of `__init__` of the one method that sets the attribute and that nobody calls."""
    setters = [
        other
        for other in item.node.body
        if isinstance(other, ast.FunctionDef) and other.args.args and other.name not in ("__init__", "__post_init__") and any(set_by(other, attribute))
    ]
    method = initialiser(item)
    if len(setters) != 1 or method is None or len(setters[0].args.args) - len(setters[0].args.defaults) > 1 or setters[0].decorator_list:
        return
    setter = setters[0]
    calls = [
        node
        for module in context.project.containing(f"{setter.name}(")
        for node in module.nodes
        if isinstance(node, ast.Attribute) and node.attr == setter.name
    ]
    if calls or setter.name.startswith("__"):
        context.refuse(f"{item.name}.{setter.name}() sets {attribute}, and it was not called before.")
        return
    last = method.body[-1]
    indent = item.module.own_indent(last)
    end = last.end_lineno or last.lineno
    at = item.module.line_start(end) + len(item.module.lines[end - 1])
    if indent is None or isinstance(last, ast.Return | ast.Raise):
        return
    yield Idea(
        title=f"call {setter.name}() when a {item.name} is made",
        why=f"Only {item.name}.{setter.name}() sets {attribute}, and nothing in the project calls it. The edit calls it at the end of __init__().",
        edits=[(item.module, Edit(at, at, f"\n{indent}{method.args.args[0].arg}.{setter.name}()"))],
        prior=0.68,
        alternatives=("A test at the place of use whether the attribute is there: every other use would need one too.",),
    )
