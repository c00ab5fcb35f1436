"""None that stands for something else: an empty default, a mistyped key, the wrong search, the end of a chain, a step not done yet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.absent import absence
from nexoide.repair.absent.nothing import Nothing, origin
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, index, last_name, members
from nexoide.repair.code.infer import infer, own_nodes
from nexoide.repair.code.names import closest, is_tie
from nexoide.repair.code.signatures import of_function
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.code.values import value_of
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.items.keys import known_keys

_LIST = frozenset(["append", "extend", "insert", "sort", "reverse", "pop", "remove", "index", "count"])
_SET = frozenset(["add", "discard", "union", "intersection", "difference", "issubset", "issuperset"])
_DICT = frozenset(["items", "keys", "values", "get", "update", "setdefault"])
# A repetition inside a repetition can take a matcher for ever.
_SLOW = re.compile(r"[+*}]\)?[+*{]|\)[+*{]|\\\d|\(\?P=")
MAX_TEXT = 200


def unset(context: Context, nothing: Nothing) -> Iterator[Idea]:
    """Yield what the code gives a reason for, the repair at the origin first."""
    source = origin(context.module, nothing.node)
    yield from _key(context, source)
    yield from _search(context, source)
    yield from _parameter(context, nothing)
    yield from _attribute(context, nothing)
    yield from _chain_end(context, nothing)
    yield from _not_started(context, nothing)


def _empty(nothing: Nothing, annotation: str) -> str:
    """Return the empty container that a use, or an annotation, asks for; "" where it is open."""
    kind = annotation.strip("\"' ").removeprefix("Optional[").split("[")[0].split("|")[0].strip().rsplit(".", 1)[-1].lower()
    by_annotation = {"list": "[]", "dict": "{}", "set": "set()", "mapping": "{}", "sequence": "[]", "iterable": "[]", "mutablemapping": "{}"}.get(kind, "")
    if by_annotation:
        return by_annotation
    if nothing.use == "attribute":
        return "[]" if nothing.name in _LIST - {"pop"} else "set()" if nothing.name in _SET else "{}" if nothing.name in _DICT else ""
    return "{}" if nothing.use in ("store", "mapping") else ""


def _default_of(function: FunctionNode, name: str) -> tuple[ast.arg, ast.expr | None] | None:
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(given.defaults)) + list(given.defaults)
    for item, default in (*zip(positional, defaults, strict=True), *zip(given.kwonlyargs, given.kw_defaults, strict=True)):
        if item.arg == name:
            return item, default
    return None


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _parameter(context: Context, nothing: Nothing) -> Iterator[Idea]:
    """A parameter that is None unless it is given, used as a container: it begins empty."""
    module, node = context.module, nothing.node
    function = module.function(node)
    found = _default_of(function, node.id) if isinstance(node, ast.Name) and function is not None else None
    if found is None or function is None or not _is_none(found[1]) or not isinstance(node, ast.Name):
        return
    empty = _empty(nothing, module.segment(found[0].annotation) if found[0].annotation is not None else "")
    first = next((item for item in function.body if not _is_docstring(item)), None)
    indent = module.own_indent(first) if first is not None else None
    if not empty or first is None or indent is None or absence.is_guarded_elsewhere(module, node):
        return
    if nothing.use in ("iterate", "contains", "len"):
        return  # `x or ()` where it is used is smaller
    at = module.span(first)[0]
    name = node.id
    yield Idea(
        title=f"let {name} begin as {empty} where the caller gives none",
        why=f"{function.name}() takes {name}=None and uses it as {'a list' if empty == '[]' else 'a set' if empty == 'set()' else 'a mapping'} at once. "
        f"The edit makes a new {empty} for each call that gives none. Calls that give one are as before.",
        edits=[(module, Edit(at, at, f"if {name} is None:\n{indent}    {name} = {empty}\n{indent}"))],
        prior=0.88,
        cautions=(f"A call without {name} now works on a new {empty}.",),
    )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _own_class(context: Context, node: ast.expr) -> Class | None:
    """Return the class of a `self.x`."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"):
        return None
    owner = context.module.owner(node)
    return next((item for item in index(context.module).classes if item.node is owner), None)


def _attribute(context: Context, nothing: Nothing) -> Iterator[Idea]:
    """An attribute that the constructor leaves None, used as a container: it begins empty."""
    node = nothing.node
    if not isinstance(node, ast.Attribute):
        return
    view = context.view(node.value)
    item = _own_class(context, node)
    if item is None:
        names = infer(context.project, context.module, node.value) or ({view.type} if view is not None else set())
        owners = [found for name in sorted(names) for found in find_classes(context.project, name, context.module)]
        item = owners[0] if len(owners) == 1 else None
    if item is None or absence.is_guarded_elsewhere(context.module, node):
        return
    attribute = members(context.project, item).attributes.get(node.attr)
    empty = _empty(nothing, attribute.annotation if attribute is not None else "")
    if attribute is None or not empty or _assigned_later(item, node.attr):
        return
    maker = item.methods.get("__init__")
    value = attribute.value
    edits: list[tuple[Module, Edit]] = []
    if isinstance(value, ast.Name) and maker is not None and (found := _default_of(maker.node, value.id)) is not None and _is_none(found[1]):
        edits = [(item.module, Edit(*item.module.span(value), f"{value.id} if {value.id} is not None else {empty}"))]
    elif value is not None and _is_none(value) and attribute.is_field:
        edits = _field_edits(item, value, empty)
    elif value is not None and _is_none(value) and maker is not None and item.module.function(value) is maker.node:
        edits = [(item.module, Edit(*item.module.span(value), empty))]
    if edits:
        yield Idea(
            title=f"let {item.name}.{node.attr} begin as {empty}",
            why=f"self.{node.attr} is None until somebody gives it a value, and {item.name} uses it as a container. "
            f"The edit lets every new {item.name} begin with its own {empty}. It changes nothing where a value is given.",
            edits=edits,
            prior=0.86,
            cautions=(f"A {item.name} made without {node.attr} now has {empty}.",),
        )


def _field_edits(item: Class, value: ast.expr, empty: str) -> list[tuple[Module, Edit]]:
    factory = {"[]": "list", "{}": "dict", "set()": "set"}[empty]
    module = item.module
    source = index(module).imports
    if source.get("field", ("", ""))[0] == "dataclasses":
        return [(module, Edit(*module.span(value), f"field(default_factory={factory})"))]
    for node in module.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "dataclasses":
            end = module.span(node)[1] - (1 if module.segment(node).endswith(")") else 0)
            return [(module, Edit(end, end, ", field")), (module, Edit(*module.span(value), f"field(default_factory={factory})"))]
    return [(module, Edit(*module.span(value), f"dataclasses.field(default_factory={factory})"))] if "dataclasses" in source else []


def _assigned_later(item: Class, attribute: str) -> bool:
    """Say whether another method than the constructor gives the attribute a value: then None means `not yet`."""
    for name, method in item.methods.items():
        if name != "__init__":
            for node in ast.walk(method.node):
                if isinstance(node, ast.Attribute) and node.attr == attribute and isinstance(node.ctx, ast.Store):
                    return True
    return False


def _key(context: Context, source: ast.expr) -> Iterator[Idea]:
    """`.get("nmae")` of a mapping that has `name`."""
    if not (isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "get" and source.args):
        return
    key = source.args[0]
    known = known_keys(context, source.func.value)
    if known is None or not isinstance(key, ast.Constant) or not isinstance(key.value, str) or key.value in known.items:
        return
    ranked = closest(key.value, known.texts, 0.74)
    if not ranked or is_tie(ranked):
        return
    new = ranked[0][1]
    quote = context.module.segment(key)[:1]
    if quote not in "\"'" or quote in new or "\\" in new:
        return
    yield Idea(
        title=f"look for the key {new!r} where {key.value!r} was meant",
        why=f"{context.module.segment(source.func.value)} has no key {key.value!r}, so .get() gave None; its closest key is {new!r}. "
        "The edit changes the key of this lookup. It adds no default.",
        edits=[(context.module, Edit(*context.module.span(key), f"{quote}{new}{quote}"))],
        prior=min(0.93, 0.6 + 0.9 * (ranked[0][0] - 0.7) + (0.06 if known.seen else 0.0)),
        alternatives=("A default for the key: the value is there, under another name.",),
    )


def _search(context: Context, source: ast.expr) -> Iterator[Idea]:
    """`re.match` where the pattern stands further inside the text: `re.search` finds it."""
    if not (isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr in ("match", "fullmatch")):
        return
    module, owner = context.module, source.func.value
    if isinstance(owner, ast.Name) and owner.id == "re" and len(source.args) >= 2:
        pattern, text = value_of(context, source.args[0]), value_of(context, source.args[1])
    elif isinstance(owner, ast.Name) and source.args:
        pattern, text = _compiled(module, owner.id), value_of(context, source.args[0])
    else:
        return
    if not (isinstance(pattern, str) and isinstance(text, str)) or len(text) > MAX_TEXT or len(pattern) > MAX_TEXT or _SLOW.search(pattern):
        return
    try:
        found = re.search(pattern, text)
    except re.error:
        return
    if found is None:
        return
    end = module.span(source.func)[1]
    whole = source.func.attr == "fullmatch"
    yield Idea(
        title=f"search the text for the pattern instead of {'matching all of it' if whole else 'matching at its beginning'}",
        why=f"{source.func.attr}() gave None because the pattern does not stand {'for the whole text' if whole else 'at the beginning of the text'}; "
        f"search() finds {found[0][:40]!r} in it. The edit searches instead. Texts that matched before are found as before.",
        edits=[(module, Edit(end - len(source.func.attr), end, "search"))],
        prior=0.6 if whole else 0.8,
        alternatives=("A guard against texts that do not match: this one does hold what is looked for.",),
    )


def _compiled(module: Module, name: str) -> str:
    """Return the pattern of `NAME = re.compile("...")`, or "" where there is none."""
    for node in module.nodes:
        value = node.value if isinstance(node, ast.Assign) and any(isinstance(item, ast.Name) and item.id == name for item in node.targets) else None
        if isinstance(value, ast.Call) and last_name(value.func) == "compile" and len(value.args) == 1:
            pattern = value.args[0]
            return pattern.value if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str) else ""
    return ""


def _chain_end(context: Context, nothing: Nothing) -> Iterator[Idea]:
    """`while node.key != key: node = node.next` that walks past the end: the test stops there."""
    module, node = context.module, nothing.node
    if not isinstance(node, ast.Name) or nothing.use != "attribute":
        return
    loop = next((item for item in module.ancestors(node) if isinstance(item, ast.While)), None)
    if loop is None or node not in set(ast.walk(loop.test)):
        return
    steps = [
        item
        for item in ast.walk(loop)
        if isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == node.id for target in item.targets)
    ]
    if not any(isinstance(item.value, ast.Attribute) and isinstance(item.value.value, ast.Name) and item.value.value.id == node.id for item in steps):
        return
    start, end = module.span(loop.test)
    text = module.segment(loop.test)
    if isinstance(loop.test, ast.BoolOp) and isinstance(loop.test.op, ast.Or):
        text = f"({text})"
    yield Idea(
        title=f"stop where {node.id} is at the end of the chain",
        why=f"The loop follows {module.segment(steps[0].value)} and tests {module.segment(loop.test)} even where {node.id} is None, at the end. "
        "The edit tests for the end first. Every element that was looked at before still is.",
        edits=[(module, Edit(start, end, f"{node.id} is not None and {text}"))],
        prior=0.8,
        nature="guard",
        unchecked=(f"What follows the loop when {node.id} is None.",),
    )


def _not_started(context: Context, nothing: Nothing) -> Iterator[Idea]:
    """`self.x` that another method makes: the methods beside this one make sure of that first, or nobody else can."""
    node, module = nothing.node, context.module
    item = _own_class(context, node)
    function = module.function(node)
    if item is None or function is None or not isinstance(node, ast.Attribute) or item.module is not module:
        return
    makers = [
        method
        for name, method in item.methods.items()
        if name not in ("__init__", "close", "disconnect", "stop", "reset", "shutdown")
        and method.node is not function
        and any(
            isinstance(inner, ast.Assign)
            and not _is_none(inner.value)
            and any(isinstance(target, ast.Attribute) and target.attr == node.attr for target in inner.targets)
            for inner in own_nodes(method.node)
        )
    ]
    if len(makers) != 1 or makers[0].is_async or any(parameter.required for parameter in of_function(makers[0]).parameters):
        return
    habit = _ensures(module, item, node.attr, makers[0].name)
    first = next((inner for inner in function.body if not _is_docstring(inner)), None)
    indent = module.own_indent(first) if first is not None else None
    if first is None or indent is None or function.name == "__init__":
        return
    text = f"if {module.segment(node)} is None:\n{indent}    self.{makers[0].name}()\n{indent}"
    at = module.span(first)[0]
    yield Idea(
        title=f"{makers[0].name} first where self.{node.attr} is not there yet",
        why=f"self.{node.attr} is made by {item.name}.{makers[0].name}(), which had not run. "
        + (f"{habit} other methods of the class make sure of that first. " if habit else f"Nothing else in {item.name} makes it, and it needs no arguments. ")
        + f"The edit lets {function.name}() do the same. Where it is there, nothing changes.",
        edits=[(module, Edit(at, at, text))],
        prior=0.88 if habit else 0.64,
        nature="guard",
        cautions=(f"{function.name}() now calls {makers[0].name}() itself when it has to.",),
        alternatives=(f"A call of {makers[0].name}() where the object is made: every other place that makes one would need it too.",),
    )


def _ensures(module: Module, item: Class, attribute: str, maker: str) -> int:
    """Return how many methods begin with `if self.x is None: self.make()`."""
    count = 0
    for node in ast.walk(item.node):
        if isinstance(node, ast.If) and len(node.body) == 1 and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Call):
            tested = absence.tested_name(node.test)
            count += last_name(node.body[0].value.func) == maker and isinstance(tested, ast.Attribute) and tested.attr == attribute
    return count
