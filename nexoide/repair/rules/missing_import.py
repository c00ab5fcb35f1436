"""NameError: a name that some module has, and that this file uses without importing it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.bindings import unbound_uses
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context
from nexoide.repair.naming.import_origins import Origin, is_awaited, origins, undefined_name
from nexoide.repair.naming.imports import Imports, is_type_checking, joined, local_import, source_of, top_imports
from nexoide.repair.naming.packages import Layout, layout_of, reaches
from nexoide.repair.naming.stdlib import has, known_names
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

MAX_OPEN = 2
MAX_ALSO = 4
SURE = 0.9


class MissingImport:
    """Adds the import of a name that the project or the standard library has, where imports stand."""

    name = "missing-import"
    summary = "Adds the import that a name needs, from the project's own files or the standard library, where the file keeps its imports."
    errors = ("NameError",)
    examples = (
        Example(
            name="standard-library-module",
            files={
                "main.py": 'def dump(order):\n    return json.dumps(order, sort_keys=True)\n\n\nprint(dump({"sku": "tea", "count": 2}))\n',
            },
            prints='{"count": 2, "sku": "tea"}\n',
        ),
        Example(
            name="own-module",
            files={
                "pricing.py": "def net(total, tax):\n    return total / (1 + tax)\n",
                "main.py": "import math\n\n\ndef show(total):\n    return math.floor(net(total, 0.25))\n\n\nprint(show(10))\n",
            },
            prints="8\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is a NameError about a name that is not defined at all."""
        return undefined_name(raised) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the imports that would give the name, the project's own habits first."""
        name = undefined_name(context.raised)
        if name is None or not context.is_raising:
            return
        layout = layout_of(context)
        held = list(_held_aside(context.module, name))
        if held:
            yield from self._moved_up(context, layout, name, held)
            return
        if not unbound_uses(context.module, name):
            return  # the file binds it somewhere: a matter of order or of scope, not of an import
        through = self._through_module(context, name)
        if through is not None:
            yield through
            return
        found = origins(context, layout, name)
        for origin in found[:MAX_OPEN]:
            proposal = self._import(context, layout, name, origin, found)
            if proposal is not None:
                yield proposal

    def _import(self, context: Context, layout: Layout, name: str, origin: Origin, found: list[Origin]) -> Proposal | None:
        module = context.module
        uses = unbound_uses(module, name)
        also: list[Origin] = []
        circular = bool(origin.file) and reaches(layout, origin.file, module.rel)
        where = "where the file keeps its imports"
        edits: list[Edit] = []
        if circular:
            functions = list(dict.fromkeys(module.function(use) for use in uses))
            local = [local_import(module, item, origin.text) for item in functions if item is not None]
            if None in functions or None in local:
                context.refuse(f"{origin.source} imports this file, so {name} cannot be imported while it is itself imported.")
                return None
            edits = [item for item in local if item is not None]
            where = f"inside the function that uses it, for {origin.source} imports this file"
        else:
            imports = Imports(module, layout)
            imports.before(min(use.lineno for use in uses))
            imports.want(origin.source, origin.name, origin.alias, bare=True)
            also = _also_missing(context, layout, name)
            for item in also:
                imports.want(item.source, item.name, item.alias, bare=True)
            edits = imports.edits()
        context.thoughts.add("saw", f"{name} is used {len(uses)} time{'s' if len(uses) > 1 else ''} in {module.rel} and bound nowhere in it")
        context.thoughts.add("think", f"{origin.why}: {origin.text}")
        others = [item for item in found if item is not origin]
        prior = origin.prior if len(found) == 1 or (origin is found[0] and found[0].prior - found[1].prior > 0.15) else min(origin.prior, 0.6)
        return context.propose(
            rule=self.name,
            title=f"add `{origin.text}`" + (f" and {len(also)} more" if also else ""),
            rationale=f"{module.rel} uses {name} and never imports it. {origin.why}. The edit adds `{origin.text}` {where}, and changes nothing else."
            + (f" {', '.join(item.name or item.source for item in also)} would fail next, and is imported as well." if also else ""),
            edits=joined((module, edit) for edit in edits),
            prior=prior,
            alternatives=[f"`{item.text}`: {item.why}, less likely." for item in others[:2]],
            unchecked=[] if origin.file else ["Whether another name was meant, and only mistyped."],
        )

    def _through_module(self, context: Context, name: str) -> Proposal | None:
        """Write `math.sqrt` for a bare `sqrt` where the file imports `math` and its like by module."""
        module = context.module
        fitting: list[str] = []
        listed = (known_names().awaited.get(name, ""),) if is_awaited(module, name) else known_names().members.get(name, ())
        for node in top_imports(module):
            for item in node.names if isinstance(node, ast.Import) else []:
                certain = item.name in listed or (has(item.name, name) is True and len(name) > 3)
                if certain and "." not in item.name:
                    fitting.append(item.asname or item.name)
        uses = [node for node in unbound_uses(module, name) if module.segment(node) == name]
        if len(fitting) != 1 or not uses or any(isinstance(node, ast.ImportFrom) and source_of(node) == fitting[0] for node in top_imports(module)):
            return None
        text = f"{fitting[0]}.{name}"
        return context.propose(
            rule=self.name,
            title=f"use {text} where {name} was written",
            rationale=f"{module.rel} imports {fitting[0]}, which has {name}, and uses {name} without it. The edit writes {text} in the {len(uses)} "
            f"place{'s' if len(uses) > 1 else ''} of this file.",
            edits=[(module, Edit(*module.span(node), text)) for node in uses],
            prior=0.9,
            alternatives=[f"`from {fitting[0]} import {name}` does the same; the file imports the module, so its way was kept."],
        )

    def _moved_up(self, context: Context, layout: Layout, name: str, held: list[tuple[ast.Import | ast.ImportFrom, ast.alias, bool]]) -> Iterator[Proposal]:
        """Make an import that never runs, or runs in another function, run where the name is used."""
        module = context.module
        node, item, typing_only = held[0]
        source = source_of(node) if isinstance(node, ast.ImportFrom) else item.name
        spelled = item.name if isinstance(node, ast.ImportFrom) else ""
        uses = [use for use in module.nodes if isinstance(use, ast.Name) and use.id == name and isinstance(use.ctx, ast.Load)]
        if typing_only and all(_is_annotation(module, use) for use in uses if use.lineno == context.line):
            proposal = self._postponed(context, name, source)
            if proposal is not None:
                yield proposal
        file = layout.file(module, source) or ""
        needing = [use for use in uses if not _is_annotation(module, use)]
        if file and reaches(layout, file, module.rel):
            functions = list(dict.fromkeys(module.function(use) for use in needing))
            text = f"from {source} import {spelled}" if spelled else f"import {source}"
            text += f" as {item.asname}" if item.asname else ""
            edits = [local_import(module, function, text) for function in functions if function is not None]
            if None in functions or None in edits or not edits:
                context.refuse(f"{source} imports this file, so {name} cannot be imported at its top.")
                return
            final = [edit for edit in edits if edit is not None]
            where = "into the function that uses it, for its module imports this file"
        else:
            imports = Imports(module, layout)
            if typing_only:
                imports.drop(item)
            imports.before(min((use.lineno for use in needing), default=context.line))
            imports.want(source, spelled, item.asname or "", bare=True)
            final = imports.edits()
            where = "to the imports that always run"
        why = "only for type checkers" if typing_only else "only inside another function"
        proposal = context.propose(
            rule=self.name,
            title=f"import {name} where it is used at run time",
            rationale=f"{module.rel} imports {name} {why}, and line {context.line} needs it while the program runs. The edit moves the import {where}.",
            edits=joined((module, edit) for edit in final),
            prior=0.88,
        )
        if proposal is not None:
            yield proposal

    def _postponed(self, context: Context, name: str, source: str) -> Proposal | None:
        module = context.module
        imports = Imports(module, layout_of(context))
        return context.propose(
            rule=self.name,
            title="add `from __future__ import annotations`",
            rationale=f"{name} is imported from {source} for type checkers alone, and an annotation asks for it while the program runs. "
            "The edit lets annotations be read as text, so that they ask for nothing.",
            edits=[(module, imports.future("annotations"))],
            prior=0.92,
            alternatives=[f"Importing {name} at run time would do too, at the price of the import that was kept out on purpose."],
            unchecked=["Whether something reads the annotations at run time."],
        )


def _also_missing(context: Context, layout: Layout, name: str) -> list[Origin]:
    """Return where the file's other names that nothing binds come from, as far as that is beyond doubt; they would fail next."""
    module = context.module
    names = dict.fromkeys(node.id for node in module.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    known = [item for item in names if item != name and not hasattr(builtins, item) and not item.startswith("__")]
    found: list[Origin] = []
    for item in known:
        if len(found) == MAX_ALSO or not unbound_uses(module, item) or list(_held_aside(module, item)):
            continue
        held = origins(context, layout, item)
        if len(held) == 1 and held[0].prior >= SURE and not (held[0].file and reaches(layout, held[0].file, module.rel)):
            found.append(held[0])
    return found


def _held_aside(module: Module, name: str) -> Iterator[tuple[ast.Import | ast.ImportFrom, ast.alias, bool]]:
    """Yield the imports of a name that do not help here: those for type checkers, and those inside functions."""
    for node in module.nodes:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for item in node.names:
            if (item.asname or item.name.split(".")[0]) != name:
                continue
            typing_only = any(isinstance(parent, ast.If) and is_type_checking(parent) for parent in module.ancestors(node))
            if typing_only or module.function(node) is not None:
                yield node, item, typing_only


def _is_annotation(module: Module, node: ast.AST) -> bool:
    child = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.arg) or (isinstance(parent, FUNCTIONS) and parent.returns is child):
            return True
        if isinstance(parent, ast.AnnAssign):
            return parent.annotation is child
        if isinstance(parent, ast.stmt):
            return False
        child = parent
    return False
