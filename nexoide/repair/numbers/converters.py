"""Which kind of number a text is: by what the project does with it elsewhere, what it is declared as, its value, its name."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from nexoide.repair.code.index import last_name, members
from nexoide.repair.code.project import is_test
from nexoide.repair.code.values import Opaque, value_of
from nexoide.repair.code.wayback import owner_classes, trace
from nexoide.repair.context import Context

CONVERTERS = ("int", "float", "Decimal")


_WHOLE = re.compile(r"\s*[-+]?\d+\s*")


_BROKEN = re.compile(r"\s*[-+]?(?:\d+\.\d*|\.\d+|\d+(?:\.\d+)?[eE][-+]?\d+)\s*")


_THOUSANDS = re.compile(r"\s*[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*")


_WEAK = frozenset({"amount", "total", "value", "score", "length", "width", "height", "duration", "seconds", "budget", "threshold", "reading"})


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
    is_weak = other == "int" and isinstance(value, str) and not name & (_MEASURES - _WEAK)
    if name & _MEASURES and not name & _COUNTS and not is_weak:
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
        for item in module.nodes:
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
