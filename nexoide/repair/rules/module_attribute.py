"""AttributeError on a module, or on what an import bound in its place: submodule not imported, moved within the project, `from time import time`."""

from __future__ import annotations

import ast
import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.naming.imports import Imports, bound_names
from nexoide.repair.naming.packages import Layout, definers, layout_of
from nexoide.repair.naming.stdlib import has
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, MissingAttribute, failing_access, in_own_code, missing_attribute

_FOLDER = Path(ast.__file__).parent
# Modules of the standard library that have a member of their own name.
_NAMESAKES = frozenset({"datetime", "time", "random", "copy", "glob", "pprint", "array", "queue", "dis", "getpass", "bisect"})
_CALLABLES = frozenset({"builtin_function_or_method", "function", "type", "method", "datetime"})


class ModuleAttribute:
    """Imports what is really used: the submodule, the module in which the name is now, the module and not its namesake."""

    name = "module-attribute"
    summary = "Imports the submodule, or the module that has the name now, or the module in the place of the member of its name."
    errors = ("AttributeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="submodule-not-imported",
            files={"main.py": "import xml\n\nprint(xml.etree.ElementTree.fromstring('<a/>').tag)\n"},
            prints="a\n",
        ),
        Example(
            name="moved-to-another-file",
            files={
                "helpers.py": "def double(number):\n    return number * 2\n",
                "words.py": "def slug(text):\n    return text.lower().replace(' ', '-')\n",
                "main.py": "import helpers\n\nprint(helpers.slug('A b'), helpers.double(2))\n",
            },
            prints="a-b 4\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether a module, or a function or class that an import bound, lacks an attribute."""
        missing = missing_attribute(raised)
        if missing is None or "circular import" in raised.message:
            return False
        return missing.kind == "module" or missing.owner in _CALLABLES or (missing.kind == "type" and missing.owner.rpartition(".")[0] in _NAMESAKES)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the import that makes the use right, or the use that the import means."""
        missing = missing_attribute(context.raised)
        if missing is None or not in_own_code(context):
            return
        node = failing_access(context, missing)
        if node is None:
            return
        if missing.kind != "module":
            yield from self._namesake(context, node)
            return
        for step in (self._submodule, self._inside, self._moved):
            found = list(step(context, missing, node))
            if found:
                yield from found
                return

    def _submodule(self, context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield the import of the submodule, which `import package` alone does not bring."""
        layout = layout_of(context)
        module = context.module
        path = [missing.owner]
        current: ast.AST | None = node
        while isinstance(current, ast.Attribute) and _is_module(layout, module, ".".join([*path, current.attr])):
            path.append(current.attr)
            current = module.parents.get(current)
        if len(path) < 2:
            return
        dotted = ".".join(path)
        brought = [part for item in module.nodes if isinstance(item, ast.Import) for part in item.names]
        alias = next((part for part in brought if part.name == missing.owner and not part.asname), None)
        imports = Imports(module, layout)
        if alias is not None:
            imports.replace(alias, dotted)
        else:
            imports.want(dotted)
        yield from self._made(
            context,
            title=f"import {dotted}, which import {missing.owner} does not bring",
            rationale=(
                f"{missing.owner} is a package, and importing it does not import what lies inside; nothing else had imported {dotted} yet. "
                f"The edit imports {dotted}; {missing.owner} is still known by its name."
            ),
            edits=[(module, edit) for edit in imports.edits()],
            prior=0.9,
        )

    def _inside(self, context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield the member that has the attribute: the class of the module's own name, or the one object that the module makes."""
        attribute = missing.attribute
        if missing.owner == "datetime":
            owner = next((name for name in ("datetime", "date", "timedelta", "timezone") if hasattr(getattr(dt, name), attribute)), "")
        else:
            owner = _holder(context, missing)
        if not owner:
            return
        module, receiver = context.module, context.module.segment(node.value)
        uses = [item for item in module.nodes if isinstance(item, ast.Attribute) and module.segment(item.value) == receiver]
        uses = [item for item in uses if item.attr == attribute or (missing.owner == "datetime" and _of_class_alone(item.attr))]
        yield from self._made(
            context,
            title=f"use {missing.owner}.{owner}.{attribute}: the module itself has no {attribute}",
            rationale=(
                f"{attribute} is not a name of module {missing.owner} but of {owner}, which the module has. "
                f"The edit goes through {owner} in {'all ' + str(len(uses)) + ' places' if len(uses) > 1 else 'the one place'}. The imports stay as they are."
            ),
            edits=[(module, Edit(module.span(use.value)[1], module.span(use)[1], f".{owner}.{use.attr}")) for use in uses],
            prior=0.88 if missing.owner == "datetime" else 0.72,
        )

    def _moved(self, context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield the module of the project that defines the name now."""
        module, attribute = context.module, missing.attribute
        layout = layout_of(context)
        source = layout.file(module, missing.owner)
        if source is None or (missing.owner in sys.stdlib_module_names and (has(missing.owner, attribute) or "renam" in context.raised.message)):
            return
        found = definers(layout, attribute, module)
        if len(found) != 1:
            if found:
                context.refuse(f"{len(found)} files of the project define {attribute}, and nothing says which one is meant.")
            return
        other = layout.spelled(module, found[0].rel)
        if other is None:
            return
        receiver = module.segment(node.value)
        uses = [item for item in module.nodes if isinstance(item, ast.Attribute) and item.attr == attribute and module.segment(item.value) == receiver]
        imports = Imports(module, layout)
        text = imports.want(other, attribute) if attribute not in bound_names(module) else imports.want(other, attribute, f"{attribute}_")
        alone = [item for item in module.nodes if isinstance(item, ast.Name) and item.id == receiver and not _within(item, uses)]
        if not alone:
            for statement in module.tree.body:
                if isinstance(statement, ast.Import | ast.ImportFrom):
                    for part in statement.names:
                        if (part.asname or part.name) == receiver:
                            imports.drop(part)
        yield from self._made(
            context,
            title=f"take {attribute} from {found[0].rel}, where it is defined now",
            rationale=(
                f"{missing.owner} has no {attribute}; {found[0].rel} defines it, and no other file of the project does. "
                f"The edit imports it from there{'' if alone else f' and no longer imports {missing.owner}, which nothing else here uses'}."
            ),
            edits=[*((module, edit) for edit in imports.edits()), *((module, Edit(*module.span(use), text)) for use in uses)],
            prior=0.84,
        )

    def _namesake(self, context: Context, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield `import time` for `from time import time` with `time.sleep()`; with plain uses too, the one name that lacks."""
        module = context.module
        if not isinstance(node.value, ast.Name):
            return
        bound = index(module).imports.get(node.value.id)
        if bound is None or not bound[1] or has(bound[0], node.attr) is not True:
            return
        source, original = bound
        name = node.value.id
        names = [item for item in module.nodes if isinstance(item, ast.Name) and item.id == name]
        read = [(item, parent) for item in names if isinstance(parent := module.parents.get(item), ast.Attribute) and parent.value is item]
        own = _own_names(source, original)
        found = [
            (statement, part)
            for statement in module.nodes
            if isinstance(statement, ast.ImportFrom)
            for part in statement.names
            if (part.asname or part.name) == name and statement.module == source
        ]
        if len(found) != 1:
            return
        imports = Imports(module, layout_of(context))
        edits: list[Edit] = []
        if len(read) == len(names) and name == source and all(has(source, parent.attr) for _, parent in read):
            imports.drop(found[0][1])
            imports.want(source)
            edits = [Edit(*module.span(found[0][0]), f"import {source}")] if len(found[0][0].names) == 1 else imports.edits()
            title, what = f"import the module {source}, and not {original} of it", f"imports the module {source} instead"
        else:
            wrong = [parent for _, parent in read if parent.attr not in own and has(source, parent.attr)]
            for parent in wrong:
                text = name if parent.attr == original else imports.want(source, parent.attr)
                edits.append(Edit(*module.span(parent), text))
            edits += imports.edits()
            title, what = f"use {node.attr} of {source} by its own name", "names what is used of the module, and imports what is not imported yet"
        yield from self._made(
            context,
            title=title,
            rationale=(
                f"from {source} import {original} makes {name} the {original} of that module and not the module, so {name}.{node.attr} is not there. "
                f"The edit {what}. All other uses of {name} stay right."
            ),
            edits=[(module, edit) for edit in edits],
            prior=0.9,
        )

    def _made(self, context: Context, *, title: str, rationale: str, edits: list[tuple[Module, Edit]], prior: float) -> Iterator[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=title,
            rationale=rationale,
            edits=edits,
            prior=prior,
            alternatives=("Another name of the same module: none is so close that it must be the one that was meant.",),
        )
        if proposal is not None:
            yield proposal


def _is_module(layout: Layout, module: Module, dotted: str) -> bool:
    """Say whether a dotted name is a file or folder of the project, or a module of the standard library."""
    if layout.file(module, dotted) is not None or layout.is_folder(module, dotted):
        return True
    parts = dotted.split(".")
    path = _FOLDER.joinpath(*parts)
    return parts[0] in sys.stdlib_module_names and (path.with_suffix(".py").is_file() or (path / "__init__.py").is_file())


def _holder(context: Context, missing: MissingAttribute) -> str:
    """Return the one object that a module of the project makes of a class with the attribute, "" where there is none, or several."""
    file = layout_of(context).file(context.module, missing.owner)
    if file is None:
        return ""
    module = context.project.module(file)
    known = {item.name: {*item.attributes, *item.methods} for item in index(module).classes}
    made = [
        target.id
        for statement in module.tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call) and isinstance(statement.value.func, ast.Name)
        for target in statement.targets
        if isinstance(target, ast.Name) and missing.attribute in known.get(statement.value.func.id, set())
    ]
    return made[0] if len(made) == 1 else ""


def _of_class_alone(attribute: str) -> bool:
    return hasattr(dt.datetime, attribute) and not hasattr(dt, attribute)


def _own_names(source: str, name: str) -> set[str]:
    """Return the attributes of a member of the standard library that this interpreter knows without importing anything."""
    return set(dir(getattr(sys.modules.get(source), name, None)))


def _within(node: ast.AST, uses: list[ast.Attribute]) -> bool:
    return any(use.value is node for use in uses)
