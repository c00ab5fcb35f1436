"""Format codes that do not suit their value: `d` of a fraction or a text, a precision of a whole number, widths of objects."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.literals_in_code import Field, Literal, fields
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import value_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.numbers.converters import is_text_of_number
from nexoide.repair.numbers.numbers_as_text import convert
from nexoide.repair.text.brace_format import templated

UNKNOWN = re.compile(r"Unknown format code '(?P<code>.)' for object of type '(?P<kind>\w+)'")
UNSUPPORTED = re.compile(r"unsupported format string passed to (?P<kind>[\w.]+)\.__format__")
NO_PRECISION = "Precision not allowed in integer format specifier"
COMMA = re.compile(r"Cannot specify '(.)' with '(\w)'")
TEXT_ONLY = re.compile(r"(?:Sign|Space|Alternate form \(#\)|'=' alignment) not allowed in string format specifier|Cannot specify ',' with 's'")
INVALID = re.compile(r"Invalid format specifier|Format specifier missing precision|invalid format string")
_SPEC = re.compile(r"(?P<align>(?:.?[<>=^])?)(?P<sign>[-+ ]?)z?#?(?P<zero>0?)(?P<width>\d*)(?P<group>[_,]?)(?P<precision>(?:\.\d+)?)(?P<code>[a-zA-Z%]?)")
_PADDED = frozenset(
    ["hour", "hours", "hh", "minute", "minutes", "mm", "second", "seconds", "ss", "month", "day", "h", "m", "s", "id", "number", "no", "index", "nr", "code"]
)
MAX_WIDTH = 200


@dataclass(frozen=True, slots=True)
class Formatted:
    """One value with a format: the value's expression, the field, and the literal that the field stands in."""

    value: ast.expr
    field: Field
    literal: Literal

    def respecified(self, spec: str, conversion: str = "") -> tuple[Module, Edit]:
        """Return the edit that gives the field another format."""
        return self.literal.edit(self.field.name_end, self.field.end - 1, (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else ""))


def formatted(context: Context) -> Iterator[Formatted]:
    """Yield the formatted values of the failing line: of f-strings, `.format()` calls and `format()`."""
    for node in context.nodes(lambda item: isinstance(item, ast.JoinedStr)):
        assert isinstance(node, ast.JoinedStr)
        if any(isinstance(item, ast.FormattedValue) for item in context.module.ancestors(node)):
            continue  # a format inside a format
        literal = Literal(context.module, node)
        shown = [item for item in node.values if isinstance(item, ast.FormattedValue)]
        found = list(fields(literal.text))
        if len(found) == len(shown):
            yield from (Formatted(item.value, field, literal) for item, field in zip(shown, found, strict=True) if field.spec)
    for item in templated(context):
        for place, field in enumerate(item.places):
            name = field.name
            value = item.by_name.get(name)
            if name.isdigit() or not name:
                number = int(name) if name else place
                value = item.call.args[number] if number < len(item.call.args) and not item.is_open else None
            if value is not None and field.spec:
                yield Formatted(value, field, item.literal)


def code_ideas(context: Context) -> Iterator[Idea]:
    """Yield the format that suits the value, or the value that suits the format."""
    message = context.raised.message
    rows = list(formatted(context))
    if match := UNKNOWN.search(message):
        for row in rows:
            if row.field.spec.endswith(match["code"]) and kind_of(context, row.value) in (match["kind"], ""):
                yield from _unknown(context, row, match["code"], match["kind"])
                return
    elif match := UNSUPPORTED.search(message):
        kind = match["kind"].rsplit(".", 1)[-1]
        for row in rows:
            if kind_of(context, row.value) in (kind, "") or len(rows) == 1:
                yield from _unsupported(context, row, kind)
                return
    elif message.startswith(NO_PRECISION):
        for row in rows:
            if re.search(r"\.\d", row.field.spec) and kind_of(context, row.value) in ("int", ""):
                yield from _no_precision(row)
                return
    elif TEXT_ONLY.search(message) or COMMA.search(message):
        for row in rows:
            if kind_of(context, row.value) in ("str", ""):
                yield from _number_wanted(context, row, "float" if "." in row.field.spec else "int")
                return
    elif INVALID.search(message):
        for row in rows:
            yield from _misspelt(context, row)


def _text(row: Formatted) -> str:
    return short(row.field.name or "the value", 32)


def _unknown(context: Context, row: Formatted, code: str, kind: str) -> Iterator[Idea]:
    if kind == "str":
        yield from _number_wanted(context, row, "int" if code in "dxXobnc" else "float")
    elif kind in ("float", "Decimal") and code == "d":
        yield from _whole(context, row)
    elif kind == "float":
        name = row.field.name
        yield Idea(
            title=f"format the whole part of {_text(row)}",
            why=f"The code {code} is for whole numbers, and {_text(row)} is a fraction. The edit gives its whole part.",
            edits=[row.literal.edit(row.field.start + 1, row.field.name_end, f"int({name})")] if isinstance(row.literal.node, ast.JoinedStr) else [],
            prior=0.8,
            nature="call",
        )
    elif kind == "int" and code == "s":
        yield Idea(
            title=f"format {_text(row)} without the code s",
            why=f"The code s is for texts, and {_text(row)} is a number. The edit leaves the code out, and keeps its width.",
            edits=[row.respecified(row.field.spec[:-1], "s") if row.field.spec[:1] not in "<>^" else row.respecified(row.field.spec[:-1])],
            prior=0.84,
        )
    else:
        spec = row.field.spec
        yield Idea(
            title=f"format {_text(row)} as text",
            why=f"The code {code} is not for a value of type {kind}. The edit formats its text with the same width.",
            edits=[row.respecified(spec[:-1], "s")],
            prior=0.7,
        )


def _whole(context: Context, row: Formatted) -> Iterator[Idea]:
    """Yield the ways to show a fraction as a whole number: a whole division where units are counted, else no decimals."""
    value = value_of(context, row.value)
    exact = isinstance(value, float) and value.is_integer()
    division = _unit_division(context, row.value)
    if division is not None:
        module, node = division
        left, right = module.span(node.left)[1], module.span(node.right)[0]
        text = module.segment(node)
        yield Idea(
            title=f"divide into whole units: {short(text.replace('/', '//'))}",
            why=f"{short(text)} gives a fraction, and what is left over is shown beside it as the remainder. The edit counts whole units.",
            edits=[(module, Edit(left, right, module.text[left:right].replace("/", "//")))],
            prior=0.92,
            alternatives=("Rounding where it is shown: half a unit would be shown twice.",),
        )
        return
    spec = row.field.spec[:-1] + ".0f"
    yield Idea(
        title=f"show {_text(row)} without decimals: {spec}",
        why=f"The code d is for whole numbers, and {_text(row)} is a float{' with a whole value' if exact else ''}. The edit shows it with no decimals.",
        edits=[row.respecified(spec)],
        prior=0.88 if exact else 0.76,
        alternatives=("Making it an int first, which cuts off instead of rounding.",) if not exact else (),
        unchecked=() if exact else ("Whether decimals should be shown.",),
    )


def _unit_division(context: Context, node: ast.expr) -> tuple[Module, ast.BinOp] | None:
    """Return the division that a value is, where its remainder by the same number is used in the same function."""
    for spot in trace(context, node):
        if isinstance(spot.node, ast.BinOp) and isinstance(spot.node.op, ast.Div):
            function = spot.module.function(spot.node)
            divisor = spot.module.segment(spot.node.right)
            nodes = own_nodes(function) if function is not None else list(spot.module.nodes)
            rest = [item for item in nodes if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Mod) and not isinstance(item.left, ast.JoinedStr)]
            return (spot.module, spot.node) if any(spot.module.segment(item.right) == divisor for item in rest) else None
    return None


def _number_wanted(context: Context, row: Formatted, wanted: str) -> Iterator[Idea]:
    seen = is_text_of_number(value_of(context, row.value))
    if seen is not False and not isinstance(row.value, ast.Constant):
        yield from convert(context, row.value, wanted, f"{_text(row)} is text, and its format is that of a number.")
    spec = _SPEC.fullmatch(row.field.spec)
    if spec is None or spec["code"] == "s":
        return
    align = spec["align"] if spec["align"] not in ("=", "0=") else ">"
    width = spec["width"]
    keeps = (align or ">") + width if width else ""
    yield Idea(
        title=f"show {_text(row)} as the text that it is",
        why=f"{_text(row)} is text, and its format is that of a number. The edit keeps the width alone, to the right as numbers are shown.",
        edits=[row.respecified(keeps)],
        prior=0.78 if seen is False and not spec["precision"] else 0.5,
        unchecked=("Whether a number was meant to be given.",),
    )


def _unsupported(context: Context, row: Formatted, kind: str) -> Iterator[Idea]:
    spec = _SPEC.fullmatch(row.field.spec)
    if kind in ("NoneType", "coroutine", "method", "function", "builtin_function_or_method") or spec is None:
        return
    is_f = isinstance(row.literal.node, ast.JoinedStr)
    if kind == "timedelta" and spec["code"] in tuple("fgd"):
        yield Idea(
            title=f"show the seconds of {_text(row)}",
            why=f"{_text(row)} is a duration, which has no number format. The edit formats its seconds.",
            edits=[_suffixed(context, row, ".total_seconds()", is_f=is_f)],
            prior=0.82,
        )
    elif kind in ("bytes", "bytearray"):
        yield Idea(
            title=f"decode {_text(row)}",
            why=f"{_text(row)} is bytes, which have no format. The edit formats their text.",
            edits=[_suffixed(context, row, ".decode()", is_f=is_f)],
            prior=0.8,
        )
    elif spec["code"] in ("", "s") and not spec["group"] and not spec["sign"]:
        new = row.field.spec.removesuffix("s")
        yield Idea(
            title=f"format the text of {_text(row)}: !s",
            why=f"A {kind} has no formats of its own. The edit formats its text, str() of it, with the same width.",
            edits=[row.respecified(new, "s")],
            prior=0.87 if kind != "list" else 0.74,
            alternatives=("Dropping the width: the columns would no longer stand in line.",),
        )


def _suffixed(context: Context, row: Formatted, suffix: str, *, is_f: bool) -> tuple[Module, Edit]:
    if is_f:
        return row.literal.edit(row.field.name_end, row.field.name_end, suffix)
    end = context.module.span(row.value)[1]
    return context.module, Edit(end, end, suffix)


def _no_precision(row: Formatted) -> Iterator[Idea]:
    spec = _SPEC.fullmatch(row.field.spec)
    if spec is None:
        return
    names = set(re.split(r"[\W_]+", f"{row.field.name} {last_name(row.value)}".lower()))
    head = spec["align"] + spec["sign"] + spec["zero"] + spec["width"] + spec["group"]
    padded = f"{spec['align']}0{spec['precision'][1:]}d"
    as_fraction = f"{head}{spec['precision']}f"
    why = f"{_text(row)} is a whole number, for which a precision ({spec['precision']}) is not allowed."
    if names & _PADDED and spec["code"] == "d":
        yield Idea(title=f"fill up with zeros: {padded}", why=f"{why} The edit fills it up with zeros.", edits=[row.respecified(padded)], prior=0.8)
    yield Idea(
        title=f"show the decimals: {as_fraction}",
        why=f"{why} The edit shows it with these decimals, as the format says.",
        edits=[row.respecified(as_fraction)],
        prior=0.84 if spec["code"] == "" else 0.74,
    )
    if spec["code"] == "d":
        plain = f"{head}d"
        yield Idea(title=f"leave the precision out: {plain}", why=f"{why} The edit leaves it out.", edits=[row.respecified(plain)], prior=0.6)


def _misspelt(context: Context, row: Formatted) -> Iterator[Idea]:
    """Yield the format that differs least and that Python takes for such a value."""
    kind, old = kind_of(context, row.value), row.field.spec
    sample: object = {"int": 7, "str": "a", "float": 1.5, "": 1.5}.get(kind)
    if kind == "Decimal":
        sample = 1.5
    if sample is None or "{" in old or _accepted(sample, old):
        return
    for new, after in _respelled(old):
        if _accepted(sample, new):
            edit = row.literal.edit(row.field.name_end, row.field.end, f":{new}}}{after}")
            yield Idea(
                title=f"write the format as {new}{after and ' and ' + after + ' behind it'}",
                why=f"{old} is no format that Python knows; {new} has the same parts in their order. The edit writes that.",
                edits=[edit],
                prior=0.87,
            )
            return


def _accepted(sample: object, spec: str) -> bool:
    if any(int(number) > MAX_WIDTH for number in re.findall(r"\d{1,9}", spec)) or re.search(r"\d{4}", spec):
        return False
    try:
        format(sample, spec)
    except (ValueError, TypeError):
        return False
    return True


def _respelled(spec: str) -> Iterator[tuple[str, str]]:
    """Yield other spellings of a format, each with what then stands behind its brace."""
    text = spec.strip()
    yield text, ""
    if text.endswith("%"):
        yield text[:-1], "%"
    if "%" in text:
        yield text.replace("%", ""), ""
        yield text.replace("%", "").rstrip("dfs") + text[-1:], ""
    if match := re.fullmatch(r"(.*?)(\d+)?\.([a-zA-Z])", text):  # 2.f
        yield f"{match[1]}.{match[2] or 2}{match[3]}", ""
    if match := re.fullmatch(r"(.*?),(\d+)f", text):  # ,2f
        yield f"{match[1]},.{match[2]}f", ""
        yield f"{match[1]}.{match[2]}f", ""
    if match := re.fullmatch(r"(\.\d+f?),", text):  # .2f,
        yield f",{match[1]}{'' if match[1].endswith('f') else 'f'}", ""
    if match := re.fullmatch(r"(\.\d+),f", text):
        yield f",{match[1]}f", ""
    if match := re.fullmatch(r"(\d+)([<>^])(.*)", text):  # 10>
        yield f"{match[2]}{match[1]}{match[3]}", ""
    if match := re.fullmatch(r"([a-zA-Z])(.*)", text):  # f.2
        yield f"{match[2]}{match[1]}", ""
    if match := re.fullmatch(r"(\D?)-(\d+)(.*)", text):  # -10s, as % writes it
        yield f"<{match[2]}{match[3]}", ""
    if match := re.fullmatch(r"(.*\.)(\d+)\.?(\d*)([a-zA-Z])", text):
        yield f"{match[1]}{match[2]}{match[4]}", ""
