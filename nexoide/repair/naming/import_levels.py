"""Relative imports in a file that is no part of a package, or that go further up than imports start from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.naming import relocate
from nexoide.repair.naming.imports import joined, source_of
from nexoide.repair.naming.packages import Layout


def absolute_names(context: Context, layout: Layout) -> Iterator[Idea]:
    """Yield relative imports written as absolute ones where the file is run, or imported, as no part of a package."""
    edits: list[tuple[Module, Edit]] = []
    places = 0
    beyond = "beyond" in context.raised.message
    folder = context.module.rel.rpartition("/")[0]
    for rel in [
        context.module.rel,
        *(item for item in layout.modules() if item.rpartition("/")[0] == folder and item != context.module.rel and not beyond),
    ]:
        module = layout.project.module(rel) if rel != context.module.rel else context.module
        for node in module.nodes:
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            if beyond and not _is_beyond(layout, module, node):
                continue
            made = _absolute(layout, module, node)
            if made is None and module is context.module:
                context.refuse(f"The relative import in line {node.lineno} means nothing that the project has.")
                return
            places += made is not None
            edits += [(module, edit) for edit in made or []]
    if not any(module is context.module for module, _ in edits):
        return
    why = (
        "goes further up than the folder that imports start from"
        if beyond
        else "is run by itself, so it has no package that a relative import could start from"
    )
    yield Idea(
        title="import by absolute names" + (f" ({places} places)" if places > 1 else ""),
        why=f"{context.module.rel} {why}. The edit names the files as they are found from {layout.base or 'the folder of the program'}.",
        edits=list(joined(edits)),
        prior=0.86 if len({module.rel for module, _ in edits}) == 1 else 0.78,
        alternatives=("Running it as `python -m package.module` from the folder above would keep the relative imports.",),
        unchecked=("Whether something else imports these files as parts of a package.",),
    )


def _is_beyond(layout: Layout, module: Module, node: ast.ImportFrom) -> bool:
    own = module.rel.split("/")[:-1]
    base = layout.base.split("/") if layout.base else []
    return node.level > len(own) - len(base)


def _absolute(layout: Layout, module: Module, node: ast.ImportFrom) -> list[Edit] | None:
    """Return the edit that writes a relative import absolutely, or None where what it means is not there."""
    source = source_of(node)
    start = module.span(node)[0]
    end = module.span(node)[1]
    rel = layout.file(module, source) if node.module else None
    if node.module:
        dotted = layout.dotted(rel) if rel is not None else None
        span = relocate.source_span(module, node)
        return [Edit(*span, dotted)] if dotted and span is not None else None
    lines: list[str] = []
    for item in node.names:
        rel = layout.file(module, f"{source}{item.name}")
        dotted = layout.dotted(rel) if rel is not None else None
        if dotted is None:
            return None
        package, _, last = dotted.rpartition(".")
        spelled = f" as {item.asname}" if item.asname else ""
        lines.append(f"from {package} import {last}{spelled}" if package else f"import {last}{spelled}")
    indent = module.own_indent(node)
    return [Edit(start, end, f"\n{indent}".join(lines))] if indent is not None else None
