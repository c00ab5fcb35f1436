"""Dates and times of kinds that do not mix: with and without a time zone, days and moments, texts and numbers."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from typing import Literal

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import Operation, kind_of, operations, with_types
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import value_of
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short, suffixed
from nexoide.repair.naming.importing import need

Awareness = Literal["aware", "naive", "parsed", ""]

OFFSETS = re.compile(r"can't (?:subtract|compare) offset-naive and offset-aware (?:datetimes|times)")
DAYS = re.compile(
    r"can't compare datetime\.datetime to datetime\.date|unsupported operand type\(s\) for -=?: 'datetime\.date(?:time)?' and 'datetime\.date(?:time)?'"
)
_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")


def _pairs(context: Context) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in context.nodes(lambda node: isinstance(node, ast.Compare) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub))):
        if isinstance(node, ast.BinOp):
            yield node.left, node.right
        elif isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
            yield from itertools.pairwise(parts)


def offsets(context: Context) -> Iterator[Idea]:
    """Yield the time zone for the side that has none, where that side comes from."""
    for left, right in _pairs(context):
        found = {id(side): _awareness(context, side) for side in (left, right)}
        kinds = {kind for kind, _ in found.values()}
        naive = [side for side in (left, right) if found[id(side)][0] in ("naive", "parsed")]
        if "aware" not in kinds and len(naive) == 2:
            naive = [side for side in naive if found[id(side)][0] == "naive"]
        elif "aware" in kinds and not naive:
            naive = [side for side in (left, right) if found[id(side)][0] == ""]
        if len(naive) != 1:
            continue
        spot = found[id(naive[0])][1]
        idea = _aware(context, spot) if spot is not None else None
        if idea is None:
            idea = _replaced(context, context.module, naive[0], 0.66)
        yield idea
        return
    context.refuse("The line does not show which of the two times has no time zone.")


def _awareness(context: Context, node: ast.expr) -> tuple[Awareness, Spot | None]:
    if isinstance(node, ast.BinOp):  # now - timedelta(...)
        left = _awareness(context, node.left)
        return left if left[0] else _awareness(context, node.right)
    view = str(value_of(context, node))
    for spot in trace(context, node):
        if isinstance(spot.node, ast.BinOp):
            return _awareness_of_operation(context, spot)
        kind = _of_call(spot.node)
        if kind:
            return ("aware" if "tzinfo=" in view else kind), spot
    if "tzinfo=" in view:
        return "aware", None
    return ("naive" if "datetime.datetime(" in view else ""), None


def _awareness_of_operation(context: Context, spot: Spot) -> tuple[Awareness, Spot | None]:
    assert isinstance(spot.node, ast.BinOp)
    for side in (spot.node.left, spot.node.right):
        for inner in trace(context, side, spot.module):
            kind = _of_call(inner.node)
            if kind:
                return kind, inner
    return "", None


def _of_call(node: ast.expr) -> Awareness:
    if not isinstance(node, ast.Call):
        return ""
    name = last_name(node.func)
    has_zone = any(item.arg in ("tz", "tzinfo") and not (isinstance(item.value, ast.Constant) and item.value.value is None) for item in node.keywords)
    if name in ("now", "utcnow", "fromtimestamp", "utcfromtimestamp", "combine") and not isinstance(node.func, ast.Attribute):
        return ""  # a function of the project that happens to be called so
    if name in ("utcnow", "utcfromtimestamp"):
        return "naive"
    if name == "now":
        return "aware" if has_zone or node.args else "naive"
    if name == "fromtimestamp":
        return "aware" if has_zone or len(node.args) > 1 else "naive"
    if name == "astimezone":
        return "aware"
    if name == "replace":
        return "aware" if has_zone else ""
    if name == "datetime":
        return "aware" if has_zone or len(node.args) > 7 else "naive"
    if name == "combine":
        return "aware" if has_zone or len(node.args) > 2 else "naive"
    if name == "strptime":
        given = node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) else ""
        return "aware" if isinstance(given, str) and "%z" in given else "naive"
    if name == "fromisoformat":
        return "parsed"
    return ""


def _utc(context: Context, module: Module) -> tuple[str, list[tuple[Module, Edit]]]:
    if re.search(r"\bfrom datetime import[^\n]*\bUTC\b", module.text):
        return "UTC", []
    name, edits = need(context.project, module, "datetime", "timezone")
    return f"{name}.utc", [(module, edit) for edit in edits]


def _aware(context: Context, spot: Spot) -> Idea | None:
    module, node = spot.module, spot.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
        return None
    name = last_name(node.func)
    utc, extra = _utc(context, module)
    end = module.span(node)[1]
    if name in ("now", "utcnow", "fromtimestamp", "utcfromtimestamp", "datetime", "combine"):
        given = f", {utc}" if name.endswith("timestamp") else utc if name in ("now", "utcnow") else f", tzinfo={utc}"
        edits = [Edit(end - 1, end - 1, given)]
        if name.startswith("utc"):
            first = module.span(node.func)[1] - len(name)
            edits.append(Edit(first, first + 3, ""))
        return Idea(
            title=f"give {short(module.segment(node))} a time zone",
            why=(
                f"{short(module.segment(node))} at {module.rel}:{node.lineno} has no time zone and is used with a time that has one. "
                f"The edit makes it a time in UTC."
            ),
            edits=[*((module, edit) for edit in edits), *extra],
            prior=0.9 if name in ("now", "utcnow") else 0.8,
            alternatives=("Taking the zone away from the other time: it would drop what is known.",),
            unchecked=("Other places that compare the same time with one without a zone.",),
        )
    return _replaced(context, module, node, 0.8)


def _replaced(context: Context, module: Module, node: ast.expr, prior: float) -> Idea:
    utc, extra = _utc(context, module)
    edits = [(module, suffixed(module, node, f".replace(tzinfo={utc})"))]
    return Idea(
        title=f"take {short(module.segment(node))} as a time in UTC",
        why=f"{short(module.segment(node))} has no time zone and is used with a time that has one. The edit says that it is in UTC.",
        edits=[*edits, *extra],
        prior=prior,
        cautions=("A time without a zone now counts as UTC.",),
        alternatives=("Taking the zone away from the other time: it would drop what is known.",),
    )


def days(context: Context) -> Iterator[Idea]:
    """Yield `.date()` on the moment that is used with a day."""
    for left, right in _pairs(context):
        kinds = (_day_or_moment(context, left), _day_or_moment(context, right))
        if set(kinds) == {"datetime", "date"}:
            side = left if kinds[0] == "datetime" else right
        elif "date" in kinds and "" in kinds:
            side = left if kinds[0] == "" else right
        elif kinds.count("datetime") == 1 and "" in kinds:
            side = left if kinds[0] == "datetime" else right
        else:
            continue
        module = context.module
        text = module.segment(side)
        yield Idea(
            title=f"use the day of {short(text)}",
            why=f"{short(text)} is a moment and the other side is a day; the two do not mix. The edit takes the moment's day.",
            edits=[(module, suffixed(module, side, ".date()"))],
            prior=0.88,
            nature="call",
            alternatives=("Making a moment of the day: its time of day is not known.",),
        )
        return


def _day_or_moment(context: Context, node: ast.expr) -> str:
    kind = kind_of(context, node)
    if kind in ("date", "datetime"):
        return kind
    if isinstance(node, ast.BinOp):
        return _day_or_moment(context, node.left)
    return ""


def other_operands(context: Context, symbol: str, left: str, right: str) -> Iterator[Idea]:
    """Yield what makes a number, a text or a span of time fit a date or a moment."""
    operation = with_types(context, operations(context, symbol), left, right)
    if operation is None:
        return
    pairs = ((left, operation.left), (right, operation.right))
    kinds = {kind for kind, _ in pairs}
    if "str" in kinds and kinds & {"datetime", "date"}:
        text = next(node for kind, node in pairs if kind == "str")
        yield from _parsed(context, text, next(iter(kinds & {"datetime", "date"})))
    elif kinds & {"datetime", "date"} and kinds & {"int", "float"} and operation.symbol in ("+", "-"):
        number = next((node for kind, node in pairs if kind in ("int", "float")), None)
        if number is not None:
            yield from _span(context, number, operation, is_day="date" in kinds, other=operation.left if number is operation.right else operation.right)
    elif "timedelta" in kinds and kinds & {"int", "float"} and operation.symbol in ("<", ">", "<=", ">="):
        number = next((node for kind, node in pairs if kind in ("int", "float")), None)
        if number is not None:
            yield from _span(context, number, operation, is_day=False, other=operation.left if number is operation.right else operation.right)


def _span(context: Context, number: ast.expr, operation: Operation, *, is_day: bool, other: ast.expr) -> Iterator[Idea]:
    module = context.module
    if not is_day and operation.symbol == "-" and _is_clock(context, number):
        yield Idea(
            title=f"use the timestamp of {short(module.segment(other))}",
            why=f"{short(module.segment(number))} is seconds since 1970 and {short(module.segment(other))} a moment. The edit uses the moment's seconds.",
            edits=[(module, suffixed(module, other, ".timestamp()"))],
            prior=0.8,
        )
        return
    unit, sure = _unit(context, number, other, is_day=is_day)
    name, extra = need(context.project, module, "datetime", "timedelta")
    yield Idea(
        title=f"use {short(module.segment(number))} as {unit}",
        why=(
            f"{short(module.segment(number))} is a plain number and the other side a {'day' if is_day else 'time'}. "
            + (f"Its name says {unit}. " if sure > 0.7 else "")
            + f"The edit makes a span of {unit} of it."
        ),
        edits=[(module, Edit(*module.span(number), f"{name}({unit}={module.segment(number)})")), *((module, edit) for edit in extra)],
        prior=sure,
        guesses=sure <= 0.7,
        cautions=() if sure > 0.7 else (f"That the number counts {unit} is a guess.",),
    )


def _is_clock(context: Context, node: ast.expr) -> bool:
    return any(
        (isinstance(spot.node, ast.Call) and last_name(spot.node.func) in ("time", "getmtime", "timestamp")) or last_name(spot.node) == "st_mtime"
        for spot in trace(context, node)
    )


def _unit(context: Context, number: ast.expr, other: ast.expr, *, is_day: bool) -> tuple[str, float]:
    module = context.module
    texts = [module.segment(number), *(f"{spot.name} {spot.text}" for spot in trace(context, number)), module.segment(other)]
    function = module.function(number)
    texts.append(function.name if function is not None else "")
    for text in texts:
        for part in re.split(r"[\W_]+", text.lower()):
            for unit in _UNITS:
                if part and part in (unit, unit[:-1], {"seconds": "secs", "minutes": "mins", "hours": "hrs"}.get(unit, unit)):
                    return unit, 0.86
    if any(word in " ".join(texts).lower() for word in ("ttl", "timeout", "expires_in")):
        return "seconds", 0.76
    return ("days", 0.6 if is_day else 0.4)


def _parsed(context: Context, text: ast.expr, kind: str) -> Iterator[Idea]:
    """Yield the parsing of a date that is still text: with the format that the project reads or writes it in."""
    module = context.module
    value = value_of(context, text)
    known = isinstance(value, str)
    if known and not _ISO.fullmatch(str(value)):
        found = _format(context, str(value))
        if not found:
            return
    else:
        found = ""
    name, extra = need(context.project, module, "datetime", kind)
    for spot in reversed(trace(context, text)):
        if spot.how in ("use", "assigned", "argument") and isinstance(spot.node, ast.Subscript | ast.Call | ast.Name | ast.Attribute):
            if spot.module is not module or (isinstance(spot.node, ast.Name | ast.Attribute) and spot.how != "use"):
                continue
            own = module.segment(spot.node)
            parsed = f'datetime.strptime({own}, "{found}")' if found else f"{name}.fromisoformat({own})"
            if found:
                name, extra = need(context.project, module, "datetime", "datetime")
                parsed = f'{name}.strptime({own}, "{found}")' + ("" if kind == "datetime" else ".date()")
            yield Idea(
                title=f"read {short(own)} as a {'moment' if kind == 'datetime' else 'day'}",
                why=f"{short(own)} is the text of a date and is used with a {kind}. The edit reads it as one where it came in.",
                edits=[(module, Edit(*module.span(spot.node), parsed)), *((module, edit) for edit in extra)],
                prior=0.86 if known else 0.7,
                alternatives=("Comparing both as text: it is right for one format only.",),
            )
            return


def _format(context: Context, value: str) -> str:
    """Return the one `strptime` or `strftime` format of the project that a text fits, "" where none does."""
    from datetime import datetime

    found: set[str] = set()
    for module in context.project.containing("%"):
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "%" in node.value and len(node.value) < 40:
                try:
                    datetime.strptime(value, node.value)  # noqa: DTZ007  (only whether it fits is asked)
                except (ValueError, re.error):
                    continue
                found.add(node.value)
    return next(iter(found)) if len(found) == 1 else ""
