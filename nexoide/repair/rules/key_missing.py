"""KeyError: a mistyped or differently spelled key, one level too few or too many, a first value of a collection, an optional key."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import find_classes, index, last_name
from nexoide.repair.code.names import closest, is_tie
from nexoide.repair.code.values import MISSING, Mapping, Opaque, Row
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.items.collecting import collecting
from nexoide.repair.items.keys import Known, known_keys, project_uses
from nexoide.repair.items.lookups import Lookup, Transform, find_lookup, like_lookups, missing_key, reordered, replaced, transforms
from nexoide.repair.items.mistyped_keys import mistyped, other_level, spoilt
from nexoide.repair.items.optional_keys import optional_key
from nexoide.repair.items.written_keys import as_written
from nexoide.repair.numbers.number_keys import restored
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example

_DEFAULTING = ("get", "getenv", "setdefault")


class KeyMissing:
    """Reads the key that is there, or lets a first value start from nothing, or takes the default that the project shows."""

    name = "key-missing"
    summary = "Reads the key that a mapping really has, starts a collection's first value, or takes the default that the project shows for a key."
    errors = ("KeyError",)
    examples: tuple[Example, ...] = (
        Example(
            name="mistyped key",
            files={"main.py": 'order = {"customer": "Ada", "quantity": 2}\nprint(order["customer"], order["quantitiy"])\n'},
            prints="Ada 2\n",
        ),
        Example(
            name="first value of a count",
            files={"main.py": 'counts = {}\nfor word in ["a", "b", "a"]:\n    counts[word] += 1\nprint(counts)\n'},
            prints="{'a': 2, 'b': 1}\n",
        ),
        Example(name="variable of the environment", files={"main.py": 'import os\n\nprint(os.environ["SHOP_DATABASE_PASSWORD"])\n'}, prints=None),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is a KeyError that names one key."""
        return raised.type == "KeyError" and missing_key(raised.message) is not MISSING and not raised.message.startswith(("Timestamp(", '"['))

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield renames before conversions before collections before defaults; advice for the environment."""
        key = missing_key(context.raised.message)
        lookup = find_lookup(context, key)
        if lookup is None:
            if not raised_on_purpose(context):
                context.refuse(f"The line does not show which lookup asked for {context.raised.message}.")
            return
        if _is_environment(context, lookup):
            yield from self._of_environment(context, lookup, key)
            return
        ideas = list(_ideas(context, lookup, key))
        if not ideas:
            context.refuse(
                f"Nothing in the project says what should happen where {short(context.module.segment(lookup.owner))} has no {context.raised.message}."
            )
        yield from offer(context, self.name, ideas)

    def _of_environment(self, context: Context, lookup: Lookup, key: Any) -> Iterator[Proposal | Advice]:
        default = _environment_default(context, key)
        if default:
            text = f"{context.module.segment(lookup.owner)}.get({context.module.segment(lookup.key)}, {default})"
            yield from offer(
                context,
                self.name,
                [
                    Idea(
                        title=f"take {default} where the variable {key} is not set",
                        why=f"The variable {key} is not set, and the project takes {default} for it elsewhere. The edit does the same here.",
                        edits=[(context.module, Edit(*context.module.span(lookup.node), text))],
                        prior=0.82,
                        nature="guard",
                    )
                ],
            )
            return
        near = _near_variable(context, str(key))
        if near and isinstance(lookup.key, ast.Constant):
            mark = context.module.segment(lookup.key)[0]
            edit = Edit(*context.module.span(lookup.key), f"{mark}{near}{mark}")
            why = f"The variable {key} is not set, and {near} is, which is read elsewhere too or set for this program. The edit reads {near}."
            yield from offer(
                context, self.name, [Idea(title=f"read the variable {near} where {key} was meant", why=why, edits=[(context.module, edit)], prior=0.8)]
            )
            return
        yield context.advise(
            rule=self.name,
            title=f"set the environment variable {key}",
            text=(
                f"{context.place} needs the environment variable {key}, and it is not set where the program runs. Set it "
                "there; the code is right to ask for it."
            ),
            looked=(f"No other place of the project gives {key} a default.",),
        )


def _ideas(context: Context, lookup: Lookup, key: Any) -> Iterator[Idea]:
    known = known_keys(context, lookup.owner)
    is_set = lookup.manner == "remove"
    found: list[Idea] = []
    if known is not None and not is_set:
        found += _by_keys(context, lookup, key, known)
    found += [*restored(context, lookup, key), *as_written(context, lookup, key)]
    if not is_set and known is None and isinstance(key, str) and isinstance(lookup.key, ast.Constant) and not found:
        found += _by_project(context, lookup, key)
    if lookup.manner in ("read", "augment"):
        found += collecting(context, lookup)
    if not any(idea.prior >= 0.75 and idea.nature == "origin" for idea in found):
        found += optional_key(context, lookup, key)
    if lookup.manner == "read" and known is not None and not found:
        found += _leaf(context, lookup, key, known)
    if lookup.manner in ("delete", "pop", "remove") and not found:
        found += _removals(context, lookup)
    yield from found


def _by_keys(context: Context, lookup: Lookup, key: Any, known: Known) -> Iterator[Idea]:
    module = context.module
    keys = list(known.items)
    if isinstance(key, str):
        spoils = list(spoilt(context, lookup, key, known)) if known.seen else []
        if spoils:
            yield from spoils
            return
    levels = list(other_level(context, lookup, key, known))
    yield from levels
    is_literal = isinstance(lookup.key, ast.Constant)
    if is_literal and ((type(key) is int and str(key) in keys) or (isinstance(key, str) and key.isdigit() and int(key) in keys)):
        text = f'"{key}"' if type(key) is int else str(int(key))
        why = (
            f"The keys of {short(module.segment(lookup.owner))} are {'text' if type(key) is int else 'numbers'}, and the "
            f"line asks for {key!r}. The edit asks for {text}."
        )
        yield Idea(title=f"ask for {text}", why=why, edits=[(module, Edit(*module.span(lookup.key), text))], prior=0.9)
        return
    if not is_literal:
        yield from _respelled(context, lookup, key, known)
    same = [text for text in known.texts if isinstance(key, str) and text.casefold() == key.casefold()]
    if is_literal and len(same) == 1 and isinstance(key, str):
        mark = module.segment(lookup.key)[:1]
        why = f"{short(module.segment(lookup.owner))} has the key {same[0]!r}, and capitals count in keys. The edit asks for it as it is."
        edit = Edit(*module.span(lookup.key), f"{mark}{same[0]}{mark}" if mark in "'\"" else repr(same[0]))
        yield Idea(title=f"ask for {same[0]!r}", why=why, edits=[(module, edit)], prior=0.9)
    elif isinstance(key, str) and not levels:
        yield from mistyped(context, lookup, key, known)
    order = reordered(key, keys)
    if order is not None and isinstance(lookup.key, ast.Tuple) and len(lookup.key.elts) == len(order):
        parts = [module.segment(lookup.key.elts[place]) for place in order]
        start, end = module.span(lookup.key.elts[0])[0], module.span(lookup.key.elts[-1])[1]
        why = (
            f"The keys of {short(module.segment(lookup.owner))} are tuples in another order: this one is there as "
            f"{tuple(key[item] for item in order)!r}. The edit asks in that order."
        )
        yield Idea(title=f"ask for ({', '.join(parts)})", why=why, edits=[(module, Edit(start, end, ", ".join(parts)))], prior=0.86)


def _respelled(context: Context, lookup: Lookup, key: Any, known: Known) -> Iterator[Idea]:
    module = context.module
    keys = list(known.items)
    if known.is_enum and any(type(value) is type(key) and value == key for value in known.items.values()) and isinstance(lookup.node, ast.Subscript):
        start, end = module.span(lookup.owner)[1], module.span(lookup.node)[1]
        why = f"{key!r} is the value of a member of {module.segment(lookup.owner)}, not its name. The edit looks the member up by value."
        yield Idea(
            title=f"look the member up by value: {module.segment(lookup.owner)}(...)",
            why=why,
            edits=[(module, Edit(start, end, f"({module.segment(lookup.key)})"))],
            prior=0.88,
        )
        return
    for change in (*transforms(key, keys), *_enum_keys(context, key, keys)):
        uses = like_lookups(context, lookup, any_key=change.text.startswith(("int(", "str(", "{}.lower()", "{}.upper()", "{}.strip()")))
        many = f" at {len(uses)} places" if len(uses) > 1 else ""
        yield Idea(
            title=f"ask {short(module.segment(lookup.owner))} for the key {change.words}",
            why=f"{short(module.segment(lookup.owner))} has this key {change.words}, not as {short(repr(key))}. The edit asks for it that way{many}.",
            edits=replaced(module, uses, change.text),
            prior=change.sure,
            nature="call",
            alternatives=("Changing the value where it comes from: other code may need it as it is.",),
            unchecked=() if known.whole else ("Keys of the mapping that could not be seen.",),
        )
        return


def _enum_keys(context: Context, key: Any, keys: list[Any]) -> Iterator[Transform]:
    """Yield how to spell an enum member of which only the class is known, where the keys are its members' names or values."""
    texts = [item for item in keys if isinstance(item, str | int)]
    owner = key if isinstance(key, Opaque) else next((item for item in keys if isinstance(item, Opaque)), None)
    if owner is None or not re.fullmatch(r"<\w+>", owner.text):
        return
    for item in find_classes(context.project, owner.type, context.module)[:1]:
        if not any("Enum" in base for base in item.bases):
            return
        names = set(item.attributes)
        values = {attribute.value.value for attribute in item.attributes.values() if isinstance(attribute.value, ast.Constant)}
        if owner is key and texts:
            if set(texts) <= values:
                yield Transform("{}.value", "by the member's value", 0.88)
            elif set(texts) <= names:
                yield Transform("{}.name", "by the member's name", 0.88)
            elif {str(text).upper() for text in texts} <= names:
                yield Transform("{}.name.lower()", "by the member's name in lower case", 0.74)
        elif owner is not key and key in values:
            yield Transform(item.name + "({})", "as the member with that value", 0.88)
        elif owner is not key and key in names:
            yield Transform(item.name + "[{}]", "as the member of that name", 0.88)


def _by_project(context: Context, lookup: Lookup, key: str) -> Iterator[Idea]:
    """Yield a rename where nothing is known of the mapping, to the one key that the project writes and that is almost this one."""
    written = {use.key for use in project_uses(context.project) if use.writes and isinstance(use.key, str)}
    if key in written:
        return
    ranked = closest(key, written, 0.8)
    if ranked and not is_tie(ranked):
        known = Known(dict.fromkeys([ranked[0][1]]), seen=False, whole=False)
        for idea in mistyped(context, lookup, key, known):
            yield Idea(title=idea.title, why=idea.why, edits=idea.edits, prior=idea.prior - 0.08, alternatives=idea.alternatives, unchecked=idea.unchecked)


def _leaf(context: Context, lookup: Lookup, key: Any, known: Known) -> Iterator[Idea]:
    """Yield nothing to go on to for what others lead to and what leads nowhere itself, as the leaves of a graph."""
    module = context.module
    rows = [value for value in known.items.values() if isinstance(value, Row)]
    tables = [value for value in known.items.values() if isinstance(value, Mapping)]
    if not (any(key in row for row in rows) or any(key in table for table in tables)) or len(rows) + len(tables) != len(known.items):
        return
    default = "{}" if tables else {"tuple": "()", "set": "set()", "frozenset": "frozenset()"}.get(rows[0].kind, "[]")
    owner = module.segment(lookup.owner)
    yield Idea(
        title=f"go on to nothing where {short(owner)} has no {short(module.segment(lookup.key))}",
        why=(
            f"{short(repr(key))} is what another entry of {short(owner)} leads to, and it leads nowhere itself, so it has no entry. "
            f"The edit takes {default} for it; entries that are there stay as they are."
        ),
        edits=[(module, Edit(*module.span(lookup.node), f"{owner}.get({module.segment(lookup.key)}, {default})"))],
        prior=0.84,
        nature="guard",
        alternatives=("Adding an empty entry for it: every other leaf would lack one still.",),
    )


def _removals(context: Context, lookup: Lookup) -> Iterator[Idea]:
    """Yield the removal that does not mind a key that is gone, where nothing uses the removed value."""
    module = context.module
    owner, key = module.segment(lookup.owner), module.segment(lookup.key)
    statement = module.parents.get(lookup.node)
    if lookup.manner == "pop" and isinstance(statement, ast.Expr):
        end = module.span(lookup.key)[1]
        edit, text = Edit(end, end, ", None"), f"{owner}.pop({key}, None)"
    elif lookup.manner == "remove" and isinstance(statement, ast.Expr) and isinstance(lookup.node, ast.Call):
        end = module.span(lookup.node.func)[1]
        edit, text = Edit(end - len("remove"), end, "discard"), f"{owner}.discard({key})"
    elif lookup.manner == "delete" and isinstance(statement, ast.Delete) and len(statement.targets) == 1:
        text = f"{owner}.pop({key}, None)"
        edit = Edit(*module.span(statement), text)
    else:
        return
    yield Idea(
        title=f"remove it only where it is there: {short(text)}",
        why=f"What is removed from {short(owner)} was not in it any more, or not yet. The edit removes it where it is there and does nothing otherwise.",
        edits=[(module, edit)],
        prior=0.6,
        nature="guard",
        cautions=("Removing something twice is no error any more.",),
        alternatives=("Finding who removes it twice: nothing in the failing call shows that.",),
    )


def _is_environment(context: Context, lookup: Lookup) -> bool:
    if not isinstance(lookup.key, ast.expr) or last_name(lookup.owner) != "environ":
        return False
    source = index(context.module).imports
    root = lookup.owner.value if isinstance(lookup.owner, ast.Attribute) else lookup.owner
    return isinstance(root, ast.Name) and source.get(root.id, ("", ""))[0] == "os"


def _environment_default(context: Context, key: Any) -> str:
    """Return the default that other reads of the same variable give, "" where they give none or several."""
    found: set[str] = set()
    for module in context.project.containing(str(key)):
        for node in module.nodes:
            if not (isinstance(node, ast.Call) and last_name(node.func) in _DEFAULTING and len(node.args) == 2):
                continue
            first = node.args[0]
            is_environment = last_name(node.func) == "getenv" or (isinstance(node.func, ast.Attribute) and last_name(node.func.value) == "environ")
            if is_environment and isinstance(first, ast.Constant) and first.value == key and isinstance(node.args[1], ast.Constant):
                found.add(module.segment(node.args[1]))
    return next(iter(found)) if len(found) == 1 else ""


def _near_variable(context: Context, key: str) -> str:
    """Return the variable that is set, or read elsewhere, under almost the same name."""
    names = set(context.surroundings.variables or ())
    ranked = closest(key, names, 0.85)
    return ranked[0][1] if ranked and not is_tie(ranked) else ""
