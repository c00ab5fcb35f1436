"""Numbers that are still text: where they came in, which number they are, and the conversion there; and numbers put into text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import value_of
from nexoide.repair.code.wayback import Spot, field_values, owner_classes, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need
from nexoide.repair.numbers.converters import CONVERTERS, Converter, converters, is_text_of_number


def convert(context: Context, node: ast.expr, other: str, what: str) -> Iterator[Idea]:
    """Yield the conversions of a text operand: where the text came in, else where it is used."""
    node = repeated_text(context, node)
    for place, converter in enumerate(converters(context, node, other)):
        made = list(_at_origin(context, node, converter)) or [_at_use(context, node, converter)]
        for idea in made[: 2 if place == 0 else 1]:
            yield Idea(
                title=idea.title,
                why=f"{what} {idea.why}",
                edits=idea.edits,
                prior=idea.prior,
                nature=idea.nature,
                cautions=idea.cautions,
                alternatives=("Putting the number into text instead: the value is used to calculate.",),
                unchecked=("Values that came in earlier or will come later and are no number's text.",),
            )


def repeated_text(context: Context, node: ast.expr) -> ast.expr:
    """Return the text in a product of text and a number, which repeats the text where a product of numbers was meant; else the node itself."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        sides = [side for side in (node.left, node.right) if kind_of(context, side) == "str" or isinstance(side, ast.BinOp)]
        if len(sides) != 1:
            sides = [side for side in (node.left, node.right) if not kind_of(context, side)]
        if len(sides) != 1:
            break
        node = sides[0]
    return node


def _spelled(context: Context, module: Module, converter: Converter, text: str) -> tuple[str, list[tuple[Module, Edit]]]:
    if converter.name != "Decimal":
        return converter.around(text), []
    name, edits = need(context.project, module, "decimal", "Decimal")
    return Converter(name, converter.sure, "", converter.thousands).around(text), [(module, edit) for edit in edits]


def _wrapped(context: Context, module: Module, node: ast.expr, converter: Converter) -> list[tuple[Module, Edit]]:
    text, extra = _spelled(context, module, converter, module.segment(node))
    return [(module, Edit(*module.span(node), text)), *extra]


def _at_use(context: Context, node: ast.expr, converter: Converter) -> Idea:
    """Return the conversion at the use, and at the like uses of the function that calculate with it."""
    module = context.module
    edits: list[tuple[Module, Edit]] = []
    for item in like_operands(module, node):
        edits += _wrapped(context, module, item, converter)
    many = f" at {len(like_operands(module, node))} places" if len(edits) > 1 else ""
    root = node.value if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Constant) else node
    origin = next((spot for spot in reversed(trace(context, root)) if spot.how == "unpacked"), Spot(module, node, "use"))
    given = origin.how == "unpacked" and isinstance(origin.node, ast.Call) and bool(callees(context.project, origin.module, origin.node, guess=False))
    return Idea(
        title=f"make {short(module.segment(node))} a number where it is used: {converter.name}()",
        why=f"{short(module.segment(node))} is text, and {converter.why}. The edit converts it where it is used{many}.",
        edits=list(dict.fromkeys(edits)),
        prior=converter.sure - (0.24 if given else 0.04),
        nature="call",
        alternatives=(f"Converting it in {short(origin.module.segment(origin.node))}, which gives it: its other users would get a number as well.",)
        if given
        else (),
    )


def like_operands(module: Module, node: ast.expr) -> list[ast.expr]:
    """Return a value's uses in its function that calculate or compare, itself among them; names in loops and plain reads left out."""
    text = module.segment(node)
    function = module.function(node)
    found = [node]
    for item in own_nodes(function) if function is not None else ():
        for part in _calculated(item):
            if part not in found and module.segment(part) == text and part is not node:
                found.append(part)
    return found


def _calculated(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Mod):
        if any(isinstance(item, ast.JoinedStr) or (isinstance(item, ast.Constant) and isinstance(item.value, str)) for item in ast.walk(node)):
            return [] if isinstance(node.op, ast.Add) else [node.left, node.right]
        return [node.left, node.right]
    if isinstance(node, ast.AugAssign):
        return [node.value]
    if isinstance(node, ast.Compare) and all(isinstance(item, ast.Lt | ast.Gt | ast.LtE | ast.GtE) for item in node.ops):
        return [node.left, *node.comparators]
    return []


def _at_origin(context: Context, node: ast.expr, converter: Converter) -> Iterator[Idea]:
    spots = trace(context, node)
    for spot in reversed(spots):
        idea = _origin_edit(context, spots, spot, converter)
        if idea is not None:
            yield idea
            return
    if isinstance(node, ast.Attribute):
        yield from _at_fields(context, node, converter)


def _origin_edit(context: Context, spots: list[Spot], spot: Spot, converter: Converter) -> Idea | None:
    module, value = spot.module, spot.node
    place = f"{module.rel}:{value.lineno}"
    if is_test(module.rel) or (spot.how != "use" and _is_used_as_text(spots, spot)):
        return None
    edits: list[tuple[Module, Edit]] = []
    why = f"{short(spot.text)} at {place} gives text, and {converter.why}. The edit converts it there."
    if spot.how == "option" and isinstance(value, ast.Call):
        edits = _option(context, module, value, converter)
        why = f"The option is read as text at {place}, and {converter.why}. The edit lets the parser convert it."
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        number = value.value.strip()
        if not is_text_of_number(number) or converter.thousands or not _is_setting(module, spot):
            return None
        text, extra = (number, []) if converter.name != "Decimal" else _spelled(context, module, converter, module.segment(value))
        edits = [(module, Edit(*module.span(value), text)), *extra]
        why = f"{spot.name or 'The value'} is written as text, {short(module.segment(value))}, at {place}, and is used as a number. The edit writes the number."
    elif spot.how == "unpacked":
        edits = _after_unpacking(context, module, value, spot.name, converter)
    elif spot.how == "element":
        edits = _elements(context, module, value, spot, converter)
    elif spot.how in ("assigned", "argument", "global", "item", "default") and is_outside(value):
        edits = [*_wrapped(context, module, value, converter), *_siblings(context, spot)]
    if not edits:
        return None
    return Idea(
        title=f"convert {spot.name or short(spot.text)} with {converter.name}() at {place}", why=why, edits=edits, prior=min(0.94, converter.sure + 0.03)
    )


def _siblings(context: Context, spot: Spot) -> list[tuple[Module, Edit]]:
    """Return the conversions of the variables that come in beside one and are calculated with too: they would fail next, or be repeated."""
    module = spot.module
    statement = module.statement(spot.node)
    function = module.function(spot.node)
    if spot.how != "assigned" or module is not context.module or not isinstance(statement, ast.Assign) or function is None:
        return []
    nodes = own_nodes(function)
    calculated = {part.id: part for item in nodes for part in _calculated(item) if isinstance(part, ast.Name)}
    edits: list[tuple[Module, Edit]] = []
    for item in nodes:
        if not isinstance(item, ast.Assign) or item is statement or item.value is spot.node or not isinstance(item.targets[0], ast.Name):
            continue
        same = type(item.value) is type(spot.node) and _source_name(item.value) == _source_name(spot.node)
        use = calculated.get(item.targets[0].id)
        if same and use is not None and is_outside(item.value) and is_text_of_number(value_of(context, use)):
            found = converters(context, use, "int")
            edits += _wrapped(context, module, item.value, found[0]) if found else []
    return edits


def _source_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return last_name(node.func) if isinstance(node, ast.Call) else ""


def _is_setting(module: Module, spot: Spot) -> bool:
    """Say whether a literal is a setting of the program, and not data that stands for what comes in."""
    if spot.how in ("global", "default"):
        return True
    statement = module.statement(spot.node)
    return spot.how == "item" and isinstance(statement, ast.Assign) and module.function(spot.node) is None and last_name(statement.targets[0]).isupper()


def is_outside(node: ast.expr) -> bool:
    """Say whether an expression brings text in from outside: input, arguments, environment, parts of a line, fields of rows."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("strip", "lstrip", "rstrip", "replace", "lower"):
        node = node.func.value
    if isinstance(node, ast.BoolOp):
        return is_outside(node.values[0])
    if isinstance(node, ast.Call):
        return last_name(node.func) in (
            "input",
            "getenv",
            "get",
            "group",
            "readline",
            "read",
            "pop",
            "text",
            "read_text",
            "findtext",
            "getvalue",
            "next",
            "prompt",
        )
    return isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice)


def _option(context: Context, module: Module, call: ast.Call, converter: Converter) -> list[tuple[Module, Edit]]:
    if any(item.arg in ("type", "action") for item in call.keywords):
        return []
    end = module.span(call)[1] - 1
    name, extra = _spelled(context, module, Converter(converter.name, 0, ""), "")
    edits = [(module, Edit(end, end, f", type={name.removesuffix('()')}")), *extra]
    default = next((item.value for item in call.keywords if item.arg == "default"), None)
    if isinstance(default, ast.Constant) and isinstance(default.value, str) and is_text_of_number(default.value):
        edits.append((module, Edit(*module.span(default), default.value.strip())))
    return edits


def _after_unpacking(context: Context, module: Module, value: ast.expr, name: str, converter: Converter) -> list[tuple[Module, Edit]]:
    statement = module.parents.get(value)
    if not isinstance(statement, ast.Assign) or not _splits(value):
        return []
    indent = module.own_indent(statement)
    if indent is None:
        return []
    text, extra = _spelled(context, module, converter, name)
    end = module.span(statement)[1]
    return [(module, Edit(end, end, f"\n{indent}{name} = {text}")), *extra]


def _splits(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in ("split", "groups", "rsplit", "partition", "rpartition", "splitlines", "findall")


def _elements(context: Context, module: Module, value: ast.expr, spot: Spot, converter: Converter) -> list[tuple[Module, Edit]]:
    """Return the edit that converts the elements of a split text, or of the list that holds them, where they came in."""
    if converter.thousands:
        return []
    name, extra = _spelled(context, module, Converter(converter.name, 0, ""), "")
    word = name.removesuffix("()")
    for inner in trace(context, value, module):
        if isinstance(inner.node, ast.ListComp) and inner.how != "use":
            return [*_wrapped(context, inner.module, inner.node.elt, converter)]
        if (
            isinstance(inner.node, ast.List)
            and inner.node.elts
            and all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in inner.node.elts)
        ):
            texts = [item for item in inner.node.elts if isinstance(item, ast.Constant) and is_text_of_number(item.value)]
            if len(texts) == len(inner.node.elts) and word in ("int", "float"):
                return [(inner.module, Edit(*inner.module.span(item), str(item.value).strip())) for item in texts]
        if _splits(inner.node):
            text = inner.module.segment(inner.node)
            is_iterated = isinstance(inner.module.parents.get(inner.node), ast.For | ast.comprehension)
            wrapped = f"map({word}, {text})" if is_iterated else f"[{word}(item) for item in {text}]"
            return [(inner.module, Edit(*inner.module.span(inner.node), wrapped)), *extra]
    return []


def _is_used_as_text(spots: list[Spot], spot: Spot) -> bool:
    """Say whether the variable that carries the value is used as text somewhere on its way: then it stays text."""
    name = spot.name
    if not name:
        return False
    carrier = next((item for item in spots if isinstance(item.node, ast.Name | ast.Attribute) and last_name(item.node) == name), None)
    if carrier is None:
        return False
    module = carrier.module
    function = module.function(carrier.node)
    wanted = module.segment(carrier.node)
    for item in own_nodes(function) if function is not None else module.nodes:
        if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name) and module.segment(item.value) == wanted and item.attr in dir(str):
            return True
        if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Add) and any(module.segment(part) == wanted for part in (item.left, item.right)):
            other = item.right if module.segment(item.left) == wanted else item.left
            if isinstance(other, ast.JoinedStr) or (isinstance(other, ast.Constant) and isinstance(other.value, str)):
                return True
        if (
            isinstance(item, ast.Compare)
            and module.segment(item.left) == wanted
            and any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in item.comparators)
        ):
            return True
        if isinstance(item, ast.Call) and last_name(item.func) in CONVERTERS and item.args and module.segment(item.args[0]) == wanted:
            return True
    return False


def _at_fields(context: Context, node: ast.Attribute, converter: Converter) -> Iterator[Idea]:
    """Yield the conversion at every construction that gives a field text from outside."""
    classes = owner_classes(context, context.module, node.value)
    if len(classes) != 1:
        return
    given = [(module, value) for module, value in field_values(context.project, classes[0], node.attr) if not is_test(module.rel)]
    outside = [(module, value) for module, value in given if _is_text_given(context, module, value)]
    if not outside or len(outside) > 6:
        return
    edits = [edit for module, value in outside for edit in _wrapped(context, module, value, converter)]
    yield Idea(
        title=f"convert {node.attr} with {converter.name}() where {classes[0].name} is made",
        why=f"{classes[0].name}.{node.attr} is given text at {outside[0][0].rel}:{outside[0][1].lineno}, and {converter.why}. The edit converts it there.",
        edits=list(dict.fromkeys(edits)),
        prior=min(0.94, converter.sure + 0.03),
    )


def _is_text_given(context: Context, module: Module, value: ast.expr) -> bool:
    if is_outside(value):
        return True
    return any(is_outside(spot.node) or (spot.how == "unpacked" and _splits(spot.node)) for spot in trace(context, value, module))
