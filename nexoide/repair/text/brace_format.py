"""`str.format` templates whose places and values do not fit: names and numbers that nothing gives, braces that are no place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.literals_in_code import Field, Literal, fields, label_before, literal_of
from nexoide.repair.code.names import closest
from nexoide.repair.code.scope import visible
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import Mapping, value_of
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.left_out import left_out

OUT_OF_RANGE = re.compile(r"Replacement index (\d+) out of range for positional args tuple|tuple index out of range")
BRACES = re.compile(r"Single '[{}]' encountered|expected '}' before end of string|unexpected '{' in field name|unmatched '{' in format spec")
SWITCH = "cannot switch from"
_PLACE = re.compile(r"\{([A-Za-z_]\w*|\d*)((?:\.\w+|\[[^\]{}\s]*\])*)(![rsa])?(:[^{}\n\"]*)?\}")


@dataclass(frozen=True, slots=True)
class Templated:
    """One `template.format(values)`: its call, the template's literal and its places."""

    call: ast.Call
    literal: Literal
    places: tuple[Field, ...]

    @property
    def by_name(self) -> dict[str, ast.expr]:
        """The values that are given by name."""
        return {item.arg: item.value for item in self.call.keywords if item.arg is not None}

    @property
    def is_open(self) -> bool:
        """Whether values are given by `*` or `**`, so that the source does not show them all."""
        return any(item.arg is None for item in self.call.keywords) or any(isinstance(item, ast.Starred) for item in self.call.args)


def templated(context: Context) -> Iterator[Templated]:
    """Yield the `.format()` and `.format_map()` calls of the failing line whose template's text is known."""
    for node in context.nodes(lambda item: isinstance(item, ast.Call) and last_name(item.func) in ("format", "format_map")):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            literal = literal_of(context, node.func.value)
            if literal is not None:
                yield Templated(node, literal, tuple(fields(literal.text)))


def brace_ideas(context: Context) -> Iterator[Idea]:
    """Yield what makes the template and the values of the failing line fit."""
    message = context.raised.message
    for item in templated(context):
        if OUT_OF_RANGE.match(message):
            found = list(_out_of_range(context, item))
        elif message.startswith(SWITCH):
            found = list(_numbered(item))
        elif BRACES.match(message):
            found = list(_doubled(item))
        else:
            found = list(_unknown_name(context, item))
        if found:
            yield from found
            return


def _root(field: Field) -> str:
    return re.split(r"[.\[]", field.name, maxsplit=1)[0]


def _out_of_range(context: Context, item: Templated) -> Iterator[Idea]:
    module, call = context.module, item.call
    roots = [_root(field) for field in item.places]
    numbers = [int(root) for root in roots if root.isdigit()]
    wanted = len([root for root in roots if not root]) or (max(numbers) + 1 if numbers else 0)
    if item.is_open or not wanted:
        return
    if numbers and min(numbers) == 1 and max(numbers) == len(call.args):
        edits = [
            item.literal.edit(field.start + 1, field.start + 1 + len(root), str(int(root) - 1))
            for field, root in zip(item.places, roots, strict=True)
            if root.isdigit()
        ]
        yield Idea(
            title="count the places of the template from 0",
            why=f"The template counts its places from 1 to {max(numbers)}; .format() counts from 0. The edit counts them so.",
            edits=edits,
            prior=0.93,
        )
        return
    if len(call.args) == 1 and wanted > 1:
        value = value_of(context, call.args[0])
        if kind_of(context, call.args[0]) in ("list", "tuple") or (isinstance(value, list | tuple) and len(value) >= wanted):
            text = short(module.segment(call.args[0]))
            start = module.span(call.args[0])[0]
            yield Idea(
                title=f"give the items of {text} one by one",
                why=f"{text} is one value for .format(), and the template has {wanted} places. The edit gives its items.",
                edits=[(module, Edit(start, start, "*"))],
                prior=0.93,
            )
            return
    if wanted - len(call.args) == 1 and not numbers:
        positional = [field for field, root in zip(item.places, roots, strict=True) if not root]
        labels = [label_before(item.literal.text, field.start) for field in positional]
        for candidate in left_out(context, call, list(call.args), labels):
            at = module.span(call.args[candidate.place])[0] if candidate.place < len(call.args) else 0
            if candidate.place >= len(call.args) and (call.args or call.keywords):
                last = call.args[-1] if call.args else None
                at = module.span(last)[1] if last is not None else module.span(call.keywords[0].value)[0]
            if not call.args:
                continue
            new = f"{candidate.text}, " if candidate.place < len(call.args) else f", {candidate.text}"
            yield Idea(
                title=f"give {candidate.text} to the template as value {candidate.place + 1}",
                why=f"The template has {wanted} places and {len(call.args)} values; {candidate.why}. The edit gives it.",
                edits=[(module, Edit(at, at, new))],
                prior=candidate.sure,
            )
            return
    context.refuse("The template has a place more than there are values, and nothing says which value is missing.")


def _numbered(item: Templated) -> Iterator[Idea]:
    """Yield places without numbers, where the numbers that stand there count up as they would anyway."""
    roots = [_root(field) for field in item.places]
    counted = [(place, int(root)) for place, root in enumerate(roots) if root.isdigit()]
    if not all(place == number for place, number in counted) or any(root and not root.isdigit() for root in roots):
        return
    edits = [item.literal.edit(item.places[place].start + 1, item.places[place].start + 1 + len(roots[place]), "") for place, _ in counted]
    yield Idea(
        title="let all places of the template be counted by themselves",
        why="The template numbers some of its places and not the others, which is not allowed. The numbers are those they have anyway; the edit drops them.",
        edits=edits,
        prior=0.9,
    )


def _doubled(item: Templated, prior: float = 0.9) -> Iterator[Idea]:
    """Yield the braces that are text, such as those of JSON or CSS, written twice."""
    text = item.literal.text
    names = set(item.by_name)
    edits: list[tuple[Module, Edit]] = []
    at = 0
    while at < len(text):
        if text.startswith(("{{", "}}"), at) and not _PLACE.match(text, at):
            # one brace of a doubled pair may close or open a place that stands inside
            inner = _PLACE.match(text, at + 1) if text[at] == "{" else None
            if inner is None:
                at += 2
                continue
        place = _PLACE.match(text, at)
        if place is not None and (not names or place[1] in names or place[1].isdigit() or not place[1]):
            at = place.end()
            continue
        if text[at] in "{}":
            edits.append(item.literal.edit(at, at, text[at]))
        at += 1
    if edits:
        yield Idea(
            title="write the braces that are text twice",
            why="The template has braces that are text, and .format() reads every single brace as the edge of a place. The edit writes those twice.",
            edits=edits,
            prior=prior,
            alternatives=("Another way to fill the template: the rest of it is written for .format().",),
        )


def _unknown_name(context: Context, item: Templated) -> Iterator[Idea]:
    key = context.raised.message
    key = key[1:-1] if len(key) >= 2 and key[0] == key[-1] and key[0] in "'\"" else key
    module, call = context.module, item.call
    places = [field for field in item.places if _root(field) == key]
    if not re.fullmatch(r"[A-Za-z_]\w*", key):
        yield from _doubled(item, 0.92)
        return
    if not places:
        return
    if len(call.args) == 1 and not call.keywords and last_name(call.func) == "format":
        known = value_of(context, call.args[0])
        if isinstance(known, Mapping) or kind_of(context, call.args[0]) == "dict":
            start = module.span(call.args[0])[0]
            text = short(module.segment(call.args[0]))
            yield Idea(
                title=f"give the items of {text} by their names",
                why=f"The template names its values, and {text} is given as one value. The edit gives its items under their keys.",
                edits=[(module, Edit(start, start, "**"))],
                prior=0.93,
            )
            return
    given = list(item.by_name)
    if last_name(call.func) == "format_map" or (item.is_open and len(call.keywords) == 1):
        known = value_of(context, call.args[0] if call.args else call.keywords[0].value)
        given = [name for name in known if isinstance(name, str)] if isinstance(known, Mapping) else []
    used = {_root(field) for field in item.places}
    ranked = closest(key, [name for name in given if name not in used])
    if ranked:
        yield _renamed(item, places, key, ranked[0][1])
        return
    yield from _given(context, item, key)


def _renamed(item: Templated, places: list[Field], key: str, name: str) -> Idea:
    return Idea(
        title=f"name the value {name} in the template",
        why=f"The template asks for {key}, which is not given; {name} is given and used nowhere. The edit asks for that.",
        edits=[item.literal.edit(field.start + 1, field.start + 1 + len(key), name) for field in places],
        prior=0.87,
        alternatives=("Giving the value under the template's name: the same comes out.",),
    )


def _given(context: Context, item: Templated, key: str) -> Iterator[Idea]:
    """Yield the value for a name of the template, where a variable or an attribute of the object is called so."""
    module, call = context.module, item.call
    if last_name(call.func) == "format_map" or not (call.args or call.keywords):
        return
    names = visible(module, call, context.line)
    text = key if key in names else ""
    if not text:
        owners = {module.segment(value.value) for value in item.by_name.values() if isinstance(value, ast.Attribute)} | ({"self"} if "self" in names else set())
        for owner in sorted(owners):
            view = context.frame.locals.get(owner)
            if view is not None and key in view.attributes:
                text = f"{owner}.{key}"
    if not text:
        context.refuse(f"The template asks for {key}, and nothing at hand is called so.")
        return
    last = max([*call.args, *(one.value for one in call.keywords)], key=lambda one: module.span(one)[1])
    at = module.span(last)[1]
    yield Idea(
        title=f"give {key} to the template",
        why=f"The template asks for {key}, which is not given, and {text} is at hand. The edit gives it.",
        edits=[(module, Edit(at, at, f", {key}={text}"))],
        prior=0.9,
    )
