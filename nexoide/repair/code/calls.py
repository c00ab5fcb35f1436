"""Rewrites the arguments of one call with libcst, which knows who owns each comma, space and comment between them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nexoide.repair.code.edits import Edit, EditError
from nexoide.repair.code.source import Module, UnreadableError, check_depth

if TYPE_CHECKING:
    import libcst as cst


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of the new call: an old one by `index` (in source order) or, at -1, a new one with `text`."""

    index: int
    keyword: str | None
    text: str = ""
    node: ast.expr | None = None


def arguments(call: ast.Call) -> list[Argument]:
    """Return a call's arguments in source order."""
    rows: list[tuple[tuple[int, int], str | None, ast.expr]] = [((item.lineno, item.col_offset), None, item) for item in call.args]
    rows += [((item.lineno, item.col_offset), item.arg, item.value) for item in call.keywords]
    rows.sort(key=lambda row: row[0])
    return [Argument(place, keyword, node=node) for place, (_, keyword, node) in enumerate(rows)]


def rewrite(module: Module, call: ast.Call, wanted: Sequence[Argument]) -> Edit:
    """Return the edit that gives a call the wanted arguments; raises EditError where libcst cannot read the call."""
    import libcst as cst

    start, end = module.span(call)
    try:
        check_depth(call)
        parsed = cst.parse_expression(f"({module.segment(call)})".replace("\r\n", "\n"))
    except (cst.ParserSyntaxError, UnreadableError) as error:
        raise EditError("the call cannot be read") from error
    if not isinstance(parsed, cst.Call) or len(parsed.args) != len(call.args) + len(call.keywords):
        raise EditError("the call cannot be read")
    old = list(parsed.args)
    new = [_argument(old, item) for item in wanted]
    separator = _separator(parsed, old)
    for place, item in enumerate(new):
        was_last = wanted[place].index in (-1, len(old) - 1)
        if place < len(new) - 1 and was_last:
            new[place] = item.with_changes(comma=separator, whitespace_after_arg=cst.SimpleWhitespace(""))
        elif place == len(new) - 1:
            ending = old[-1] if old else None
            new[place] = item.with_changes(
                comma=ending.comma if ending else cst.MaybeSentinel.DEFAULT,
                whitespace_after_arg=ending.whitespace_after_arg if ending else cst.SimpleWhitespace(""),
            )
    before = parsed.whitespace_before_args if new else cst.SimpleWhitespace("")
    changed = parsed.with_changes(args=new, lpar=[], rpar=[], whitespace_before_args=before)
    return Edit(start, end, cst.Module([]).code_for_node(changed))


def _argument(old: Sequence[cst.Arg], item: Argument) -> cst.Arg:
    import libcst as cst

    keyword = cst.Name(item.keyword) if item.keyword else None
    tight = cst.AssignEqual(whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace(""))
    if item.index < 0:
        return cst.Arg(cst.parse_expression(item.text), keyword=keyword, equal=tight if keyword else cst.MaybeSentinel.DEFAULT)
    held = old[item.index]
    if (held.keyword.value if held.keyword else None) == item.keyword:
        return held
    equal = held.equal if held.keyword and keyword else tight if keyword else cst.MaybeSentinel.DEFAULT
    return held.with_changes(keyword=keyword, equal=equal)


def _separator(call: cst.Call, old: Sequence[cst.Arg]) -> cst.Comma:
    """Return the comma that stands between this call's arguments, so that a new one is laid out like the others."""
    import libcst as cst

    if len(old) > 1 and isinstance(old[0].comma, cst.Comma):
        after = old[0].comma.whitespace_after
        commented = isinstance(after, cst.ParenthesizedWhitespace) and after.first_line.comment is not None
        return cst.Comma(whitespace_after=call.whitespace_before_args if commented else after)
    if len(old) == 1 and not isinstance(call.whitespace_before_args, cst.SimpleWhitespace):
        return cst.Comma(whitespace_after=call.whitespace_before_args)
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
