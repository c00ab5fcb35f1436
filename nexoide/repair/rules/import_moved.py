"""Failed imports: a name or a file that moved, was renamed or mistyped, a wrong level, a package that is not installed."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.bindings import owner, scopes
from nexoide.repair.code.bindings import uses as uses_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import offer
from nexoide.repair.moved.matching import import_error, imported_file
from nexoide.repair.moved.table import packages, stdlib
from nexoide.repair.naming import relocate
from nexoide.repair.naming.import_levels import absolute_names
from nexoide.repair.naming.imports import ImportNode, Imports, bound_names, joined, source_of
from nexoide.repair.naming.misnamed import alike
from nexoide.repair.naming.packages import Layout, layout_of, own_globals, reaches
from nexoide.repair.naming.stdlib import has, known_names
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example

_RELATIVE = re.compile(r"attempted relative import (with no known parent package|beyond top-level package)")


class ImportMoved:
    """Imports from where the name or the file is, or says which package has to be installed."""

    name = "import-moved"
    summary = "Imports from where a name or a file is now, by its right name and level; says which package is not installed."
    errors = ("ImportError", "ModuleNotFoundError")
    examples = (
        Example(
            name="moved-to-another-file",
            files={
                "text/__init__.py": "",
                "text/words.py": "def shout(text):\n    return text.upper()\n",
                "text/lines.py": "def first(text):\n    return text.split('\\n')[0]\n",
                "main.py": "from text.lines import first, shout\n\nprint(shout(first('a\\nb')))\n",
            },
            prints="A\n",
        ),
        Example(
            name="package-not-installed",
            files={"main.py": "import surely_not_installed_client\n\nprint(surely_not_installed_client.connect())\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an import failed."""
        return raised.type in self.errors

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield the import as it should be, or advice on what to install."""
        layout = layout_of(context)
        node = relocate.failing_import(context.module, context.line)
        if _RELATIVE.match(context.raised.message):
            yield from offer(context, self.name, absolute_names(context, layout))
            return
        failed = import_error(context)
        if failed is None or node is None:
            return
        source, name = failed
        if name:
            if isinstance(node, ast.ImportFrom):
                yield from self._name(context, layout, node, source, name)
            return
        yield from self._module(context, layout, node, source)

    def _name(self, context: Context, layout: Layout, node: ast.ImportFrom, source: str, name: str) -> Iterator[Proposal]:
        """Repair `from module import name` where the module is there and the name is not."""
        module = context.module
        rel = layout.file(module, source_of(node)) or layout.file(module, source)
        file = imported_file(context)
        if has(source, name) is True:
            return  # the standard library has it: a file of the project hides the module, which is another rule's case
        own = rel is not None and (not file or file.startswith("unknown") or context.project.relative(file) is not None)
        if own and rel is not None:
            target = layout.project.module(rel)
            if name in own_globals(target) or (
                "circular import" in context.raised.message and reaches(layout, rel, module.rel) and name in own_globals(target)
            ):
                return
            found = relocate.in_other_files(layout, module, name) or relocate.like_names(layout, module, target, source_of(node), name)
        elif layout.is_folder(module, source) and source not in sys.stdlib_module_names:
            found = relocate.in_other_files(layout, module, name)
        elif source.split(".", maxsplit=1)[0] in sys.stdlib_module_names:
            if any(stdlib().named(f"{source}.{name}")):
                return
            found = relocate.in_other_files(layout, module, name) or relocate.in_stdlib(source, name, known_names().members)
        else:
            if not any(table.named(f"{source}.{name}") for table in packages()):
                context.refuse(f"{source} has no {name}: this version of the package is another one than the program was written for.")
            return
        if not found:
            context.refuse(f"{source} has no {name}, nothing there is like it, and no other file of the project defines it.")
            return
        if len(found) > 1 and found[0].prior - found[1].prior < 0.04:
            context.refuse(f"{found[0].why}, and {found[1].why}: nothing says which is meant.")
            return
        yield from self._from(context, layout, node, name, found)

    def _from(self, context: Context, layout: Layout, node: ast.ImportFrom, name: str, found: list[relocate.Found]) -> Iterator[Proposal]:
        best = found[0]
        edits: list[tuple[Module, Edit]] = []
        places = 0
        written = source_of(node)
        rel = layout.file(context.module, written)
        for module in [context.module, *(item for item in layout.project.containing(name, "import") if item is not context.module and not is_test(item.rel))]:
            for statement in module.nodes:
                if not isinstance(statement, ast.ImportFrom) or not _same(layout, module, statement, written, rel):
                    continue
                items = [item for item in statement.names if item.name == name]
                if items:
                    places += 1
                    edits += _moved(layout, context.module, module, statement, items[0], best)
        if not edits:
            return
        where = f" (in {places} files)" if places > 1 else ""
        title = f"import {best.name} from {best.source}" if best.source != written else f"import {best.name} where {name} was written"
        proposal = context.propose(
            rule=self.name,
            title=title + where,
            rationale=f"{written} has no {name}. {best.why}. The edit imports {'it from there' if best.name == name else best.name + ' instead'}"
            f"{'' if best.name == name else ' and uses that name'}.",
            edits=joined(edits),
            prior=best.prior,
            alternatives=[f"{item.why}, less likely." for item in found[1:3]],
        )
        if proposal is not None:
            yield proposal

    def _module(self, context: Context, layout: Layout, node: ImportNode, source: str) -> Iterator[Proposal | Advice]:
        """Repair an import of a module that is not there, or say what to install."""
        module = context.module
        item = _alias_of(node, source)
        if isinstance(node, ast.ImportFrom):
            written, names, attributes = source_of(node), [name.name for name in node.names], set[str]()
        elif item is not None:
            written, names, attributes = item.name, [], _attributes(module, item)
        else:
            return
        top = written.lstrip(".").split(".")[0]
        if _is_listed(source) or _is_listed(written):
            return
        outside = top in relocate.distributions() and not layout.is_own(module, top)
        found = [] if outside else relocate.candidates(layout, module, written, names, attributes)
        if found and not (len(found) > 1 and found[0].sure - found[1].sure < 0.04):
            yield from self._file(context, layout, node, item, written, found)
            return
        if found:
            context.refuse(f"{found[0].rel} and {found[1].rel} may both be {written}, and nothing says which is meant.")
            return
        if written.startswith(".") or layout.is_own(module, top):
            context.refuse(f"The project has no {written}, and no file that has what is imported of it.")
            return
        if "." not in written and top not in relocate.distributions() and (other := self._known(context, top, names, attributes)) is not None:
            yield from self._respelled(context, node, item, top, other)
            return
        if top in sys.stdlib_module_names or top in context.surroundings.modules:
            context.refuse(f"{top} is there, but has no {source}: its version is another one than the program was written for.")
            return
        yield self._install(context, top)

    @staticmethod
    def _known(context: Context, top: str, names: list[str], attributes: set[str]) -> str | None:
        """Return the standard or installed module that a name is a slip of."""
        found = relocate.like_stdlib(top, names, attributes)
        if found is not None:
            return found
        close = sorted(((alike(top, item), item) for item in context.surroundings.modules if alike(top, item) >= 0.88), reverse=True)
        return close[0][1] if close and (len(close) == 1 or close[0][0] - close[1][0] > 0.03) else None

    def _respelled(self, context: Context, node: ImportNode, item: ast.alias | None, old: str, new: str) -> Iterator[Proposal]:
        module = context.module
        edits: list[Edit] = []
        if isinstance(node, ast.ImportFrom):
            span = relocate.source_span(module, node)
            edits = [Edit(*span, new)] if span is not None else []
        elif item is not None:
            start = module.offset(item.lineno, item.col_offset)
            edits = [Edit(start, start + len(item.name), new)]
            where = owner(scopes(module).inside(module, item), old)
            if item.asname is None and where is not None:
                edits += [Edit(*module.span(use), new) for use in uses_of(module, where, old)]
        proposal = context.propose(
            rule=self.name,
            title=f"import {new} where {old} was written",
            rationale=f"No module is called {old}; {new} is, and has what is used of it here. The edit imports {new}.",
            edits=joined((module, edit) for edit in edits),
            prior=0.86,
            unchecked=[f"Whether a package called {old} should be installed instead."],
        )
        if proposal is not None:
            yield proposal

    def _file(
        self, context: Context, layout: Layout, node: ImportNode, item: ast.alias | None, written: str, found: list[relocate.Candidate]
    ) -> Iterator[Proposal]:
        best = found[0]
        edits: list[tuple[Module, Edit]] = []
        places = 0
        stem = written.lstrip(".").rsplit(".", 1)[-1]
        for module in [
            context.module,
            *(other for other in layout.project.containing(stem, "import") if other is not context.module and not is_test(other.rel)),
        ]:
            spelled = layout.spelled(module, best.rel)
            for statement in module.nodes:
                if spelled is None or not isinstance(statement, ast.Import | ast.ImportFrom) or (module is not context.module and statement.col_offset):
                    continue
                made = _renamed(layout, module, statement, written, spelled)
                places += bool(made)
                edits += [(module, edit) for edit in made]
        if not any(module is context.module for module, _ in edits):
            return
        proposal = context.propose(
            rule=self.name,
            title=f"import from {best.source} where {written} was written" + (f" (in {places} places)" if places > 1 else ""),
            rationale=f"There is no module {written}. {best.why}{' and has what is imported of it' if best.sure > 0.8 else ''}. "
            "The edit imports it by its own name.",
            edits=joined(edits),
            prior=best.sure,
            alternatives=[f"{other.why}, less likely." for other in found[1:3]],
        )
        if proposal is not None:
            yield proposal

    def _install(self, context: Context, top: str) -> Advice:
        distribution = relocate.distributions().get(top, top.replace("_", "-"))
        looked = [f"No file of the project is called {top}."]
        if context.surroundings.modules:
            looked.append(f"None of the installed packages brings {top}.")
        return context.advise(
            rule=self.name,
            title=f"{top} is not installed where the program runs",
            text=f"Install it there (`pip install {distribution}`), and list it among what the program needs.",
            looked=looked,
        )


def _is_listed(source: str) -> bool:
    """Say whether a table knows what became of a module."""
    tables = (stdlib(), *packages()) if "." in source else (stdlib(),)
    rows = [row for table in tables for row in table.rows]
    return any(
        (row.kind == "module" and source in (row.old, row.old.split(".")[0])) or (row.kind == "name" and row.old.startswith(source + ".")) for row in rows
    )


def _same(layout: Layout, module: Module, statement: ast.ImportFrom, written: str, rel: str | None) -> bool:
    """Say whether a statement imports from the same module as the one that failed."""
    return source_of(statement) == written if rel is None else layout.file(module, source_of(statement)) == rel


def _alias_of(node: ImportNode, source: str) -> ast.alias | None:
    if not isinstance(node, ast.Import):
        return None
    return next((item for item in node.names if item.name == source or item.name.startswith(source + ".") or source.startswith(item.name + ".")), None)


def _attributes(module: Module, item: ast.alias) -> set[str]:
    """Return what is read of an imported module."""
    local = item.asname or item.name
    return {node.attr for node in module.nodes if isinstance(node, ast.Attribute) and module.segment(node.value) == local}


def _moved(layout: Layout, failing: Module, module: Module, statement: ast.ImportFrom, item: ast.alias, found: relocate.Found) -> list[tuple[Module, Edit]]:
    """Return the edits that import a name from where it is, under the name that it has there."""
    imports = Imports(module, layout)
    local = item.asname or item.name
    source = found.source
    if module is not failing:
        rel = layout.file(failing, source)
        source = (layout.spelled(module, rel) if rel is not None else source) or source
    rename = item.asname is None and found.name != item.name and found.name not in bound_names(module)
    edits: list[Edit] = []
    if rename:
        where = owner(scopes(module).inside(module, statement), local)
        edits = [Edit(*module.span(use), found.name) for use in uses_of(module, where, local)] if where is not None else []
    alias = item.asname or ("" if rename or found.name == item.name else local)
    text = f"{found.name} as {alias}" if alias else found.name
    if source == source_of(statement):
        imports.replace(item, text)
    elif len(statement.names) == 1 and (span := relocate.source_span(module, statement)) is not None:
        start = module.offset(item.lineno, item.col_offset)
        end = module.offset(item.end_lineno or item.lineno, item.end_col_offset or 0)
        edits += [Edit(*span, source), *([Edit(start, end, text)] if text != module.text[start:end] else [])]
    else:
        imports.drop(item)
        imports.want(source, found.name, alias, bare=True)
    return [(module, edit) for edit in [*imports.edits(), *edits]]


def _renamed(layout: Layout, module: Module, node: ImportNode, written: str, spelled: str) -> list[Edit]:
    """Return the edits of one import statement that names the missing module."""
    if isinstance(node, ast.ImportFrom):
        span = relocate.source_span(module, node)
        return [Edit(*span, spelled)] if source_of(node) == written and span is not None else []
    item = next((item for item in node.names if item.name == written), None)
    if item is None:
        return []
    imports = Imports(module, layout)
    package, _, last = spelled.rpartition(".")
    local = item.asname or written
    edits: list[Edit] = []
    if item.asname is None and local != last:
        where = owner(scopes(module).inside(module, node), local.split(".")[0])
        nodes = [use for use in module.nodes if isinstance(use, ast.Attribute | ast.Name) and module.segment(use) == local and isinstance(use.ctx, ast.Load)]
        edits = [Edit(*module.span(use), last) for use in nodes] if where is not None else []
    if not package and not spelled.startswith("."):
        imports.replace(item, spelled if item.asname is None else f"{spelled} as {item.asname}")
        return [*imports.edits(), *edits]
    text = f"from {package or '.'} import {last}" + (f" as {item.asname}" if item.asname and item.asname != last else "")
    if len(node.names) == 1:
        return [Edit(*module.span(node), text), *edits]
    imports.drop(item)
    imports.want(package or ".", last, item.asname or "", bare=True)
    return [*imports.edits(), *edits]
