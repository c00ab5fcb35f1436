"""Which files a failing program has loaded: those of its frames first, then those that they import."""

from __future__ import annotations

from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module, UnreadableError
from nexoide.repair.context import Context, locate
from nexoide.repair.naming.packages import imports_of, layout_of

MAX_LOADED = 24
MAX_LINES = 6_000
"""Of these files together; a rule that looks for what may be anywhere stays quick that way."""


def loaded(context: Context) -> list[tuple[Module, bool]]:
    """Return the project's files that the failing program surely loaded, the closest first, each with whether a frame stands in it; no tests."""
    layout = layout_of(context)
    found: dict[str, tuple[Module, bool]] = {context.module.rel: (context.module, True)}
    for frame in reversed(context.raised.frames[-MAX_LOADED:]):
        place = locate(context.project, frame)
        if place is not None:
            found.setdefault(place[0].rel, (place[0], True))
    todo = list(found)
    lines = sum(len(module.lines) for module, _ in found.values())
    while todo and len(found) < MAX_LOADED and lines < MAX_LINES:
        module = found[todo.pop(0)][0]
        for rel in sorted(imports_of(layout, module) - set(found))[:MAX_LOADED]:
            try:
                found[rel] = (context.project.module(rel), False)
            except UnreadableError:
                continue
            lines += len(found[rel][0].lines)
            todo.append(rel)
    return [(module, framed) for module, framed in found.values() if not is_test(module.rel)]
