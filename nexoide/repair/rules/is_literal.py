"""`is` and `is not` where two values are meant to be equal: with numbers, texts and tuples, identity is chance."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.enums import is_enum
from nexoide.repair.code.index import find_classes
from nexoide.repair.code.reach import nodes_of, reached
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import of_global, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

MAX_FILES = 4
_NUMBERS = frozenset({"len", "int", "float", "str", "sum", "round", "abs", "ord", "chr", "hash", "repr", "hex", "bin", "oct", "divmod", "pow", "bytes"})
_TEXTS = frozenset(
    ["lower", "upper", "strip", "lstrip", "rstrip", "casefold", "title", "capitalize", "replace", "join", "format", "encode", "decode", "count", "find"]
)
_SENTINEL = re.compile(r"missing|unset|undefined|sentinel|notset|not_set|no_value|nothing|default|absent", re.IGNORECASE)


class IsLiteral:
    """Compares with == and != what is compared by identity although its value counts."""

    name = "is-literal"
    summary = "Writes == or != where a number, a text or a tuple is compared with `is` or `is not`."
    errors = ("*",)
    searches = True
    examples: tuple[Example, ...] = (
        Example(
            name="a code read from text",
            files={
                "main.py": "def word(code):\n    if code is 404:\n        return 'missing'\n    raise ValueError(code)\n\n\nprint(word(int('404')))\n",
            },
            prints="missing\n",
        ),
        Example(
            name="nothing and a mark of its own", files={"main.py": "MARK = object()\n\n\ndef f(x=MARK):\n    return {}[x is MARK]\n\n\nf()\n"}, prints=None
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Any error may follow from a branch that was not taken."""
        return bool(raised.frames)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the comparisons of each file that ran, the closest first."""
        yield from offer(context, self.name, _ideas(context))


def _ideas(context: Context) -> Iterator[Idea]:
    closest: dict[Module, int] = {}
    for item in reached(context):
        if b" is " not in item.module.data:
            continue
        if any(isinstance(node, ast.Compare) and _wrong(context, item.module, node) for node in nodes_of(item)):
            closest[item.module] = min(item.steps, closest.get(item.module, item.steps))
    found: list[tuple[Module, list[Edit]]] = []
    for module in sorted(closest, key=lambda one: closest[one])[:MAX_FILES]:
        edits: list[Edit] = []
        seen: list[str] = []
        for node in module.nodes:
            if isinstance(node, ast.Compare):
                for left, right, edit in _wrong(context, module, node):
                    edits.append(edit)
                    seen.append(short(f"{module.segment(left)} {'!=' if '!' in edit.text else '=='} {module.segment(right)}"))
        found.append((module, edits))
        yield Idea(
            title=f"compare by value: {seen[0]}" + (f" and {len(seen) - 1} more in {module.rel}" if len(seen) > 1 else ""),
            why=(
                f"{module.rel} compares a plain value with `is`, which asks whether two values are the same object. Equal numbers and texts are the same "
                "object by chance only, so that the branch is taken or left by chance. The edit compares the values."
            ),
            edits=[(module, edit) for edit in edits],
            prior=0.9 if closest[module] == 0 else 0.84,
            alternatives=("Changing what the branch leads to: the branch itself is what goes wrong.",),
        )
    if len(found) > 1:
        yield Idea(
            title=f"compare by value in {len(found)} files",
            why="Several files that ran compare plain values with `is`, which asks whether two values are the same object. The edit compares the values.",
            edits=[(module, edit) for module, edits in found for edit in edits],
            prior=0.7,
        )


def _wrong(context: Context, module: Module, node: ast.Compare) -> list[tuple[ast.expr, ast.expr, Edit]]:
    """Return the parts of a comparison that compare plain values by identity, each with its edit."""
    found: list[tuple[ast.expr, ast.expr, Edit]] = []
    for operator, (left, right) in zip(node.ops, itertools.pairwise([node.left, *node.comparators]), strict=True):
        if not isinstance(operator, ast.Is | ast.IsNot) or not (_is_value(context, module, left) or _is_value(context, module, right)):
            continue
        if any(isinstance(side, ast.Constant) and (side.value is None or isinstance(side.value, bool)) for side in (left, right)):
            continue
        start, end = module.span(left)[1], module.span(right)[0]
        word = re.search(r"\bis\b(?:(?:\s|\\\r?\n)+not\b)?" if isinstance(operator, ast.IsNot) else r"\bis\b", module.text[start:end])
        if word is not None:
            found.append((left, right, Edit(start + word.start(), start + word.end(), "!=" if isinstance(operator, ast.IsNot) else "==")))
    return found


def _is_value(context: Context, module: Module, node: ast.expr) -> bool:
    """Say whether an expression surely gives a number, a text, bytes or a container made here and now."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        node = node.operand
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float | complex | str | bytes) and not isinstance(node.value, bool)
    if isinstance(node, ast.Tuple | ast.List | ast.Dict | ast.Set | ast.JoinedStr | ast.ListComp | ast.DictComp | ast.SetComp):
        return True
    if isinstance(node, ast.BinOp):
        return _is_value(context, module, node.left) or _is_value(context, module, node.right)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name):
            return node.func.id in _NUMBERS
        return isinstance(node.func, ast.Attribute) and node.func.attr in _TEXTS
    return _is_constant(context, module, node)


def _is_constant(context: Context, module: Module, node: ast.expr) -> bool:
    """Say whether a name in capitals is set once to a number or a text, and is no mark for what was not given."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    if not name.isupper() or _SENTINEL.search(name):
        return False
    value: ast.expr | None = None
    if isinstance(node, ast.Name):
        spot = of_global(context.project, module, name)
        value = spot.node if spot is not None and module.function(spot.node) is None else None
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        classes = find_classes(context.project, node.value.id, module)
        if len(classes) == 1 and not is_enum(context.project, classes[0]):
            attribute = classes[0].attributes.get(name)
            value = attribute.value if attribute is not None else None
        elif not classes:
            spots = trace(context, node, module)
            value = spots[1].node if len(spots) > 1 and spots[1].how == "global" else None
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float | str | bytes) and not isinstance(value.value, bool)
