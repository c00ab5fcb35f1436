"""TypeError: two types that do not mix, converted where the wrong one comes in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import NUMBERS, kind_of, operations, with_types
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.items import container_mixes, hashable, item_access
from nexoide.repair.numbers import moments, whole_numbers
from nexoide.repair.numbers.decimals import decimals
from nexoide.repair.numbers.into_text import builds_text, into_text
from nexoide.repair.numbers.numbers_as_text import convert, repeated_text
from nexoide.repair.numbers.summed_text import none_last, ordered, summed
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example
from nexoide.repair.text import bytes_and_text

_OPERANDS = re.compile(r"unsupported operand type\(s\) for (?P<symbol>.+?): '(?P<left>[\w.]+)' and '(?P<right>[\w.]+)'")
_COMPARED = re.compile(r"'(?P<symbol><=?|>=?)' not supported between instances of '(?P<left>[\w.]+)' and '(?P<right>[\w.]+)'")
_TO_TEXT = re.compile(r"can only concatenate str \(not \"([\w.]+)\"\) to str")
_SEQUENCE = re.compile(r"can't multiply sequence by non-int of type '(str|float|decimal\.Decimal)'")
_REMAINDER = "not all arguments converted during string formatting"


class TypeMix:
    """Converts a value where it comes in, or uses the operation that two types have."""

    name = "type-mix"
    summary = "Converts a value of the wrong type where it comes in: text and numbers, bytes and text, decimals and floats, times, lists and tuples."
    errors = ("TypeError", "Error")
    examples: tuple[Example, ...] = (
        Example(name="number in a text", files={"main.py": 'count = 3\nprint("items: " + count)\n'}, prints="items: 3\n"),
        Example(name="text of a number", files={"main.py": 'quantity = "2,4".split(",")[1]\nprint(quantity * 1.5)\n'}, prints="6.0\n"),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is an error about types of values, None left out."""
        if "NoneType" in raised.message:
            return raised.type == "TypeError" and _COMPARED.match(raised.message) is not None
        if raised.type == "Error":
            return "opened in text mode" in raised.message
        return raised.type == "TypeError"

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the conversions that the message calls for, the origin before the use."""
        if raised_on_purpose(context):
            return
        noted = len(context.refusals)
        found = list(_ideas(context))
        if not found and len(context.refusals) == noted and _is_known(context.raised.message):
            context.refuse("Where the value of the wrong type came from, or what it should be, is not clear from the source.")
        yield from offer(context, self.name, found)


def _is_known(message: str) -> bool:
    return any(pattern.match(message) for pattern in (_OPERANDS, _COMPARED, _TO_TEXT, _SEQUENCE))


def _ideas(context: Context) -> Iterator[Idea]:
    message = context.raised.message
    if match := _OPERANDS.match(message):
        yield from _operands(context, match["symbol"], _last(match["left"]), _last(match["right"]))
    elif match := _COMPARED.match(message):
        yield from _compared(context, match["symbol"], _last(match["left"]), _last(match["right"]))
    elif match := _TO_TEXT.match(message):
        yield from _to_text(context, _last(match[1]))
    elif match := _SEQUENCE.match(message):
        yield from _sequence(context, _last(match[1]))
    elif message.startswith(_REMAINDER):
        yield from _remainder(context)
    elif moments.OFFSETS.match(message):
        yield from moments.offsets(context)
    elif moments.DAYS.match(message):
        yield from moments.days(context)
    else:
        yield from _of_containers(context, message)


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _of_containers(context: Context, message: str) -> Iterator[Idea]:
    if bytes_and_text.WANTS_BYTES.search(message):
        yield from bytes_and_text.bytes_wanted(context)
    elif bytes_and_text.WANTS_TEXT.search(message):
        yield from bytes_and_text.text_wanted(context)
    elif match := container_mixes.CONCATENATE.match(message):
        yield from container_mixes.concatenations(context, match[1], match[2])
    elif match := container_mixes.ITEM_TYPE.match(message):
        yield from container_mixes.joined(context, match[1])
    elif match := hashable.UNHASHABLE.match(message):
        yield from hashable.unhashable(context, match[1])
    elif match := item_access.NOT_SUBSCRIPTABLE.match(message):
        yield from item_access.ordered_set(context, match[1])
    elif match := item_access.NOT_ITERABLE.match(message):
        yield from item_access.iterated_number(context)
    elif match := container_mixes.NO_ASSIGNMENT.match(message):
        yield from container_mixes.assigned_item(context, match[1])
    elif match := item_access.INDEX_TYPE.match(message):
        yield from item_access.wrong_index(context, match[1] or "list", match[2] or "")
        yield from whole_numbers.whole_number(context) if whole_numbers.WANTED.match(message) else ()
    elif whole_numbers.WANTED.match(message):
        yield from whole_numbers.whole_number(context)


def _operands(context: Context, symbol: str, left: str, right: str) -> Iterator[Idea]:
    kinds = {left, right}
    if "Decimal" in kinds and "float" in kinds:
        yield from decimals(context, symbol, left, right)
    elif kinds == {"datetime", "date"}:
        yield from moments.days(context)
    elif kinds & {"datetime", "date", "timedelta"} and kinds & {"str", "int", "float"}:
        yield from moments.other_operands(context, symbol, left, right)
    elif "str" in kinds and kinds & NUMBERS:
        yield from _text_and_number(context, symbol, left, right)
    elif kinds == {"str"} and symbol.rstrip("=") in ("-", "/", "//", "**", "%"):
        yield from _both_text(context, symbol)
    else:
        yield from container_mixes.unlike(context, symbol, left, right)


def _both_text(context: Context, symbol: str) -> Iterator[Idea]:
    operation = with_types(context, operations(context, symbol), "str", "str")
    if operation is None:
        return
    if builds_text(context, operation.left) or builds_text(context, operation.right):
        yield from container_mixes.unlike(context, symbol, "str", "str")
        return
    yield from _converted_together(context, [operation.left, operation.right], "")


def _converted_together(context: Context, nodes: list[ast.expr], other: str) -> Iterator[Idea]:
    """Yield one idea that converts several operands, each with its likeliest conversion."""
    parts = [next(iter(convert(context, node, other or "int", "")), None) for node in nodes]
    found = [part for part in parts if part is not None]
    if len(found) != len(nodes) or not found:
        return
    edits = list(dict.fromkeys(edit for part in found for edit in part.edits))
    yield Idea(
        title="; ".join(dict.fromkeys(part.title for part in found)),
        why=" ".join(dict.fromkeys(part.why.strip() for part in found)),
        edits=edits,
        prior=min(part.prior for part in found),
        alternatives=found[0].alternatives,
        unchecked=found[0].unchecked,
    )


def _text_and_number(context: Context, symbol: str, left: str, right: str) -> Iterator[Idea]:
    operation = with_types(context, operations(context, symbol), left, right)
    if operation is None:
        yield from summed(context)
        return
    text, number = (operation.left, operation.right) if left == "str" else (operation.right, operation.left)
    other = right if left == "str" else left
    if operation.symbol == "+" and builds_text(context, text):
        if not (isinstance(operation.node, ast.AugAssign) and number is operation.left):
            yield from into_text(context, number, other)
        return
    yield from convert(context, text, other, f"{short(context.module.segment(text))} is text beside a number.")


def _to_text(context: Context, kind: str) -> Iterator[Idea]:
    if kind == "bytes":
        yield from bytes_and_text.text_wanted(context)
        return
    operation = with_types(context, operations(context, "+"), "str", kind)
    if operation is None:
        return
    if kind in NUMBERS and not builds_text(context, operation.left):
        found = list(convert(context, operation.left, kind, f"{short(context.module.segment(operation.left))} is text beside a number."))
        yield from found
        if found:
            return
    yield from into_text(context, operation.right, kind)


def _sequence(context: Context, kind: str) -> Iterator[Idea]:
    for operation in operations(context, "*"):
        sides = (repeated_text(context, operation.left), repeated_text(context, operation.right))
        texts = [side for side in sides if kind_of(context, side) == "str" and not builds_text(context, side)]
        if kind == "str" and len(texts) != 2:
            texts = [side for side in sides if kind_of(context, side) in ("str", "") and not builds_text(context, side)]
        if kind == "str" and len(texts) == 2:
            yield from _converted_together(context, texts, "")
            return
        if texts and kind != "str":
            yield from convert(context, texts[0], kind, f"{short(context.module.segment(texts[0]))} is text beside a number.")
            return
        if kind == "str" and texts:
            yield from convert(context, texts[-1], "int", f"{short(context.module.segment(texts[-1]))} is text.")
            return
    yield from whole_numbers.whole_number(context)


def _remainder(context: Context) -> Iterator[Idea]:
    """Yield the number of a text whose remainder is taken: `%` of text means formatting."""
    for operation in operations(context, "%"):
        if isinstance(operation.left, ast.Constant | ast.JoinedStr) or kind_of(context, operation.left) not in ("str", ""):
            continue
        if kind_of(context, operation.left) == "str" and builds_text(context, operation.left):
            continue
        yield from convert(context, operation.left, "int", f"{short(context.module.segment(operation.left))} is text, of which % makes a text.")
        return


def _compared(context: Context, symbol: str, left: str, right: str) -> Iterator[Idea]:
    kinds = {left, right}
    if "NoneType" in kinds:
        yield from none_last(context)
        return
    found = operations(context, symbol)
    calls = [node for node in context.nodes(lambda node: isinstance(node, ast.Call)) if isinstance(node, ast.Call)]
    sorting = [
        call
        for call in calls
        if last_name(call.func) in ("sorted", "sort", "max", "min", "nlargest", "nsmallest", "heappush", "heappop", "heapify", "insort", "bisect")
    ]
    if sorting and not with_types(context, found, left, right):
        yield from ordered(context, sorting[0], kinds)
        return
    if kinds & {"datetime", "date", "timedelta"}:
        yield from moments.other_operands(context, symbol, left, right)
        return
    operation = with_types(context, found, left, right)
    if operation is None or "str" not in kinds or not kinds & NUMBERS:
        return
    text = operation.left if left == "str" else operation.right
    yield from convert(context, text, right if left == "str" else left, f"{short(context.module.segment(text))} is text, and it is compared with a number.")
