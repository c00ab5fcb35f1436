"""Where the value stands that JSON has no form for, and the edits that write it: at its place, for the whole call, or in the own encoder."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.model.failure import ValueView
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name, members
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.code.wayback import owner_classes, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need
from nexoide.repair.text.json_values import Form, forms

REFUSED = re.compile(r"Object of type (?P<kind>[\w.]+) is not JSON serializable")
KEYS = re.compile(r"keys must be str, int, float, bool or None, not (?P<kind>[\w.]+)|keys must be a string")
_WRITERS = frozenset({"dumps", "dump", "post", "put", "patch", "request", "jsonify", "JSONResponse", "send_json", "json_response", "iterencode", "encode"})


def refused_value(context: Context) -> ValueView | None:
    """Return what is known of the value that was refused: the encoder's own argument."""
    for frame in reversed(context.raised.frames):
        if frame.function.rsplit(".", 1)[-1] == "default" and "o" in frame.locals:
            return frame.locals["o"]
    return None


def written(context: Context) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Yield the calls of the failing line that write JSON, each with the document's expression."""
    for node in context.nodes(lambda item: isinstance(item, ast.Call) and last_name(item.func) in _WRITERS):
        assert isinstance(node, ast.Call)
        given = next((item.value for item in node.keywords if item.arg in ("json", "obj", "content")), None)
        if given is None and node.args and last_name(node.func) in ("dumps", "dump", "jsonify", "JSONResponse", "send_json", "json_response", "encode"):
            given = node.args[0]
        if given is not None:
            yield node, given


def value_ideas(context: Context) -> Iterator[Idea]:
    """Yield the forms in which the refused value can be written, at its place where that is one, else for the whole call."""
    match = REFUSED.search(context.raised.message)
    if match is None:
        return
    kind = match["kind"].rsplit(".", 1)[-1]
    encoder = _own_encoder(context)
    if encoder is not None:
        yield from _extended(context, encoder, kind)
        return
    for call, given in written(context):
        digests = [(module, node) for module, node in _places(context, given, kind) if _is_digest(node)] if kind == "bytes" else []
        if digests:
            yield _in_hexadecimal(digests)
            return
        for rank, form in enumerate(forms(context, kind)[:2]):
            places = list(_places(context, given, kind))
            handed = _is_parameter(context, call, given)
            if places and not _is_declared(context, call, given, kind):
                yield _at_places(context, places, form, kind, handed=handed)
            if last_name(call.func) in ("dumps", "dump") and not any(item.arg in ("default", "cls") for item in call.keywords):
                yield _for_call(context, call, form, kind, lower=(bool(places) and not handed) or rank > 0)
        return
    context.refuse(f"A {kind} is to be written as JSON; where it stands in the document is not clear.")


def _is_digest(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "digest" and not node.args


def _in_hexadecimal(places: list[tuple[Module, ast.expr]]) -> Idea:
    """Return the digests as text: what hashes give as bytes is no text in any encoding."""
    edits = []
    for module, node in places:
        assert isinstance(node, ast.Call)
        end = module.span(node.func)[1]
        edits.append((module, Edit(end - len("digest"), end, "hexdigest")))
    module, node = places[0]
    return Idea(
        title=f"write {short(module.segment(node))} in hexadecimal digits",
        why=f"digest() gives bytes, which JSON has no form for and which are no text either. The edit takes hexdigest(), the same in digits, at "
        f"{module.rel}:{node.lineno}.",
        edits=edits,
        prior=0.92,
        alternatives=("Base64 would be shorter; hexadecimal digits are how digests are usually written.",),
    )


def _is_parameter(context: Context, call: ast.Call, given: ast.expr) -> bool:
    """Say whether a document is what the writing function was given: then its callers are many, and the writer is one."""
    function = context.function(call)
    return function is not None and isinstance(given, ast.Name) and given.id in {item.arg for item in (*function.args.args, *function.args.kwonlyargs)}


def _is_declared(context: Context, call: ast.Call, given: ast.expr, kind: str) -> bool:
    """Say whether the writing function says that it is given such a value: then it is not the callers that should convert it."""
    function = context.function(call)
    for item in (*function.args.args, *function.args.kwonlyargs) if function is not None and isinstance(given, ast.Name) else ():
        if isinstance(given, ast.Name) and item.arg == given.id and item.annotation is not None:
            return context.module.segment(item.annotation).strip("\"'").rsplit(".", 1)[-1] == kind
    return False


def _at_places(context: Context, places: list[tuple[Module, ast.expr]], form: Form, kind: str, *, handed: bool) -> Idea:
    edits: list[tuple[Module, Edit]] = []
    for module, node in places:
        name, extra = need(context.project, module, *form.needs) if form.needs is not None else ("", [])
        text = module.segment(node)
        simple = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
        new = form.around(text, is_simple=simple, name=name)
        if _may_be_none(context, module, node):
            new = f"{new} if {text} is not None else None"
        edits += [(module, Edit(*module.span(node), new)), *((module, edit) for edit in extra)]
    module, node = places[0]
    return Idea(
        title=f"write {short(module.segment(node))} as {short(form.around(module.segment(node), is_simple=True))}",
        why=f"{short(module.segment(node))} at {module.rel}:{node.lineno} is a {kind}, which JSON has no form for; {form.why}. The edit writes it so.",
        edits=list(dict.fromkeys(edits)),
        prior=form.sure - (0.12 if handed else 0),
        alternatives=("A default for the whole document: it is this value alone that needs one.",),
        unchecked=("Who else reads the document.",),
    )


def _for_call(context: Context, call: ast.Call, form: Form, kind: str, *, lower: bool) -> Idea:
    module = context.module
    name, extra = need(context.project, module, *form.needs) if form.needs is not None else ("", [])
    text = form.default.replace(form.needs[1], name) if form.needs is not None and name else form.default
    last = max([*call.args, *(item.value for item in call.keywords)], key=lambda item: module.span(item)[1])
    at = module.span(last)[1]
    if isinstance(last, ast.GeneratorExp):
        at = module.span(call)[1] - 1
    return Idea(
        title=f"write each {kind} with default={short(text)}",
        why=f"The document holds a {kind}, which JSON has no form for; {form.why}. The edit has json write each of them so.",
        edits=[(module, Edit(at, at, f", default={text}")), *((module, edit) for edit in extra)],
        prior=form.sure - (0.12 if lower else 0.02),
        alternatives=("Leaving the value out: what reads it needs it.",),
        unchecked=("Who else reads the document.",),
    )


def _may_be_none(context: Context, module: Module, node: ast.expr) -> bool:
    annotation = _annotation(context, module, node)
    return "None" in annotation or annotation.startswith("Optional")


def _annotation(context: Context, module: Module, node: ast.expr) -> str:
    """Return the annotation of an attribute or a parameter, "" where there is none."""
    if isinstance(node, ast.Attribute):
        for item in owner_classes(context, module, node.value)[:1]:
            attribute = members(context.project, item).attributes.get(node.attr)
            return attribute.annotation if attribute is not None else ""
    if isinstance(node, ast.Name):
        function = module.function(node)
        if function is not None:
            for one in (*function.args.args, *function.args.kwonlyargs):
                if one.arg == node.id and one.annotation is not None:
                    return module.segment(one.annotation)
    return ""


def _is_kind(context: Context, module: Module, node: ast.expr, kind: str) -> bool:
    if kind_of(context, node, module) == kind:
        return True
    annotation = re.sub(r"\s", "", _annotation(context, module, node))
    head = annotation.replace("Optional[", "").rstrip("]").split("|")
    names = {part.split("[")[0].rsplit(".", 1)[-1] for part in head}
    if kind in names or ({kind, *names} >= {"set", "Set"}) or (kind.endswith("Path") and "Path" in names):
        return True
    if isinstance(node, ast.Call) and last_name(node.func) == kind:
        return True
    return isinstance(node, ast.Attribute | ast.Name) and any(item.name == kind for item in owner_classes(context, module, node))


def _places(context: Context, given: ast.expr, kind: str) -> Iterator[tuple[Module, ast.expr]]:
    """Yield the expressions of the document's literals that are of a type, in the functions that build it."""
    seen: set[int] = set()
    stack: list[tuple[Module, ast.expr, int]] = [(context.module, given, 0)]
    while stack:
        module, node, depth = stack.pop(0)
        if id(node) in seen or depth > 6 or len(seen) > 80 or is_test(module.rel):
            continue
        seen.add(id(node))
        inner = _parts(node)
        if inner:
            stack += [(module, item, depth + 1) for item in inner]
            continue
        if depth and not isinstance(node, ast.Constant) and _is_kind(context, module, node, kind):
            yield module, node
            continue
        stack += [(spot.module, spot.node, depth + 1) for spot in trace(context, node, module)[1:2]]
        if isinstance(node, ast.Name) and depth <= 2:
            stack += [(module, value, depth + 1) for value in _set_items(module, node)]


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return the expressions that a literal, or a comprehension, puts into a document."""
    if isinstance(node, ast.Dict):
        return list(node.values)
    if isinstance(node, ast.List | ast.Tuple):
        return list(node.elts)
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return [node.elt]
    if isinstance(node, ast.DictComp):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
        return [item.value for item in node.keywords]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("list", "sorted") and node.args:
        return [node.args[0]] if not isinstance(node.args[0], ast.Name | ast.Attribute) else []
    return []


def _set_items(module: Module, node: ast.Name) -> list[ast.expr]:
    """Return what is put into a named dict or list in its function: `data["key"] = value`, `rows.append(value)`."""
    function = module.function(node)
    if function is None:
        return []
    found: list[ast.expr] = []
    for item in ast.walk(function):
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Subscript) and last_name(item.targets[0].value) == node.id:
            found.append(item.value)
        elif isinstance(item, ast.Call) and last_name(item.func) == "append" and isinstance(item.func, ast.Attribute) and len(item.args) == 1:
            found += [item.args[0]] if last_name(item.func.value) == node.id else []
    return found


def _own_encoder(context: Context) -> ast.FunctionDef | None:
    """Return the project's own function for what JSON has no form for, where it is that one that refused."""
    nodes = context.nodes(lambda node: isinstance(node, ast.Raise | ast.Return | ast.Call))
    function = context.function(nodes[0]) if nodes else None
    if not isinstance(function, ast.FunctionDef):
        return None
    is_method = function.name == "default" and isinstance(context.module.parents.get(function), ast.ClassDef)
    used = any(
        isinstance(item, ast.keyword) and item.arg == "default" and last_name(item.value) == function.name
        for module in context.project.containing("default=")
        for item in module.nodes
    )
    return function if is_method or used else None


def _extended(context: Context, function: ast.FunctionDef, kind: str) -> Iterator[Idea]:
    """Yield one more case in the project's own encoder, before it gives up."""
    module = context.module
    arguments = [item.arg for item in function.args.args if item.arg not in ("self", "cls")]
    last = next((item for item in reversed(function.body) if isinstance(item, ast.Raise | ast.Return | ast.Expr)), None)
    indent = module.own_indent(last) if last is not None else None
    found = forms(context, kind)
    if not arguments or last is None or indent is None or not found or isinstance(function.body[-1], FUNCTIONS):
        return
    source = _source_of(context, kind)
    name, extra = (kind, []) if source is None else need(context.project, module, source, _public(kind))
    form = found[0]
    used, more = need(context.project, module, *form.needs) if form.needs is not None else ("", [])
    body = form.around(arguments[0], is_simple=True, name=used)
    at = module.span(last)[0]
    yield Idea(
        title=f"write a {kind} as {short(body)} in {function.name}()",
        why=f"{function.name}() says how values are written that JSON has no form for, and has none for a {kind}; {form.why}. The edit adds it.",
        edits=[
            (module, Edit(at, at, f"if isinstance({arguments[0]}, {name}):\n{indent}    return {body}\n{indent}")),
            *((module, edit) for edit in [*extra, *more]),
        ],
        prior=form.sure - 0.02,
    )


_SOURCES = {
    **dict.fromkeys(("datetime", "date", "time", "timedelta"), "datetime"),
    "Decimal": "decimal",
    "UUID": "uuid",
    "Fraction": "fractions",
}


def _public(kind: str) -> str:
    return "Path" if kind.endswith("Path") else kind


def _source_of(context: Context, kind: str) -> str | None:
    """Return the module that a type is imported from, None where it needs no import."""
    if kind.endswith("Path"):
        return "pathlib"
    if kind in _SOURCES:
        return _SOURCES[kind]
    classes = [item for item in context.project.containing(f"class {kind}") if not is_test(item.rel)]
    return classes[0].dotted if classes and classes[0] is not context.module else None
