"""An enumeration asked for a member that it has under another name, by its value, or in another spelling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.enums import Enumeration, enumeration, enumerations
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.names import closest, is_tie
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, missing_attribute

_NOT_VALID = re.compile(r"(.+) is not a valid (?:[\w.]*\.)?(\w+)$", re.DOTALL)
_OTHER_MEMBER = re.compile(r"<\w+\.\w+: (.+)>$", re.DOTALL)
_RAISED_IN = ("enum.py",)


@dataclass(frozen=True, slots=True)
class _Change:
    """What the failing lookup becomes, in words why, and how sure it is."""

    text: str
    why: str
    prior: float


class EnumMember:
    """Looks the member up by what was given: its name, its value, or the same in the spelling that the members have."""

    name = "enum-member"
    summary = "Looks a member of an enumeration up by its name or its value, whichever was given, in the spelling that it has."
    errors = ("ValueError", "KeyError", "AttributeError")
    examples: tuple[Example, ...] = (
        Example(
            name="name-given-for-a-value",
            files={
                "main.py": "from enum import Enum\n\n\nclass Level(Enum):\n    LOW = 1\n    HIGH = 2\n\n\ndef parse(text):\n    return Level(text)\n\n\n"
                "print(parse('HIGH').value)\n"
            },
            prints="2\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an enumeration refused a value, a name or an attribute, or text was taken for a member."""
        if raised.type == "ValueError":
            return _NOT_VALID.match(raised.message) is not None
        if raised.type == "KeyError":
            return bool(raised.frames) and raised.frames[-1].file.endswith(_RAISED_IN)
        missing = missing_attribute(raised)
        if missing is None:
            return raised.type == "AttributeError" and raised.message.isidentifier() and bool(raised.frames) and raised.frames[-1].file.endswith(_RAISED_IN)
        return missing.kind == "type" or (missing.owner in ("str", "int") and missing.attribute in ("value", "name"))

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the lookups that find a member for what was given."""
        raised = context.raised
        missing = missing_attribute(raised)
        if raised.type == "AttributeError" and missing is not None and missing.kind == "instance":
            yield from self._plain_value(context, missing.attribute, missing.owner)
            return
        if raised.type == "AttributeError":
            yield from self._attribute(context, missing.attribute if missing is not None else raised.message)
            return
        yield from self._lookup(context)

    def _attribute(self, context: Context, attribute: str) -> Iterator[Proposal]:
        found = [node for node in context.nodes(lambda node: isinstance(node, ast.Attribute) and node.attr == attribute) if isinstance(node, ast.Attribute)]
        if len(found) != 1:
            return
        node = found[0]
        known = enumeration(context.project, _original(context, last_name(node.value)), context.module)
        if known is None:
            return
        ranked = closest(attribute, known.names)
        name = known.name_of(attribute) or known.name_of(attribute.lower())
        if not name and (not ranked or is_tie(ranked)):
            context.refuse(f"{known.item.name} has no member close to {attribute}: it has {', '.join(known.names[:6])}.")
            return
        name = name or ranked[0][1]
        text = context.module.segment(node.value)
        uses = [
            item for item in context.module.nodes if isinstance(item, ast.Attribute) and item.attr == attribute and context.module.segment(item.value) == text
        ]
        ends = [context.module.span(use)[1] for use in uses]
        proposal = context.propose(
            rule=self.name,
            title=f"use {known.item.name}.{name} where {attribute} was meant",
            rationale=(
                f"{known.item.name} has no member {attribute}; its members are {', '.join(known.names[:6])}. "
                f"The edit uses {name} in {'all ' + str(len(uses)) + ' places' if len(uses) > 1 else 'the one place'} of {context.module.rel}."
            ),
            edits=[(context.module, Edit(end - len(attribute), end, name)) for end in ends],
            prior=0.9 if not ranked or ranked[0][0] > 0.8 else 0.78,
            alternatives=(f"A new member {attribute}: nothing says which value it would have.",),
        )
        if proposal is not None:
            yield proposal

    def _lookup(self, context: Context) -> Iterator[Proposal]:
        by_value = context.raised.type == "ValueError"
        match = _NOT_VALID.match(context.raised.message) if by_value else None
        nodes = context.nodes(
            lambda node: (isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords) if by_value else isinstance(node, ast.Subscript)
        )
        for node in nodes:
            holder, given = (
                (node.func, node.args[0]) if isinstance(node, ast.Call) else (node.value, node.slice) if isinstance(node, ast.Subscript) else (None, None)
            )
            if holder is None or given is None or (match is not None and _original(context, last_name(holder)) != match[2]):
                continue
            known = enumeration(context.project, _original(context, last_name(holder)), context.module)
            if known is None:
                continue
            shown = match[1] if match is not None else context.raised.message
            changes = sorted(_changes(context, known, context.module.segment(holder), given, shown, by_value=by_value), key=lambda item: -item.prior)
            if not changes:
                context.refuse(f"{known.item.name} has no member for {shown[:40]} in any spelling: it has {', '.join(known.names[:6])}.")
            for change in changes:
                proposal = context.propose(
                    rule=self.name,
                    title=f"look the {known.item.name} up as {change.text}"[:110],
                    rationale=(
                        f"{shown[:60]} was given where {known.item.name} is looked up by {'value' if by_value else 'name'}; {change.why}. "
                        f"The edit changes this lookup alone. {known.item.name} stays as it is, and what is no member at all still fails."
                    ),
                    edits=[(context.module, Edit(*context.module.span(node), change.text))],
                    prior=change.prior,
                    alternatives=(f"A new member of {known.item.name}: one that means it is there already.",),
                )
                if proposal is not None:
                    yield proposal
            return

    def _plain_value(self, context: Context, attribute: str, owner: str) -> Iterator[Proposal]:
        """Yield the member made of plain text or a number where code goes on to read `.value` or `.name`."""
        found = [
            node
            for node in context.nodes(lambda node: isinstance(node, ast.Attribute) and node.attr == attribute)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute)
        ]
        view = context.raised.obj or (context.view(found[0].value) if found else None)
        value = _literal(view.repr) if view is not None else None
        if len(found) != 1 or value is None:
            return
        fitting = [item for item in enumerations(context.project) if item.name_of(value) or value in item.names]
        if len(fitting) != 1:
            return
        known, text = fitting[0], context.module.segment(found[0].value)
        if known.item.module is not context.module and known.item.name not in index(context.module).globals:
            context.refuse(f"{text} was plain {owner}; {known.item.name} is not imported in {context.module.rel}.")
            return
        made = f"{known.item.name}({text})" if known.name_of(value) else f"{known.item.name}[{text}]"
        proposal = context.propose(
            rule=self.name,
            title=f"read .{attribute} of the {known.item.name} that {text} stands for",
            rationale=(
                f"{text} was {value!r}, the {'value' if known.name_of(value) else 'name'} of a {known.item.name} and not the member itself. "
                "The edit looks the member up before it is read; a member given here stays what it is."
            ),
            edits=[(context.module, Edit(*context.module.span(found[0].value), made))],
            prior=0.6,
            nature="guard",
            alternatives=("Giving a member where the value comes in: several places may give it.",),
            unchecked=("Whether other places count on a member too; the value may better be made where it comes in.",),
        )
        if proposal is not None:
            yield proposal


def _original(context: Context, name: str) -> str:
    """Return the name that an import renamed."""
    return index(context.module).imports.get(name, ("", ""))[1] or name


def _literal(text: str) -> object:
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, str | int | float) else None


def _changes(context: Context, known: Enumeration, holder: str, given: ast.expr, shown: str, *, by_value: bool) -> Iterator[_Change]:
    other = _OTHER_MEMBER.match(shown)
    value = _literal(other[1] if other else shown)
    text = context.module.segment(given)
    if value is None:
        return
    if other:
        if known.name_of(value):
            yield _Change(f"{holder}({text}.value)", "it is a member of another enumeration with such a value", 0.72)
        return
    if isinstance(given, ast.Constant):
        ranked = closest(str(value), known.names if not by_value else [item for item in known.values if isinstance(item, str)])
        if ranked and not is_tie(ranked):
            yield _Change(f"{holder}({ranked[0][1]!r})" if by_value else f"{holder}[{ranked[0][1]!r}]", f"the closest one is {ranked[0][1]}", 0.72)
    if by_value and isinstance(value, str) and value in known.names:
        yield _Change(f"{holder}[{text}]", "that is the name of a member", 0.86)
    if not by_value and known.name_of(value):
        yield _Change(f"{holder}({text})", "that is the value of a member", 0.86)
    plain = text if isinstance(given, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant) else f"({text})"
    if isinstance(value, str):
        yield from _spellings(known, holder, plain, value, by_value=by_value)
    elif by_value and known.name_of(str(value)):
        yield _Change(f"{holder}(str({text}))", "the values are text", 0.84)


def _spellings(known: Enumeration, holder: str, text: str, value: str, *, by_value: bool) -> Iterator[_Change]:
    texts = [item for item in known.values if isinstance(item, str)]
    if value.strip().lstrip("-").isdigit() and known.name_of(int(value)):
        yield _Change(f"{holder}(int({text}))", "the values are numbers", 0.86)
    for way in ("lower()", "upper()", "strip()", "title()", "strip().lower()", "strip().upper()"):
        spelled = value
        for step in way.removesuffix("()").split("()."):
            spelled = getattr(spelled, step)()
        if spelled == value:
            continue
        if by_value and spelled in texts:
            yield _Change(f"{holder}({text}.{way})", f"the members' values are written like {spelled!r}", 0.76)
            return
        if spelled in known.names:
            yield _Change(f"{holder}[{text}.{way}]", f"the members' names are written like {spelled}", 0.74 if not by_value else 0.68)
            return
