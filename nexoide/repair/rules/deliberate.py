"""What the program, or a library for it, refuses on purpose: a check of its input, an invariant, damaged data. Advice, and no veto."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nexoide.model.failure import Raised
from nexoide.repair.code.index import find_classes
from nexoide.repair.code.source import FUNCTIONS
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.proposal import Advice
from nexoide.repair.rules.base import Example

# What libraries raise about data or settings that they were given, and what that means.
_DATA = {
    "IntegrityError": "the data break a rule of the database",
    "ValidationError": "the data do not have the shape that the program asks for",
    "SchemaError": "the data do not have the shape that the program asks for",
    "BadZipFile": "the file is damaged, or is of another kind",
    "BadGzipFile": "the file is damaged, or is of another kind",
    "ReadError": "the file is damaged, or is of another kind",
    "UnpicklingError": "the file is damaged, or is of another kind",
    "TOMLDecodeError": "the settings file is not written right",
    "ScannerError": "the settings file is not written right",
    "ParserError": "the settings file is not written right",
    "DuplicateOptionError": "the settings file is not written right",
    "MissingSectionHeaderError": "the settings file is not written right",
    "NoSectionError": "the settings file lacks what the program reads",
    "NoOptionError": "the settings file lacks what the program reads",
    "CalledProcessError": "a program that this one started failed",
    "InvalidOperation": "a number is not written like one",
}
MAX_SHOWN = 4


class Deliberate:
    """Says which check refused, on which condition, and with which values."""

    name = "deliberate"
    summary = "Says which check of the program refused what it was given, under which condition and with which values; it changes nothing."
    errors = ("*",)
    examples: tuple[Example, ...] = (
        Example(
            name="a-check-of-the-input",
            files={
                "main.py": "def withdraw(balance, amount):\n    if amount > balance:\n        raise ValueError('not enough money on the account')\n"
                "    return balance - amount\n\n\nprint(withdraw(5, 9))\n"
            },
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the line may be a `raise` or an `assert`, or a library refused its data."""
        if raised.type.rsplit(".", 1)[-1] in _DATA:
            return True
        source = raised.frames[-1].source.strip() if raised.frames else ""
        return source.startswith(("raise", "assert")) or "raise " in source or raised.type in ("SystemExit", "NotImplementedError", "AssertionError")

    def propose(self, context: Context) -> Iterable[Advice]:
        """Yield the check, its condition and the values seen; other rules' repairs stand beside it."""
        kind = context.raised.type.rsplit(".", 1)[-1]
        node = _statement(context) if context.is_raising else None
        if node is None:
            if kind in _DATA:
                yield context.advise(
                    rule=self.name,
                    title=_DATA[kind],
                    text=f"{context.raised.message[:160]} Look at what was given at {context.place}; the code says what it needs.",
                    final=False,
                )
            return
        if not raised_on_purpose(context):
            return
        condition = _condition(context, node)
        own = "its own " if find_classes(context.project, kind, context.module) else ""
        what = "states that something always holds" if isinstance(node, ast.Assert) else f"raises {own}{kind} on purpose"
        text = f"{context.place} {what}: {context.raised.message[:140] or 'no message'}."
        looked: list[str] = []
        if condition is not None:
            shown = context.module.segment(condition)
            looked.append(f"{'It asks that' if isinstance(node, ast.Assert) else 'It does so where'} {' '.join(shown.split())[:100]}.")
            looked += _values(context, condition)
        if kind == "NotImplementedError" and (function := context.function(node)) is not None:
            text += f" {function.name}() is left for another class, or for later, to define."
        else:
            text += " The value that it refuses comes from elsewhere: look at the caller and at the data."
        outer = context.outer()
        if outer is not None:
            looked.append(f"It was called at {outer.place}: {outer.module.lines[outer.line - 1].strip()[:80]}")
        yield context.advise(rule=self.name, title=f"the program refuses this itself ({kind})", text=text, looked=looked, final=False)


def _statement(context: Context) -> ast.Raise | ast.Assert | None:
    found = [node for node in context.nodes(lambda node: isinstance(node, ast.Raise | ast.Assert)) if isinstance(node, ast.Raise | ast.Assert)]
    return found[0] if found else None


def _condition(context: Context, node: ast.Raise | ast.Assert) -> ast.expr | None:
    """Return what an `assert` asks for, or the test of the closest `if` around a `raise` in the same function."""
    if isinstance(node, ast.Assert):
        return node.test
    for item in context.module.ancestors(node):
        if isinstance(item, FUNCTIONS):
            return None
        if isinstance(item, ast.If | ast.While):
            return item.test
    return None


def _values(context: Context, condition: ast.expr) -> list[str]:
    """Return what the names of a condition were, each a sentence."""
    names = dict.fromkeys(node.id for node in ast.walk(condition) if isinstance(node, ast.Name))
    seen = [(name, context.frame.locals[name]) for name in names if name in context.frame.locals]
    return [f"{name} was {view.repr[:60]}." for name, view in seen[:MAX_SHOWN] if view.repr]
