"""datetime.utcnow() and utcfromtimestamp(): moments in UTC that do not say so, and that newer Pythons warn of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.moved.uses import Use, uses
from nexoide.repair.naming.imports import Imports, joined
from nexoide.repair.naming.packages import Layout, layout_of
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_MIXED = re.compile(r"can't (?:compare|subtract) offset-naive and offset-aware datetimes")
_DEPRECATED = re.compile(r"datetime\.(?:datetime\.)?(?:utcnow|utcfromtimestamp)\(\) is deprecated")
_NAMES = {"datetime.datetime.utcnow": "now", "datetime.datetime.utcfromtimestamp": "fromtimestamp"}


_CHECKS = frozenset({"AssertionError", "SystemExit"})
"""What a program's own check of a wrong moment ends in."""


@dataclass(frozen=True, slots=True)
class Place:
    """One use of utcnow or utcfromtimestamp."""

    module: Module
    use: Use

    @property
    def call(self) -> ast.Call | None:
        """The call, or None where the method is handed over."""
        parent = self.module.parents.get(self.use.node)
        return parent if isinstance(parent, ast.Call) and parent.func is self.use.node else None


class Utcnow:
    """Says that moments in UTC are in UTC, all over the project, or keeps them as they are where the project compares such ones."""

    name = "utcnow"
    summary = "Writes datetime.now(timezone.utc) for datetime.utcnow(), in every place of the project, so that all moments can be compared."
    errors = ("TypeError", "DeprecationWarning", "AssertionError", "SystemExit")
    examples = (
        Example(
            name="compared-with-an-aware-moment",
            files={
                "main.py": "from datetime import datetime, timedelta, timezone\n\nSTART = datetime(2020, 1, 1, tzinfo=timezone.utc)\n\n\n"
                "def age():\n    return datetime.utcnow() - START\n\n\nprint(age() > timedelta(days=1))\n"
            },
            prints="True\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether moments with and without a time zone were mixed, or the methods are warned of."""
        if raised.type in _CHECKS:
            return True
        if raised.type == "TypeError":
            return _MIXED.match(raised.message) is not None
        return raised.type == "DeprecationWarning" and _DEPRECATED.search(raised.message) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the change of the whole project to moments that say UTC, and the one that changes no value."""
        layout = layout_of(context)
        places = [place for place in _places(context) if not (context.raised.type == "TypeError" and _is_aware(place))]
        if not places:
            return
        if context.raised.type in _CHECKS:
            if any(_taken_as_local(place) for place in places):
                yield from self._made(context, layout, places, keep=False, prior=0.7)
            return
        naive = _naive_elsewhere(context)
        mixed = context.raised.type == "TypeError"
        if mixed and naive and len(places) == 1:
            return  # one moment among others without a zone: which one is wrong is another rule's question
        yield from self._made(context, layout, places, keep=False, prior=0.93 if not naive else 0.55)
        if not mixed:
            yield from self._made(context, layout, places, keep=True, prior=0.72 if not naive else 0.86)

    def _made(self, context: Context, layout: Layout, places: list[Place], *, keep: bool, prior: float) -> Iterator[Proposal]:
        edits: list[tuple[Module, Edit]] = []
        for module in dict.fromkeys(place.module for place in places):
            imports = Imports(module, layout)
            utc = imports.use("datetime:timezone.utc", prefer_module=False)
            own = [edit for place in places if place.module is module for edit in _edits(place, utc, keep=keep)]
            edits += [(module, edit) for edit in [*own, *imports.edits()]]
        where = f" in {len(places)} places" if len(places) > 1 else ""
        if keep:
            title = f"take the time with now(timezone.utc), and leave the zone out as before{where}"
            what = "The edit takes the time with the zone and leaves the zone out again, so that no value changes."
        else:
            title = f"let moments in UTC say so{where}"
            what = "The edit takes them with timezone.utc wherever the project does, so that all of them say UTC and can be compared."
        context.thoughts.add("saw", f"the project takes the time with utcnow() or utcfromtimestamp() in {len(places)} place{'s' if len(places) > 1 else ''}")
        proposal = context.propose(
            rule=self.name,
            title=title,
            rationale=f"utcnow() and utcfromtimestamp() give moments in UTC that do not say so; they mix with no moment that has a zone, "
            f"and newer Pythons warn. {what}",
            edits=joined(edits),
            prior=prior,
            cautions=[] if keep else ["The moments are shown with +00:00 where they are written out."],
            unchecked=["Moments that were stored without a zone before."],
        )
        if proposal is not None:
            yield proposal


def _places(context: Context) -> list[Place]:
    found: list[Place] = []
    for module in dict.fromkeys([*context.project.containing("utcnow"), *context.project.containing("utcfromtimestamp")]):
        if not is_test(module.rel):
            found += [Place(module, use) for use in uses(module) if use.dotted in _NAMES]
    return found


def _taken_as_local(place: Place) -> bool:
    """Say whether the file asks a moment without a zone for what only one with a zone knows: it is taken as local time then."""
    wanted = ("timestamp", "astimezone")
    return any(isinstance(node, ast.Attribute) and node.attr in wanted for node in place.module.nodes)


def _replaced(place: Place) -> ast.Call | None:
    """Return the `.replace(tzinfo=…)` that gives a moment its zone at once."""
    call = place.call
    access = place.module.parents.get(call) if call is not None else None
    outer = place.module.parents.get(access) if isinstance(access, ast.Attribute) and access.attr == "replace" else None
    return outer if isinstance(outer, ast.Call) and [item.arg for item in outer.keywords] == ["tzinfo"] and not outer.args else None


def _is_aware(place: Place) -> bool:
    return _replaced(place) is not None


def _edits(place: Place, utc: str, *, keep: bool) -> list[Edit]:
    module, node, call = place.module, place.use.node, place.call
    assert isinstance(node, ast.Attribute | ast.Name)
    if not isinstance(node, ast.Attribute):
        return []
    receiver, method = module.segment(node.value), _NAMES[place.use.dotted]
    if call is None:
        if method != "now":
            return []
        return [Edit(*module.span(node), f"lambda: {receiver}.now({utc})" + (".replace(tzinfo=None)" if keep else ""))]
    given = ", ".join(module.segment(item) for item in [*call.args, *(item.value for item in call.keywords)])
    text = f"{receiver}.now({utc})" if method == "now" else f"{receiver}.fromtimestamp({given}, tz={utc})"
    outer = _replaced(place)
    if outer is not None:
        return [Edit(*module.span(outer), text)]
    if keep or _is_marked(module, call):
        text += ".replace(tzinfo=None)"
    return [Edit(*module.span(call), text)]


def _is_marked(module: Module, call: ast.Call) -> bool:
    """Say whether a moment is written out with a "Z" of its own behind it: `utcnow().isoformat() + "Z"`."""
    access = module.parents.get(call)
    written = module.parents.get(access) if isinstance(access, ast.Attribute) and access.attr == "isoformat" else None
    parent = module.parents.get(written) if written is not None else None
    if isinstance(parent, ast.BinOp) and isinstance(parent.right, ast.Constant):
        return parent.right.value == "Z"
    if isinstance(parent, ast.FormattedValue):
        text = module.parents.get(parent)
        values = text.values if isinstance(text, ast.JoinedStr) else []
        following = values[values.index(parent) + 1] if parent in values and values.index(parent) + 1 < len(values) else None
        return isinstance(following, ast.Constant) and str(following.value).startswith("Z")
    return False


def _naive_elsewhere(context: Context) -> bool:
    """Say whether the project makes other moments without a zone, which ones in UTC could not be compared with."""
    for module in context.project.containing("datetime"):
        if is_test(module.rel):
            continue
        for use in uses(module):
            call = module.parents.get(use.node)
            if not isinstance(call, ast.Call) or call.func is not use.node:
                continue
            zoned = any(item.arg in ("tz", "tzinfo") for item in call.keywords)
            name = use.dotted.removeprefix("datetime.")
            if name == "datetime" and not zoned and len(call.args) < 8 and not _gets_zone(module, call):
                return True
            if name in ("datetime.now", "datetime.today") and not call.args and not zoned and not _gets_zone(module, call):
                return True
            if name == "datetime.fromtimestamp" and len(call.args) < 2 and not zoned and not _gets_zone(module, call):
                return True
            if name == "datetime.strptime" and not _gets_zone(module, call) and "%z" not in module.segment(call):
                return True
    return False


def _gets_zone(module: Module, call: ast.Call) -> bool:
    access = module.parents.get(call)
    return isinstance(access, ast.Attribute) and access.attr in ("replace", "astimezone", "date", "time", "year", "timestamp")
