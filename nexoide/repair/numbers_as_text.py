"""Numbers that are still text: where they came in, which number they are, and the conversion there; and numbers put into text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nexoide.repair.context import Context
from nexoide.repair.edits import Edit
from nexoide.repair.ideas import Idea, short
from nexoide.repair.importing import need
from nexoide.repair.index import last_name, members
from nexoide.repair.infer import own_nodes
from nexoide.repair.kinds import NUMBERS, kind_of
from nexoide.repair.project import is_test
from nexoide.repair.source import Module
from nexoide.repair.values import Opaque, value_of
from nexoide.repair.wayback import Spot, field_values, owner_classes, trace

CONVERTERS = ("int", "float", "Decimal")
_WHOLE = re.compile(r"\s*[-+]?\d+\s*")
_BROKEN = re.compile(r"\s*[-+]?(?:\d+\.\d*|\.\d+|\d+(?:\.\d+)?[eE][-+]?\d+)\s*")
_THOUSANDS = re.compile(r"\s*[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*")
_MEASURES = frozenset(
    [
        *[
            "price",
            "amount",
            "cost",
            "rate",
            "total",
            "weight",
            "temperature",
            "temp",
            "score",
            "ratio",
            "percent",
            "percentage",
            "lat",
            "lon",
            "latitude",
            "fee",
        ],
        *["longitude", "height", "width", "length", "salary", "balance", "value", "discount", "tax", "speed", "distance", "grade", "gpa", "budget", "revenue"],
        *["avg", "average", "mean", "factor", "fraction", "threshold", "duration", "seconds", "interest", "km", "kg", "celsius", "fahrenheit", "reading"],
    ]
)
_COUNTS = frozenset(
    [
        *[
            "count",
            "quantity",
            "qty",
            "num",
            "number",
            "n",
            "size",
            "age",
            "year",
            "month",
            "day",
            "index",
            "id",
            "port",
            "limit",
            "offset",
            "page",
            "pages",
            "units",
        ],
        *[
            "level",
            "retries",
            "attempts",
            "workers",
            "copies",
            "times",
            "rounds",
            "stock",
            "votes",
            "points",
            "items",
            "hits",
            "rank",
            "hours",
            "minutes",
            "days",
            "seats",
        ],
    ]
)


@dataclass(frozen=True, slots=True)
class Converter:
    """What makes a number of a text, and how sure it is that this is the kind of number that was meant."""

    name: str
    sure: float
    why: str
    thousands: bool = False

    def around(self, text: str) -> str:
        """Return the text of an expression converted."""
        return f'{self.name}({text}.replace(",", ""))' if self.thousands else f"{self.name}({text})"


def is_text_of_number(value: Any) -> bool | None:
    """Say whether a seen value is a number's text; None where it was not seen."""
    if not isinstance(value, str):
        return None if isinstance(value, Opaque) else False
    return bool(_WHOLE.fullmatch(value) or _BROKEN.fullmatch(value) or _THOUSANDS.fullmatch(value))


def converters(context: Context, node: ast.expr, other: str) -> list[Converter]:
    """Return the conversions that may be meant for a text operand beside a value of type `other`, the likeliest first."""
    value = value_of(context, node)
    if is_text_of_number(value) is False:
        return []
    thousands = isinstance(value, str) and bool(_THOUSANDS.fullmatch(value))
    if other == "Decimal":
        return [Converter("Decimal", 0.9, "the other value is a Decimal", thousands)]
    habit = _habit(context, node)
    if habit:
        return [Converter(habit, 0.92, f"the project converts it with {habit}() elsewhere", thousands)]
    annotation = _annotation(context, node)
    if annotation:
        return [Converter(annotation, 0.9, f"it is declared as {annotation}", thousands)]
    if isinstance(value, str) and not _WHOLE.fullmatch(value) and (not thousands or "." in value):
        return [Converter("float", 0.88, "it has a fraction", thousands)]
    name = _names(context, node)
    if name & _MEASURES and not name & _COUNTS:
        return [Converter("float", 0.84, "its name is that of a measure", thousands), Converter("int", 0.5, "it is a whole number here", thousands)]
    if name & _COUNTS or other == "int":
        return [
            Converter("int", 0.86 if name & _COUNTS else 0.78, "it is a whole number here", thousands),
            Converter("float", 0.45, "others may have a fraction", thousands),
        ]
    return [Converter("float", 0.74, "the other value is no whole number", thousands), Converter("int", 0.5, "it is a whole number here", thousands)]


def _names(context: Context, node: ast.expr) -> set[str]:
    found: set[str] = set()
    for spot in trace(context, node)[:4]:
        name = spot.name if spot.how not in ("use", "returned") else last_name(spot.node)
        if isinstance(spot.node, ast.Subscript) and isinstance(spot.node.slice, ast.Constant) and isinstance(spot.node.slice.value, str):
            name = f"{name}_{spot.node.slice.value}"
        found |= {part for part in re.split(r"[\W_]+", name.lower()) if part}
    return found | {item.rstrip("s") for item in found if item not in _COUNTS}


def _habit(context: Context, node: ast.expr) -> str:
    """Return the converter that other code puts around the same key or attribute, "" where none or several."""
    wanted = node.slice.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) else None
    attribute = node.attr if isinstance(node, ast.Attribute) else ""
    if not (isinstance(wanted, str) or attribute):
        return ""
    found: set[str] = set()
    for module in context.project.containing(str(wanted or attribute)):
        if is_test(module.rel):
            continue
        for item in ast.walk(module.tree):
            if isinstance(item, ast.Call) and last_name(item.func) in CONVERTERS and len(item.args) == 1:
                inner = item.args[0]
                if (isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Constant) and wanted is not None and inner.slice.value == wanted) or (
                    attribute and isinstance(inner, ast.Attribute) and inner.attr == attribute
                ):
                    found.add(last_name(item.func))
    return next(iter(found)) if len(found) == 1 else ""


def _annotation(context: Context, node: ast.expr) -> str:
    """Return the number type that a parameter's or field's annotation names."""
    texts: list[str] = []
    for spot in trace(context, node)[:4]:
        if isinstance(spot.node, ast.Attribute):
            for item in owner_classes(context, spot.module, spot.node.value)[:1]:
                attribute = members(context.project, item).attributes.get(spot.node.attr)
                texts.append(attribute.annotation if attribute is not None else "")
        elif isinstance(spot.node, ast.Name):
            function = spot.module.function(spot.node)
            arguments = (*function.args.args, *function.args.kwonlyargs) if function is not None else ()
            texts += [spot.module.segment(item.annotation) for item in arguments if item.arg == spot.node.id and item.annotation is not None]
        elif isinstance(spot.node, ast.Call) and spot.how == "assigned":
            parent = spot.module.parents.get(spot.node)
            texts.append(spot.module.segment(parent.annotation) if isinstance(parent, ast.AnnAssign) else "")
    for text in texts:
        last = text.split("|")[0].strip().rsplit(".", 1)[-1]
        if last in CONVERTERS:
            return last
    return ""


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
    return Idea(
        title=f"make {short(module.segment(node))} a number where it is used: {converter.name}()",
        why=f"{short(module.segment(node))} is text, and {converter.why}. The edit converts it where it is used{many}.",
        edits=list(dict.fromkeys(edits)),
        prior=converter.sure - 0.04,
        nature="call",
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
        edits = _wrapped(context, module, value, converter)
    if not edits:
        return None
    return Idea(
        title=f"convert {spot.name or short(spot.text)} with {converter.name}() at {place}", why=why, edits=edits, prior=min(0.94, converter.sure + 0.03)
    )


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
    for item in own_nodes(function) if function is not None else ast.walk(module.tree):
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


def into_text(context: Context, number: ast.expr, kind: str) -> Iterator[Idea]:
    """Yield `str(...)` around a value that is added to text, and around the others of the same chain that are no text."""
    module = context.module
    nodes = [number, *(item for item in _chain(module, number) if item is not number and kind_of(context, item) in NUMBERS)]
    edits = [(module, Edit(*module.span(item), f"str({module.segment(item)})")) for item in nodes]
    many = f" and {len(nodes) - 1} other value{'s' if len(nodes) > 2 else ''} of the same text" if len(nodes) > 1 else ""
    yield Idea(
        title=f"put {short(module.segment(number))} into the text with str()",
        why=f"{short(module.segment(number))} is {'a number' if kind in NUMBERS else f'of type {kind}'} and is added to text. The edit makes text of it{many}.",
        edits=edits,
        prior=0.92 if kind in NUMBERS else 0.7,
        nature="call",
        alternatives=("Making a number of the text: the text here is no number.",),
    )


def _chain(module: Module, node: ast.expr) -> list[ast.expr]:
    """Return the operands of the whole chain of additions that a node stands in."""
    top: ast.AST = node
    for item in module.ancestors(node):
        if not (isinstance(item, ast.BinOp) and isinstance(item.op, ast.Add)):
            break
        top = item
    found: list[ast.expr] = []
    stack: list[ast.AST] = [top]
    while stack:
        item = stack.pop()
        if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Add):
            stack += [item.right, item.left]
        elif isinstance(item, ast.expr):
            found.append(item)
    return found


def builds_text(context: Context, node: ast.expr) -> bool:
    """Say whether a text operand is text in its own right, and not the text of a number."""
    parts = _chain(context.module, node) if not isinstance(node, ast.Name) else [node]
    for part in [node, *parts]:
        value = value_of(context, part)
        if isinstance(value, str):
            if is_text_of_number(value) is False:
                return True
        elif isinstance(part, ast.JoinedStr):
            return True
    return False
