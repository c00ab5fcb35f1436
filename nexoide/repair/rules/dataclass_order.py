"""Dataclasses that cannot be made or changed: required fields after defaults, frozen, slotted, unhashable and unordered classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.fields import Field, class_at, decorator, fields_of, option, whole_lines, with_option, without_option
from nexoide.repair.code.frozen import frozen_store
from nexoide.repair.code.index import Class, find_classes, last_name
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import constructions
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.naming.importing import need
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_ORDER = re.compile(r"non-default argument '(\w+)' follows default argument|non-default namedtuple field '?(\w+)'? cannot follow default fields?")
_FROZEN = re.compile(r"cannot (?:assign to|delete) field '(\w+)'")
_INHERIT = re.compile(r"cannot inherit (non-frozen|frozen) dataclass from a (non-frozen|frozen) one")
_SLOTS = re.compile(r"'(\w+)' in __slots__ conflicts with class variable")
_UNHASHABLE = re.compile(r"(?:cannot use '\w+' as a (?:dict key|set element) \()?unhashable type: '(\w+)'")
_UNORDERED = re.compile(r"'[<>]=?' not supported between instances of '(\w+)' and '(\w+)'")


class DataclassOrder:
    """Puts fields in an order that can be, and changes frozen objects as they can be changed."""

    name = "dataclass-order"
    summary = "Orders a dataclass's fields, changes frozen objects as they can be, and makes slotted, hashable or ordered what is used so."
    errors = ("TypeError", "ValueError", "FrozenInstanceError")
    examples: tuple[Example, ...] = (
        Example(
            name="required after default",
            files={
                "main.py": "from dataclasses import dataclass\n\n\n@dataclass\nclass Cart:\n    currency: str = 'EUR'\n    owner: str\n\n\n"
                "print(Cart(owner='Ada'))\n"
            },
            prints="Cart(owner='Ada', currency='EUR')\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the message is one of dataclasses."""
        patterns = (_ORDER, _FROZEN, _INHERIT, _SLOTS, _UNHASHABLE, _UNORDERED)
        return any(pattern.match(raised.message) for pattern in patterns)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield what the message calls for."""
        yield from offer(context, self.name, _ideas(context))


def _ideas(context: Context) -> Iterator[Idea]:
    message = context.raised.message
    if match := _ORDER.match(message):
        yield from _order(context, match[1] or match[2])
    elif match := _FROZEN.match(message):
        yield from frozen_store(context, match[1])
    elif match := _INHERIT.match(message):
        yield from _inherited(context, match[1])
    elif match := _SLOTS.match(message):
        yield from _slots(context, match[1])
    elif (match := _UNHASHABLE.match(message)) and find_classes(context.project, match[1]):
        yield from _hashable(context, match[1])
    elif (match := _UNORDERED.match(message)) and match[1] == match[2]:
        yield from _ordered(context, match[1])


def _order(context: Context, name: str) -> Iterator[Idea]:
    item = class_at(context.module, context.line)
    if item is None:
        return
    own = fields_of(item)
    late = [field for number, field in enumerate(own) if not field.has_default and not field.by_keyword and any(other.has_default for other in own[:number])]
    if late and any(field.name == name for field in late):
        yield from _moved(context, item, own, late)
        return
    required = [field for field in own if not field.has_default]
    if any(field.name == name for field in required):
        yield from _by_keyword(context, item, required)


def _moved(context: Context, item: Class, own: list[Field], late: list[Field]) -> Iterator[Idea]:
    """Yield the required fields before the first default, each with its own lines."""
    module = item.module
    first = next(field for field in own if field.has_default)
    texts = []
    edits: list[Edit] = []
    for field in late:
        if module.own_indent(field.node) is None:
            return
        start, end = whole_lines(module, field.node)
        text = module.text[start:end]
        texts.append(text if text.endswith("\n") else text + "\n")
        edits.append(Edit(start, end, ""))
    start = whole_lines(module, first.node)[0]
    end = max(edit.end for edit in edits)
    body = module.text[start:end]
    for edit in sorted(edits, reverse=True):
        body = body[: edit.start - start] + body[edit.end - start :]
    names = ", ".join(field.name for field in late)
    order = [field.name for field in own]
    positional = max((len(call.args) for _, call in constructions(context.project, item)), default=0)
    disturbed = positional > order.index(first.name)
    new = "".join(texts) + body
    named = _named(context, item, own, order.index(first.name)) if disturbed else []
    yield Idea(
        title=f"put {names} before the fields with defaults",
        why=(
            f"A field without a default cannot follow one that has one. The edit moves {names} up in front of "
            f"{first.name}; the fields themselves stay as they are."
            + (" Calls that gave them by position name them now, so that each keeps its value." if named else "")
        ),
        edits=[(module, Edit(start, end, new.rstrip("\n") if end == len(module.text) and not module.text.endswith("\n") else new)), *named],
        prior=(0.68 if named else 0.45) if disturbed else 0.9,
        cautions=("Calls outside the project that give the fields by position now mean others.",) if disturbed else (),
        alternatives=("A default for the later field: nothing says which.",),
    )
    if disturbed:
        yield from _by_keyword(context, item, late)


def _named(context: Context, item: Class, own: list[Field], start: int) -> list[tuple[Module, Edit]]:
    """Return the edits that name the arguments which calls give by position from a field on; none where a call cannot be rewritten so."""
    if _inherited_count(context, item) or "__init__" in item.methods:
        return []
    names = [field.name for field in own if not field.by_keyword]
    edits: list[tuple[Module, Edit]] = []
    for module, call in constructions(context.project, item):
        if len(call.args) > len(names) or any(isinstance(given, ast.Starred) for given in call.args):
            return []
        for name, given in list(zip(names, call.args, strict=False))[start:]:
            at = module.span(given)[0]
            edits.append((module, Edit(at, at, f"{name}=")))
    return edits


def _by_keyword(context: Context, item: Class, required: list[Field]) -> Iterator[Idea]:
    """Yield fields that are given by name alone, which may stand after defaults (3.10 and later)."""
    module = item.module
    version = context.surroundings.version
    if (0, 0) < version < (3, 10):
        context.refuse("Fields by keyword alone need Python 3.10, and nothing says which default the field should have.")
        return
    inherited = _inherited_count(context, item)
    calls = [call for _, call in constructions(context.project, item)]
    by_position = any(len(call.args) > inherited for call in calls)
    whole = all(field in required for field in fields_of(item)) or inherited
    edits: list[tuple[Module, Edit]] = []
    if whole:
        edit = with_option(item, "kw_only")
        edits = [(module, edit)] if edit is not None else []
    else:
        name, extra = need(context.project, module, "dataclasses", "field")
        edits = [(module, item_edit) for item_edit in extra]
        for field in required:
            end = module.span(field.node)[1]
            edits.append((module, Edit(end, end, f" = {name}(kw_only=True)")))
    names = ", ".join(field.name for field in required)
    if edits:
        yield Idea(
            title=f"let {names} be given by name",
            why=(
                f"{names} {'has' if len(required) == 1 else 'have'} no default and would follow fields that have one. Given by "
                f"name alone, {'it' if len(required) == 1 else 'they'} may."
            ),
            edits=edits,
            prior=0.4 if by_position else 0.86,
            cautions=("Calls that give it by position fail now.",) if by_position else (),
            alternatives=("A default for the field: nothing says which.",),
        )
    if by_position and inherited:
        yield from _all_by_keyword(item, names)


def _all_by_keyword(item: Class, names: str) -> Iterator[Idea]:
    """Yield None as the default where the field is given by position after the inherited ones."""
    own = [field for field in fields_of(item) if not field.has_default]
    edits = []
    for field in own:
        end = item.module.span(field.node)[1]
        text = item.module.segment(field.node.annotation).strip("\"'")
        default = {"str": '""', "int": "0", "float": "0.0", "bool": "False"}.get(text, "None")
        edits.append((item.module, Edit(end, end, f" = {default}")))
    yield Idea(
        title=f"give {names} a default",
        why=f"{names} would follow inherited fields that have defaults, and calls give it by position. With a default of its own it may stand there.",
        edits=edits,
        prior=0.6,
        guesses=True,
        cautions=("The class can now be made without it.",),
    )


def _inherited_count(context: Context, item: Class) -> int:
    count = 0
    for base in item.bases:
        for found in find_classes(context.project, base, item.module)[:1]:
            if decorator(found) is not None and found.node is not item.node:
                count += len(fields_of(found)) + _inherited_count(context, found)
    return count


def _inherited(context: Context, kind: str) -> Iterator[Idea]:
    item = class_at(context.module, context.line)
    if item is None:
        return
    if kind == "non-frozen":
        edit = with_option(item, "frozen")
        if edit is not None:
            yield Idea(
                title=f"freeze {item.name} as its base is",
                why="A class that can change cannot build on one that is frozen. The edit freezes it too.",
                edits=[(item.module, edit)],
                prior=0.72,
            )
        return
    for base in item.bases:
        for found in find_classes(context.project, base, item.module)[:1]:
            edit = with_option(found, "frozen")
            if edit is not None and not _is_changed(context, found):
                yield Idea(
                    title=f"freeze {found.name} too",
                    why="A frozen class cannot build on one that can change, and nothing changes its objects. The edit freezes the base.",
                    edits=[(found.module, edit)],
                    prior=0.7,
                )
    edit = without_option(item, "frozen")
    if edit is not None:
        yield Idea(
            title=f"let {item.name} change as its base does",
            why="A frozen class cannot build on one that can change. The edit takes frozen away.",
            edits=[(item.module, edit)],
            prior=0.5,
        )


def _is_changed(context: Context, item: Class) -> bool:
    """Say whether the project sets a field of some object."""
    names = {field.name for field in fields_of(item)}
    for name in names:
        for module in context.project.containing(f".{name}"):
            for node in module.nodes:
                if (
                    isinstance(node, ast.Attribute)
                    and node.attr == name
                    and isinstance(node.ctx, ast.Store)
                    and not (module.owner(node) is not None and module.owner(node) is not item.node)
                ):
                    return True
    return False


def _slots(context: Context, name: str) -> Iterator[Idea]:
    item = class_at(context.module, context.line)
    if item is None:
        return
    slots = next((node for node in item.node.body if isinstance(node, ast.Assign) and last_name(node.targets[0]) == "__slots__"), None)
    if slots is None or decorator(item) is None or (0, 0) < context.surroundings.version < (3, 10):
        return
    edit = with_option(item, "slots")
    start, end = whole_lines(item.module, slots)
    if edit is not None:
        after = item.module.text[end:]
        blank = after[: len(after) - len(after.lstrip("\n"))]
        yield Idea(
            title=f"let the dataclass make the slots of {item.name}",
            why=f"{name} has a default, which a class with slots written by hand cannot keep. The edit lets the dataclass make the slots itself.",
            edits=[(item.module, edit), (item.module, Edit(start, end + len(blank), ""))],
            prior=0.86,
        )


def _hashable(context: Context, name: str) -> Iterator[Idea]:
    for item in find_classes(context.project, name)[:1]:
        if decorator(item) is None or option(item, "frozen") is not None or "__hash__" in item.methods:
            if decorator(item) is None and "__eq__" in item.methods and "__hash__" not in item.methods:
                yield from _hash_of_eq(item)
            return
        changed = _is_changed(context, item)
        edit = with_option(item, "unsafe_hash" if changed else "frozen")
        if edit is not None:
            yield Idea(
                title=f"make {name} hashable",
                why=(
                    f"{name} is used as a key or member, and a dataclass that compares by value is none unless it cannot change. "
                    + (
                        "Its fields are set elsewhere, so the edit lets it be hashed by its fields."
                        if changed
                        else "Nothing changes its objects. The edit freezes it."
                    )
                ),
                edits=[(item.module, edit)],
                prior=0.6 if changed else 0.88,
                cautions=("An object that changes while it is a key is not found any more.",) if changed else (),
            )


def _hash_of_eq(item: Class) -> Iterator[Idea]:
    """Yield a hash of the attributes that a class's own comparison reads."""
    module, method = item.module, item.methods["__eq__"].node
    names = list(
        dict.fromkeys(
            node.attr for node in ast.walk(method) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
        )
    )
    names = [name for name in names if not name.startswith("__")]
    indent = module.own_indent(method)
    if not names or indent is None:
        return
    end = module.line_start(method.end_lineno or method.lineno) + len(module.lines[(method.end_lineno or method.lineno) - 1])
    values = ", ".join(f"self.{name}" for name in names)
    inner = f"({values})" if len(names) > 1 else f"({values},)"
    yield Idea(
        title=f"let {item.name} be hashed by what it is compared by",
        why=f"{item.name} has its own __eq__, which takes its hash away, and it is used as a key or member. The edit hashes what is compared.",
        edits=[(module, Edit(end, end, f"\n\n{indent}def __hash__(self):\n{indent}    return hash({inner})"))],
        prior=0.86,
    )


def _ordered(context: Context, name: str) -> Iterator[Idea]:
    for item in find_classes(context.project, name)[:1]:
        edit = with_option(item, "order") if decorator(item) is not None and option(item, "order") is None and "__lt__" not in item.methods else None
        if edit is not None:
            yield Idea(
                title=f"let {name} be ordered by its fields",
                why=(
                    f"Objects of {name} are compared, and a dataclass has no order unless it is asked for. The edit orders them "
                    "field by field, as they are written."
                ),
                edits=[(item.module, edit)],
                prior=0.7,
                unchecked=("Whether all fields can be compared.",),
            )
