"""AttributeError of a class with slots, which has the attributes that it lists and no others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.beginnings import set_by
from nexoide.repair.code.construction import has_flag, slots_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes
from nexoide.repair.code.source import FUNCTIONS
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_NO_DICT = re.compile(r"'([^']+)' object has no attribute '(\w+)'")


class SlotMissing:
    """Lists the attribute that the class's own methods set."""

    name = "slot-missing"
    summary = "Adds the attribute that a class's methods set to its __slots__, or to the fields of a dataclass with slots."
    errors = ("AttributeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="not-in-slots",
            files={
                "main.py": "class Point:\n    __slots__ = ('x', 'y')\n\n    def __init__(self, x, y, label):\n        self.x = x\n        self.y = y\n"
                "        self.label = label\n\n\nprint(Point(1, 2, 'a').label)\n"
            },
            prints="a\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an object lacks an attribute."""
        return raised.type == "AttributeError" and _NO_DICT.match(raised.message) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the attribute listed."""
        match = _NO_DICT.match(context.raised.message)
        found = find_classes(context.project, match[1], context.module) if match is not None and context.is_raising else []
        if match is None or len(found) != 1:
            return
        item, attribute = found[0], match[2]
        listed = slots_of(item)
        if listed is not None and attribute not in ast.dump(listed):
            yield from self._slot(context, item, attribute, listed)
        elif item.has_fields and has_flag(item, "slots") and attribute not in item.methods:
            yield from self._slot_field(context, item, attribute)

    def _slot(self, context: Context, item: Class, attribute: str, slots: ast.expr) -> Iterator[Proposal]:
        if not isinstance(slots, ast.Tuple | ast.List) or not slots.elts or not _is_set_on_self(item, attribute):
            return
        end = item.module.span(slots.elts[-1])[1]
        yield from self._made(
            context,
            f"let {item.name} have the attribute {attribute}: name it in __slots__",
            f"{item.name} lists its attributes in __slots__, and {attribute}, which its methods set, is not among them. "
            "The edit adds the name. Nothing else changes.",
            [(item, Edit(end, end, f', "{attribute}"'))],
            0.9,
        )

    def _slot_field(self, context: Context, item: Class, attribute: str) -> Iterator[Proposal]:
        """Yield the field that a dataclass with slots lacks and that its own methods set."""
        fields = [node for node in item.node.body if isinstance(node, ast.AnnAssign)]
        values = [value for other in item.node.body if isinstance(other, FUNCTIONS) and other.args.args for _, value in set_by(other, attribute)]
        kind = next((text for value in values if (text := _typed(value))), "")
        if not values or not fields:
            return
        end = item.module.span(fields[-1])[1]
        indent = item.module.own_indent(fields[-1])
        yield from self._made(
            context,
            f"give {item.name} a field {attribute}, which its methods set",
            f"{item.name} is a dataclass with slots, so it has its fields and no other attributes, and its methods set {attribute}. "
            "The edit adds the field, with a neutral first value. It comes last, so no call changes its meaning.",
            [(item, Edit(end, end, f"\n{indent}{attribute}: {kind or 'object = None'}"))],
            0.86 if kind else 0.6,
            guesses=not kind,
        )

    def _made(
        self, context: Context, title: str, rationale: str, edits: list[tuple[Class, Edit]], prior: float, *, guesses: bool = False
    ) -> Iterator[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=title,
            rationale=rationale,
            edits=[(item.module, edit) for item, edit in edits],
            prior=prior,
            guesses=guesses,
            alternatives=("A class without slots: they were asked for, to save memory.",),
        )
        if proposal is not None:
            yield proposal


def _typed(value: ast.expr | None) -> str:
    """Return the annotation and neutral default of a field that is given such a value, "" where its type is not shown."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div):
        return "float = 0.0"
    if isinstance(value, ast.JoinedStr):
        return 'str = ""'
    if isinstance(value, ast.Compare):
        return "bool = False"
    if isinstance(value, ast.Constant) and type(value.value) in (bool, int, float, str):
        return {bool: "bool = False", int: "int = 0", float: "float = 0.0", str: 'str = ""'}[type(value.value)]
    return ""


def _is_set_on_self(item: Class, attribute: str) -> bool:
    return any(isinstance(node, FUNCTIONS) and node.args.args and any(set_by(node, attribute)) for node in item.node.body)
