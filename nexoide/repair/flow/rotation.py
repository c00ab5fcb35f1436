"""Iterators that were meant to begin again: what is handed out in turn, over and over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need

_IN_TURN = re.compile(r"round[\s_-]?robin|\brotat\w+|\bcycl(?:e|es|ing|ic\w*)\b|\bin turns?\b|\bagain and again\b|\bendless\w*", re.IGNORECASE)


def rotation(context: Context, call: ast.Call) -> Iterator[Idea]:
    """Yield the `itertools.cycle` for `next(self.x)`, where `self.x` is `iter(...)` and the class says that it goes round."""
    module, held = context.module, call.args[0]
    owner = module.owner(call)
    if owner is None or not isinstance(held, ast.Attribute):
        return
    text = module.segment(held)
    values = [
        item.value
        for item in ast.walk(owner)
        if isinstance(item, ast.Assign) and item.value is not None and any(module.segment(target) == text for target in item.targets)
    ]
    made = values[0] if len(values) == 1 else None
    if not isinstance(made, ast.Call) or last_name(made.func) != "iter" or len(made.args) != 1:
        return
    said = f"{re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', owner.name)} {ast.get_docstring(owner) or ''} {held.attr}"
    function = module.function(call)
    if function is not None:
        said += f" {function.name} {ast.get_docstring(function) or ''}"
    match = _IN_TURN.search(said)
    if match is None:
        return
    name, edits = need(context.project, module, "itertools", "cycle")
    yield Idea(
        title=f"let {text} begin again at its end",
        why=f"{short(module.segment(made))} ends after one round, and {owner.name} is to go on ({match[0]!r}). The edit takes itertools.cycle, "
        "which begins again with the first.",
        edits=[(module, edit) for edit in (Edit(*module.span(made.func), name), *edits)],
        prior=0.86,
        unchecked=("That there is at least one element: with none it ends as before.",),
    )
