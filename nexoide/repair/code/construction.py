"""What a class sets on its new objects, where a further attribute is set, and edits of that place."""

from __future__ import annotations

import ast

from nexoide.repair.code.beginnings import set_by
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module

_CONTAINERS = {"append": "[]", "extend": "[]", "insert": "[]", "add": "set()", "discard": "set()", "update": "{}", "setdefault": "{}", "items": "{}"}


def initialiser(item: Class) -> FunctionNode | None:
    """Return the class's own `__init__` (`__post_init__` of a dataclass), or None."""
    wanted = "__post_init__" if item.has_fields else "__init__"
    return next((node for node in item.node.body if isinstance(node, FUNCTIONS) and node.name == wanted and node.args.args), None)


def calls_super(method: FunctionNode) -> bool:
    """Say whether a method calls the same method of its base."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method.name and not _is_self(method, node.func.value)
        for node in ast.walk(method)
    )


def _is_self(method: FunctionNode, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and bool(method.args.args) and node.id == method.args.args[0].arg


def is_setting(method: FunctionNode, statement: ast.stmt) -> bool:
    """Say whether a statement only sets attributes of the object."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target] if isinstance(statement, ast.AnnAssign) else []
    return bool(targets) and all(isinstance(target, ast.Attribute) and _is_self(method, target.value) for target in targets)


def add_first(item: Class, lines: list[str]) -> Edit | None:
    """Return the edit that runs some lines at the start of every construction: after the first settings of `__init__`.

    A class without an `__init__` gets one where it has no bases, at the place of its first method.
    """
    module = item.module
    method = initialiser(item)
    if method is None:
        return _new_initialiser(item, lines)
    body = method.body
    place = 0
    for number, statement in enumerate(body):
        is_super = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and "__init__" in ast.dump(statement.value.func)
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not (is_super or is_text or (is_setting(method, statement) and not _calls_self(method, statement))):
            break
        place = number + 1
    near = body[place - 1] if place else body[0]
    indent = module.own_indent(near)
    if indent is None:
        return None
    if place:
        last = near.end_lineno or near.lineno
        at = module.line_start(last) + len(module.lines[last - 1])
        return Edit(at, at, "".join(f"\n{indent}{line}" for line in lines))
    at = module.span(near)[0]
    return Edit(at, at, "".join(f"{line}\n{indent}" for line in lines))


def _calls_self(method: FunctionNode, statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_self(method, node.func.value) for node in ast.walk(statement))


def _new_initialiser(item: Class, lines: list[str]) -> Edit | None:
    first = next((node for node in item.node.body if isinstance(node, FUNCTIONS)), None)
    if first is None or item.has_fields or [base for base in item.bases if base not in ("object", "ABC", "Protocol")]:
        return None
    module = item.module
    top = min([first.lineno, *(decorator.lineno for decorator in first.decorator_list)])
    indent = module.own_indent(first) if not first.decorator_list else module.lines[top - 1][: len(module.lines[top - 1]) - len(module.lines[top - 1].lstrip())]
    if not indent:
        return None
    at = module.line_start(top)
    step = indent if "\t" in indent else "    "
    text = f"{indent}def __init__(self):\n" + "".join(f"{indent}{step}{line}\n" for line in lines) + "\n"
    return Edit(at, at, text)


def neutral(node: ast.expr | None) -> str:
    """Return the text of a first value that says nothing yet ([], 0, None, set()), "" for any other."""
    if isinstance(node, ast.Constant) and (node.value is None or node.value is False or node.value in (0, "")):
        return ast.unparse(node)
    if isinstance(node, ast.List | ast.Tuple | ast.Dict) and not getattr(node, "elts", getattr(node, "keys", None)):
        return ast.unparse(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id in ("set", "list", "dict", "Counter", "deque", "OrderedDict") and not node.args:
            return ast.unparse(node)
        if node.func.id == "defaultdict" and len(node.args) == 1 and isinstance(node.args[0], ast.Name):
            return ast.unparse(node)
    return ""


def by_use(item: Class, attribute: str) -> str:
    """Return the first value that all uses of an attribute in its class ask for, "" where they do not say."""
    found: set[str] = set()
    module = item.module
    for method in item.node.body:
        if not isinstance(method, FUNCTIONS) or not method.args.args:
            continue
        for statement, value in set_by(method, attribute):
            if isinstance(statement, ast.AugAssign) and value is not None:
                found.add(_of_augmented(statement.op, value))
        for node in ast.walk(method):
            if isinstance(node, ast.Attribute) and node.attr == attribute and _is_self(method, node.value):
                found.add(_of_use(module, node))
    found -= {"", "?"}
    if found == {"{}", "set()"} or found == {"set()", "[]"}:
        found.discard("{}")
    return next(iter(found)) if len(found) == 1 else ""


def _of_augmented(operator: ast.operator, value: ast.expr) -> str:
    if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        return '""'
    if isinstance(value, ast.List | ast.ListComp):
        return "[]"
    if isinstance(operator, ast.Add | ast.Sub):
        return "0.0" if isinstance(value, ast.Constant) and isinstance(value.value, float) else "0" if not isinstance(value, ast.Dict | ast.Set) else "?"
    if isinstance(operator, ast.BitOr):
        return "set()" if isinstance(value, ast.Set | ast.SetComp) else "{}" if isinstance(value, ast.Dict) else "?"
    return "?"


def _of_use(module: Module, node: ast.Attribute) -> str:
    parent = module.parents.get(node)
    above = module.parents.get(parent) if parent is not None else None
    if isinstance(parent, ast.Attribute) and isinstance(above, ast.Call) and above.func is parent:
        return _CONTAINERS.get(parent.attr, "?")
    if isinstance(parent, ast.Subscript) and parent.value is node and isinstance(parent.ctx, ast.Store):
        if isinstance(above, ast.AugAssign):
            return "?"
        return "{}"
    return "?"


def has_flag(item: Class, name: str) -> bool:
    """Say whether a class's decorator is given a flag that is true."""
    calls = [node for node in item.node.decorator_list if isinstance(node, ast.Call)]
    return any(keyword.arg == name and getattr(keyword.value, "value", False) is True for call in calls for keyword in call.keywords)


def slots_of(item: Class) -> ast.expr | None:
    """Return what a class's `__slots__` is set to, or None where it has none."""
    for node in item.node.body:
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == "__slots__" for target in node.targets):
            return node.value
    return None
