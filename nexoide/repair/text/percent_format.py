"""`%` formats whose places and values do not fit: places that lack a value, values that lack a place, signs that are no place."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.kinds import NUMBERS, kind_of
from nexoide.repair.code.literals_in_code import Literal, fields, label_before, literal_of
from nexoide.repair.code.names import closest
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import Mapping, value_of
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.left_out import Candidate, left_out
from nexoide.repair.numbers.converters import is_text_of_number
from nexoide.repair.numbers.numbers_as_text import convert

_PLACE = re.compile(r"%(?:\((?P<key>[^)]*)\))?(?P<flags>[-+ #0]*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<code>[diouxXeEfFgGcrsa%])")
_ANY = re.compile(r"%%|%")
_NUMERIC = frozenset("diouxXeEfFgG")
TOO_FEW = "not enough arguments for format string"
TOO_MANY = "not all arguments converted during string formatting"
NOT_A_NUMBER = re.compile(r"%(\w) format: an? (?:real )?(?:number|integer) is required, not (\w+)|(?:must be real number|float argument required), not (\w+)")
NO_MAPPING = "format requires a mapping"
STRAY = re.compile(r"unsupported format character|incomplete format")


@dataclass(frozen=True, slots=True)
class Formatting:
    """One `template % values`: the template's literal, its places (in the literal's source text), and the values."""

    node: ast.BinOp
    literal: Literal
    places: tuple[re.Match[str], ...]
    values: tuple[ast.expr, ...]
    is_tuple: bool


def formattings(context: Context) -> Iterator[Formatting]:
    """Yield the formattings of the failing line whose template's text is known."""
    for node in context.nodes(lambda item: isinstance(item, ast.BinOp) and isinstance(item.op, ast.Mod)):
        assert isinstance(node, ast.BinOp)
        literal = literal_of(context, node.left)
        if literal is not None:
            places = tuple(item for item in _PLACE.finditer(literal.text) if item["code"] != "%")
            is_tuple = isinstance(node.right, ast.Tuple)
            values = tuple(node.right.elts) if isinstance(node.right, ast.Tuple) else (node.right,)
            if not any(isinstance(item, ast.Starred) for item in values):
                yield Formatting(node, literal, places, values, is_tuple)


def percent_ideas(context: Context) -> Iterator[Idea]:
    """Yield what makes the places and the values of the failing line fit."""
    message = context.raised.message
    for item in formattings(context):
        if message.startswith(TOO_FEW):
            found = list(_too_few(context, item))
        elif message.startswith(TOO_MANY):
            found = list(_too_many(context, item))
        elif NO_MAPPING in message:
            found = list(_no_mapping(context, item))
        elif STRAY.match(message):
            found = list(_stray(context, item))
        elif NOT_A_NUMBER.search(message):
            found = list(_not_a_number(context, item))
        elif context.raised.type == "KeyError":
            found = list(_unknown_key(context, item))
        else:
            found = []
        if found:
            yield from found
            return


def _too_few(context: Context, item: Formatting) -> Iterator[Idea]:
    module, given, wanted = context.module, len(item.values), len(item.places)
    text = short(module.segment(item.node))
    stray = [place for place in item.places if " " in place["flags"] and re.match(r"\w", item.literal.text[place.end() :])]
    if stray and wanted - len(stray) == given:
        yield _escaped(item, [place.start() for place in stray])
        return
    if not item.is_tuple:
        following = _following(module, item.node)
        if len(following) >= wanted - 1 and wanted > 1:
            start, end = module.span(item.node.right)[0], module.span(following[wanted - 2])[1]
            close = Edit(end, end, ")")
            why = f"% takes only what directly follows it, and the template has {wanted} places. The edit gives it all {wanted} values."
            yield Idea(title=f"put the {wanted} values in parentheses", why=why, edits=[(module, Edit(start, start, "(")), (module, close)], prior=0.93)
            return
        if wanted == 1 or kind_of(context, item.node.right) == "list":
            yield _as_tuple(context, item, "tuple" if wanted > 1 else "")
            return
    if wanted - given == 1:
        for candidate in left_out(context, item.node, list(item.values), [label_before(item.literal.text, place.start()) for place in item.places]):
            if _fits_all(context, item, candidate.place):
                yield _value_added(context, item, candidate)
                return
    context.refuse(f"The template of {text} has {wanted} places and {given} value{'s' if given > 1 else ''}; nothing says which value is missing.")


def _following(module: Module, node: ast.BinOp) -> list[ast.expr]:
    """Return the expressions that stand behind a formatting, as further arguments or items of a tuple without parentheses."""
    parent = module.parents.get(node)
    row = parent.args if isinstance(parent, ast.Call) else parent.elts if isinstance(parent, ast.Tuple) else []
    return [item for item in row[row.index(node) + 1 :] if not isinstance(item, ast.Starred)] if node in row else []


def _as_tuple(context: Context, item: Formatting, how: str) -> Idea:
    module = context.module
    text = module.segment(item.node.right)
    new = f"tuple({text})" if how else f"({text},)"
    what = "a list, which % takes for one value" if how else "a tuple, whose items % takes one by one"
    return Idea(
        title=f"format {short(new)}",
        why=f"{short(text)} is {what}. The edit gives it as {'its items' if how else 'one value'}.",
        edits=[(module, Edit(*module.span(item.node.right), new))],
        prior=0.9,
    )


def _value_added(context: Context, item: Formatting, candidate: Candidate) -> Idea:
    module, values = context.module, list(item.values)
    if item.is_tuple:
        if candidate.place < len(values):
            at = module.span(values[candidate.place])[0]
            edits = [(module, Edit(at, at, f"{candidate.text}, "))]
        else:
            at = module.span(values[-1])[1]
            edits = [(module, Edit(at, at, f", {candidate.text}"))]
    else:
        row = [module.segment(values[0])]
        row.insert(candidate.place, candidate.text)
        edits = [(module, Edit(*module.span(item.node.right), f"({', '.join(row)})"))]
    return Idea(
        title=f"give {candidate.text} to the format as value {candidate.place + 1}",
        why=f"The template has {len(item.places)} places and {len(values)} value{'s' if len(values) > 1 else ''}; {candidate.why}. The edit gives it.",
        edits=edits,
        prior=candidate.sure,
        alternatives=("Taking a place out of the template: the value is at hand.",),
    )


def _fits_all(context: Context, item: Formatting, place: int) -> bool:
    """Say whether the known values suit the codes of their places once one more stands at `place`."""
    for number, value in enumerate(item.values):
        code = item.places[number if number < place else number + 1]["code"]
        if code in _NUMERIC and kind_of(context, value) not in (*NUMBERS, ""):
            return False
    return True


def _too_many(context: Context, item: Formatting) -> Iterator[Idea]:
    module, given, wanted = context.module, len(item.values), len(item.places)
    if not item.is_tuple and wanted == 1:
        yield _as_tuple(context, item, "")
        return
    braces = [field for field in fields(item.literal.text) if re.fullmatch(r"\w*", field.name)]
    if wanted == 0 and braces and item.literal.node is item.node.left:
        yield from _as_format(context, item, [field.name for field in braces])
        return
    if not item.is_tuple and wanted == 0 and isinstance(item.literal.node, ast.Constant):
        text = item.literal.text
        quote = len(text) - 3 if text.endswith(('"""', "'''")) else len(text) - 1
        yield Idea(
            title=f"add a place for {short(module.segment(item.node.right))} to the template",
            why="The template has no place for the value that is given. The edit adds one at its end.",
            edits=[item.literal.edit(quote, quote, "%s")],
            prior=0.72,
        )
        return
    if item.is_tuple and given == wanted + 1 and wanted:
        yield from _place_added(context, item)
        return
    if not item.is_tuple and wanted > 1:
        text = module.segment(item.node.right)
        yield Idea(
            title=f"format the first {wanted} of {short(text)}",
            why=f"{short(text)} has more items than the template has places. The edit gives the first {wanted}.",
            edits=[(module, Edit(*module.span(item.node.right), f"{text}[:{wanted}]"))],
            prior=0.45,
            cautions=("The other items are not shown.",),
        )
        return
    context.refuse(f"The template has {wanted} places and {given} values; where the others belong is not clear.")


def _as_format(context: Context, item: Formatting, names: list[str]) -> Iterator[Idea]:
    module = context.module
    values = [module.segment(value) for value in item.values]
    auto = [name for name in names if not name or name.isdigit()]
    if len(auto) == len(names):
        given = ", ".join(values)
    elif not auto and len(names) == len(values):
        given = ", ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))
    else:
        return
    start, end = module.span(item.node.left)[1], module.span(item.node)[1]
    yield Idea(
        title="format the template with .format(), whose places it has",
        why="The template's places are written {} as for .format(), and % fills only places written %s. The edit uses .format().",
        edits=[(module, Edit(start, end, f".format({given})"))],
        prior=0.93,
    )


def _place_added(context: Context, item: Formatting) -> Iterator[Idea]:
    """Yield one more place, where the values' kinds and the other templates of the file allow it; at the end where nothing decides."""
    text, places = item.literal.text, item.places
    gaps = [text[one.end() : other.start()] for one, other in itertools.pairwise(places)]
    between = gaps[-1] if gaps and "\n" not in gaps[-1] else " "
    if re.search(r"\w", between):
        between = ", " if "," in between else " "
    possible = [number for number in range(len(places) + 1) if _kinds_fit(context, item, number)]
    sibling = _sibling(item)
    for rank, number in enumerate(_ordered(possible, item, sibling)):
        place = sibling[number][0] if sibling and _text_place(sibling[number]) else "%s"
        if number < len(places):
            at, new = places[number].start(), f"{place}{between}"
        else:
            at, new = places[-1].end(), f"{between}{place}"
        value = short(context.module.segment(item.values[number]))
        yield Idea(
            title=f"add a place for {value} to the template",
            why=f"The template has {len(places)} places for {len(item.values)} values. Their kinds leave {value} without a place. The edit adds it.",
            edits=[item.literal.edit(at, at, new)],
            prior=(0.86 if sibling or len(possible) == 1 else 0.74) - 0.16 * rank,
            alternatives=("Taking a value out: all of them are given on purpose.",),
            unchecked=("How wide the new place should be.",),
        )
        if rank == 1:
            return


def _kinds_fit(context: Context, item: Formatting, number: int) -> bool:
    for place, value in enumerate(item.values):
        if place != number:
            code = item.places[place if place < number else place - 1]["code"]
            if code in _NUMERIC and kind_of(context, value) not in (*NUMBERS, ""):
                return False
    return True


def _sibling(item: Formatting) -> list[re.Match[str]]:
    """Return the places of another template of the file with as many places as there are values, most of them alike."""
    for node in item.literal.module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node is not item.literal.node and "%" in node.value:
            places = [match for match in _PLACE.finditer(item.literal.module.segment(node)) if match["code"] != "%"]
            if len(places) == len(item.values) and sum(_width(one) in {_width(other) for other in item.places} for one in places) >= len(item.places) - 1:
                return places
    return []


def _width(place: re.Match[str]) -> str:
    return ("-" if "-" in place["flags"] else "") + (place["width"] or "")


def _text_place(place: re.Match[str]) -> bool:
    return bool(place["code"] == "s" and not place["key"])


def _ordered(possible: list[int], item: Formatting, sibling: list[re.Match[str]]) -> list[int]:
    """Return the possible numbers of the new place, the likeliest first: the others should then look like the sibling's."""

    def alike(number: int) -> int:
        widths = [_width(place) for place in item.places]
        if not sibling:
            return 0
        widths.insert(number, _width(sibling[number]))
        return sum(one == _width(other) for one, other in zip(widths, sibling, strict=True))

    return sorted(possible, key=lambda number: (-alike(number), -number))


def _no_mapping(context: Context, item: Formatting) -> Iterator[Idea]:
    module = context.module
    keys = [place["key"] for place in item.places if place["key"]]
    right = module.segment(item.node.right)
    if item.is_tuple and len(item.values) == 1:
        yield Idea(
            title=f"give {short(module.segment(item.values[0]))} itself",
            why="The template names its values, and a tuple has no names. The edit gives the mapping itself.",
            edits=[(module, Edit(*module.span(item.node.right), module.segment(item.values[0])))],
            prior=0.85,
        )
    elif item.is_tuple and len(item.values) == len(keys):
        new = ", ".join(f'"{key}": {module.segment(value)}' for key, value in zip(keys, item.values, strict=True))
        yield Idea(
            title="give the values by name",
            why="The template names its values, and they are given in a row. The edit gives each under its name, in the template's order.",
            edits=[(module, Edit(*module.span(item.node.right), f"{{{new}}}"))],
            prior=0.84,
        )
    elif not item.is_tuple and kind_of(context, item.node.right) not in ("str", "int", "float", "list", "bytes"):
        yield Idea(
            title=f"give the attributes of {short(right)}: vars({short(right)})",
            why=f"The template names its values, and {short(right)} is an object and no mapping. The edit gives its attributes.",
            edits=[(module, Edit(*module.span(item.node.right), f"vars({right})"))],
            prior=0.76,
        )


def _escaped(item: Formatting, places: list[int]) -> Idea:
    return Idea(
        title="write the percent sign twice, as text",
        why="The template has a percent sign that is meant as text, and % reads it as the beginning of a place. The edit writes it twice.",
        edits=[item.literal.edit(place, place, "%") for place in places],
        prior=0.93,
    )


def _stray(context: Context, item: Formatting) -> Iterator[Idea]:
    text = item.literal.text
    if item.literal.node is item.node.left and kind_of(context, item.node.right) in ("datetime", "date", "time"):
        module = context.module
        right = module.segment(item.node.right)
        yield Idea(
            title=f"format the time with {short(right)}.strftime()",
            why=f"The template has the codes of times, which % does not know, and {short(right)} is a time. The edit uses strftime().",
            edits=[(module, Edit(*module.span(item.node), f"{right}.strftime({text})"))],
            prior=0.9,
        )
        return
    good = {place.start() for place in _PLACE.finditer(text)}
    stray: list[int] = []
    at = 0
    while (found := text.find("%", at)) >= 0:
        match = _PLACE.match(text, found)
        word = match is not None and " " in match["flags"] and bool(re.match(r"\w", text[match.end() : match.end() + 1]))
        if match is None or word:
            stray.append(found)
            at = found + 1
        else:
            at = match.end()
    if stray and (good or item.values):
        yield _escaped(item, stray)


def _not_a_number(context: Context, item: Formatting) -> Iterator[Idea]:
    match = NOT_A_NUMBER.search(context.raised.message)
    assert match is not None
    kind, module = match[2] or match[3], context.module
    if kind == "NoneType" or len(item.places) != len(item.values):
        return
    for place, value in zip(item.places, item.values, strict=True):
        code = place["code"]
        if code not in _NUMERIC or kind_of(context, value) not in (kind, ""):
            continue
        if kind == "str":
            seen = is_text_of_number(value_of(context, value))
            if seen is not False:
                wanted = "int" if code in "diouxX" else "float"
                yield from convert(context, value, wanted, f"{short(module.segment(value))} is text, and the template's %{code} wants a number.")
            if code in "diu" and not place["precision"] and "0" not in place["flags"]:
                yield _as_text(item, place, module.segment(value), 0.86 if seen is False else 0.6)
        elif kind in ("float", "Decimal") and code in "xXoc":
            text = module.segment(value)
            yield Idea(
                title=f"format the whole part of {short(text)}",
                why=f"%{code} wants a whole number and {short(text)} is a fraction. The edit gives its whole part.",
                edits=[(module, Edit(*module.span(value), f"int({text})"))],
                prior=0.8,
                nature="call",
            )
        elif kind not in ("float", "int"):
            yield _as_text(item, place, module.segment(value), 0.78)
        return


def _as_text(item: Formatting, place: re.Match[str], value: str, prior: float) -> Idea:
    return Idea(
        title=f"show {short(value)} with %s",
        why=f"{short(value)} is no number, and its place in the template wants one. The edit makes it a place for text.",
        edits=[item.literal.edit(place.end() - 1, place.end(), "s")],
        prior=prior,
    )


def _unknown_key(context: Context, item: Formatting) -> Iterator[Idea]:
    key = context.raised.message.strip("'\"")
    place = next((place for place in item.places if place["key"] == key), None)
    if place is None:
        return
    known = value_of(context, item.node.right)
    names = [name for name in known if isinstance(name, str)] if isinstance(known, Mapping) else []
    if isinstance(item.node.right, ast.Dict):
        names = [node.value for node in item.node.right.keys if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    used = {place["key"] for place in item.places}
    ranked = closest(key, [name for name in names if name not in used]) or closest(key, names)
    if ranked:
        start = place.start() + 2
        yield Idea(
            title=f"name the value {ranked[0][1]} in the template",
            why=f"The template asks for {key}, which is not given; {ranked[0][1]} is, and is alike. The edit asks for that.",
            edits=[item.literal.edit(start, start + len(key), ranked[0][1])],
            prior=0.86,
        )
