"""ImportError and AttributeError of files that import each other: one of the imports can wait."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.index import index
from nexoide.repair.context import Context
from nexoide.repair.naming.cycles import below, deferred, waiting
from nexoide.repair.naming.imports import ImportNode, source_of
from nexoide.repair.naming.packages import Layout, imports_of, layout_of, own_globals, reaches
from nexoide.repair.naming.stdlib import has
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_IMPORT = re.compile(r"cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)'")
_ATTRIBUTE = re.compile(r"(?:partially initialized )?module '([\w.]+)' has no attribute '(\w+)' \(most likely due to a circular import\)")
_SUBMODULE = re.compile(r"cannot access submodule '(\w+)' of module '([\w.]+)' \(most likely due to a circular import\)")


def circle(raised: Raised) -> tuple[str, str] | None:
    """Return (module, name) of an error that says it is due to a circular import, or None."""
    message = raised.message
    if "circular import" not in message and "partially initialized" not in message:
        return None
    match = _IMPORT.match(message)
    if match:
        return match[2], match[1]
    match = _ATTRIBUTE.match(message)
    if match:
        return match[1], match[2]
    match = _SUBMODULE.match(message)
    return (match[2], match[1]) if match else None


class CircularImport:
    """Lets one import of the circle wait: until a function runs, or for type checkers alone."""

    name = "circular-import"
    summary = "Lets one import of a circle wait: moved into the functions that use it, behind TYPE_CHECKING, or below what the other file needs."
    errors = ("ImportError", "AttributeError")
    examples = (
        Example(
            name="two-files",
            files={
                "orders.py": "from invoices import total\n\n\ndef lines(order):\n    return [(sku, count) for sku, count in order]\n\n\n"
                "def bill(order):\n    return total(order)\n",
                "invoices.py": "from orders import lines\n\n\ndef total(order):\n    return sum(count for _, count in lines(order))\n",
                "main.py": "from orders import bill\n\nprint(bill([('tea', 2), ('jam', 1)]))\n",
            },
            prints="3\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the error says that a module was used before it was complete."""
        return raised.type in self.errors and circle(raised) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield, for each import on the way round, the edit that lets it wait; the one that closes the circle first."""
        found = circle(context.raised)
        if found is None:
            return
        source, name = found
        layout = layout_of(context)
        target = layout.file(context.module, source)
        if target is None or (source in sys.stdlib_module_names and has(source, name)):
            return  # a file that hides a module of the standard library is another rule's case
        if name not in own_globals(layout.project.module(target)) and not _is_submodule(layout, context, source, name):
            context.refuse(f"{target} does not define {name} at all; the circle is not what is wrong.")
            return
        steps = _steps(context, layout)
        if not steps:
            context.refuse("No import of the circle stands at a file's top level.")
            return
        files = " → ".join(dict.fromkeys(place.module.rel for place, _ in reversed(steps)))
        context.thoughts.add("saw", f"the imports go round: {files} → {steps[-1][0].module.rel}")
        proposals = list(self._waiting(context, layout, steps, name))
        yield from proposals
        if not proposals:
            yield from self._below(context, layout, steps, target, name)

    def _waiting(self, context: Context, layout: Layout, steps: list[tuple[Context, ImportNode]], name: str) -> Iterator[Proposal]:
        first = True
        for place, node in steps:
            module = place.module
            names = _late(layout, place, node)
            how = waiting(layout, module, node, names)
            if not how.can:
                context.thoughts.add("think", f"{module.rel} needs its import in line {node.lineno} while it is read")
                continue
            edits = deferred(layout, module, node, names, how, closing=place is steps[0][0])
            if edits is None:
                continue
            functions = ", ".join(f"{item.name}()" for item in how.functions)
            where = f"into {functions}" if how.functions else "behind TYPE_CHECKING, for annotations alone use it"
            shown = ", ".join(item.asname or item.name for item in names)
            proposal = context.propose(
                rule=self.name,
                title=f"import {shown} in {module.rel} {where}" if len(where) < 60 else f"let {module.rel} import {shown} later",
                rationale=f"The files import each other, and {name} was asked for before its file was read to the end. {module.rel} uses {shown} only "
                f"{'when ' + functions + (' run' if len(how.functions) > 1 else ' runs') if how.functions else 'in annotations'}. "
                f"The edit moves the import {where}, which breaks the circle.",
                edits=edits,
                prior=0.88 if first else 0.62,
                alternatives=["Moving what both files need into a third one would remove the circle for good; that is a larger change."],
                unchecked=["Whether one of these functions is called while the files are still being read."],
            )
            if proposal is not None:
                first = False
                yield proposal

    def _below(self, context: Context, layout: Layout, steps: list[tuple[Context, ImportNode]], target: str, name: str) -> Iterator[Proposal]:
        for place, node in steps:
            if place.module.rel != target:
                continue
            wanted = {name} | _needed(layout, steps, target)
            circular = [
                item for item in place.module.tree.body if isinstance(item, ast.Import | ast.ImportFrom) and (item is node or reaches_back(layout, place, item))
            ]
            edits = below(place.module, circular, wanted)
            if edits is None:
                continue
            proposal = context.propose(
                rule=self.name,
                title=f"import below the definition of {name} in {target}",
                rationale=f"Both files need each other while they are read. {target} can define {name} before it imports the other file; "
                "the edit moves that import below the definition.",
                edits=edits,
                prior=0.6,
                alternatives=["Moving what both files need into a third one would be cleaner; that is a larger change."],
                cautions=["The order of definitions and imports in the file matters from now on."],
            )
            if proposal is not None:
                yield proposal
                return
        context.refuse("Every file of the circle needs the others while it is read; what they share belongs into a file of its own.")


def _is_submodule(layout: Layout, context: Context, source: str, name: str) -> bool:
    return layout.file(context.module, f"{source}.{name}") is not None


def _steps(context: Context, layout: Layout) -> list[tuple[Context, ImportNode]]:
    """Return the imports that were under way, the last one first, as far out as they belong to the circle."""
    found: list[tuple[Context, ImportNode]] = []
    place: Context | None = context
    while place is not None and len(found) < 16:
        node = _import_at(place)
        if node is not None:
            if reaches_back(layout, place, node):
                found.append((place, node))
        elif not found:
            node = _used_import(place)
            if node is not None and reaches_back(layout, place, node):
                found.append((place, node))
        place = place.outer()
    unique: dict[tuple[str, int], tuple[Context, ImportNode]] = {}
    for step in found:
        unique.setdefault((step[0].module.rel, step[1].lineno), step)
    return list(unique.values())


def _import_at(place: Context) -> ImportNode | None:
    """Return the import at the top level that stands at a place's line."""
    for node in place.module.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and node.lineno <= place.line <= (node.end_lineno or node.lineno):
            return node
    return None


def _used_import(place: Context) -> ImportNode | None:
    """Return the import of the module whose attribute a line reads."""
    found = circle(place.raised)
    for node in place.module.tree.body:
        if isinstance(node, ast.Import) and found is not None and any(item.name == found[0] or item.asname == found[0] for item in node.names):
            return node
        if isinstance(node, ast.ImportFrom) and found is not None and any(item.name == found[0].rsplit(".", 1)[-1] for item in node.names):
            return node
    return None


def reaches_back(layout: Layout, place: Context, node: ImportNode) -> bool:
    """Say whether what an import loads leads back to the file that it stands in."""
    module = place.module
    sources = [source_of(node)] if isinstance(node, ast.ImportFrom) else [item.name for item in node.names]
    if isinstance(node, ast.ImportFrom):
        base = source_of(node)
        sources += [base + ("" if base.endswith(".") else ".") + item.name for item in node.names]
    return any(rel is not None and rel != module.rel and reaches(layout, rel, module.rel) for rel in (layout.file(module, source) for source in sources))


def _late(layout: Layout, place: Context, node: ImportNode) -> list[ast.alias]:
    """Return the names of a statement that must wait: of several plain imports only those that lead back here."""
    if isinstance(node, ast.ImportFrom):
        return list(node.names)
    return [item for item in node.names if (rel := layout.file(place.module, item.name)) is not None and reaches(layout, rel, place.module.rel)] or list(
        node.names
    )


def _needed(layout: Layout, steps: list[tuple[Context, ImportNode]], target: str) -> set[str]:
    """Return the names that the files of the circle import from one of them."""
    found: set[str] = set()
    for place, _ in steps:
        if target not in imports_of(layout, place.module):
            continue
        for local, (source, original) in index(place.module).imports.items():
            if layout.file(place.module, source) == target and original:
                found.add(original or local)
    return found & set(own_globals(layout.project.module(target)))
