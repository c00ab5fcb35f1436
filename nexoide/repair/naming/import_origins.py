"""Where a name that a file uses and does not bind can be imported from: the project's habits, its definitions, the standard library."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.model.failure import Raised
from nexoide.repair.code.bindings import unbound_uses
from nexoide.repair.code.index import index
from nexoide.repair.code.project import is_test
from nexoide.repair.code.signatures import Binding, bind, constructor, of_function
from nexoide.repair.code.source import FUNCTIONS, Module, UnreadableError
from nexoide.repair.context import Context
from nexoide.repair.naming.imports import source_of
from nexoide.repair.naming.packages import Layout, definers, own_globals
from nexoide.repair.naming.stdlib import has, known_names

_MESSAGE = re.compile(r"name '(\w+)' is not defined")


def undefined_name(raised: Raised) -> str | None:
    """Return the name that a NameError says is not defined, or None for another error."""
    match = _MESSAGE.match(raised.message) if raised.type == "NameError" else None
    return match[1] if match and not match[1].startswith("__") else None


@dataclass(frozen=True, slots=True)
class Origin:
    """One place that a name can be imported from; `name` is "" for a module itself."""

    source: str
    name: str
    alias: str
    prior: float
    why: str
    file: str = ""

    @property
    def text(self) -> str:
        """The import statement."""
        spelled = f" as {self.alias}" if self.alias else ""
        return f"from {self.source} import {self.name}{spelled}" if self.name else f"import {self.source}{spelled}"


def origins(context: Context, layout: Layout, name: str) -> list[Origin]:
    """Return where a name can come from, the surest first; an own habit or definition leaves the standard library out."""
    habits = _habits(context, layout, name)
    if len(habits) == 1:
        return habits
    own = _own(context, layout, name)
    if own:
        return own
    if habits:
        return sorted(habits, key=lambda item: -item.prior)
    return sorted(_standard(context, name), key=lambda item: -item.prior)


def _habits(context: Context, layout: Layout, name: str) -> list[Origin]:
    """Return how the project's other files import the name, each way once."""
    found: dict[tuple[str, str], Origin] = {}
    for other in layout.project.containing(name, "import"):
        if other is context.module or is_test(other.rel):
            continue
        for node in other.nodes:
            for item in node.names if isinstance(node, ast.Import | ast.ImportFrom) else []:
                if (item.asname or item.name.split(".")[0]) != name or not isinstance(node, ast.Import | ast.ImportFrom):
                    continue
                source = source_of(node) if isinstance(node, ast.ImportFrom) else item.name
                spelled = item.name if isinstance(node, ast.ImportFrom) else ""
                file = layout.file(other, source) or ""
                if file == context.module.rel:
                    continue
                if file:
                    source = layout.spelled(context.module, file) or source
                elif source.startswith("."):
                    continue
                if not file and not _uses_fit(context, name, source, spelled):
                    continue
                prior = 0.94 if isinstance(node, ast.ImportFrom) or item.asname else 0.93
                found.setdefault((source, spelled), Origin(source, spelled, item.asname or "", prior, f"{other.rel} imports it this way", file))
    return list(found.values())


def _own(context: Context, layout: Layout, name: str) -> list[Origin]:
    """Return the project's files that define the name and whose definition fits its use, and files of that name."""
    found: list[Origin] = []
    for other in definers(layout, name, context.module):
        source = layout.spelled(context.module, other.rel)
        if source is not None and other.rel != layout.script and _fits(context, other, name):
            kind = "defines it" if len(found) == 0 else "defines it too"
            found.append(Origin(source, name, "", 0.93 if len(name) > 2 else 0.8, f"{other.rel} {kind}", other.rel))
    if found:
        return found
    wanted = _attributes(context.module, name)
    for rel in layout.modules():
        if rel.rsplit("/", 1)[-1] not in (f"{name}.py", "__init__.py") or rel.removesuffix("/__init__.py").removesuffix(".py").rsplit("/", 1)[-1] != name:
            continue
        dotted = layout.spelled(context.module, rel)
        if dotted is None or rel == context.module.rel or not wanted:
            continue
        try:
            names = index(layout.project.module(rel)).globals
        except UnreadableError:
            continue
        if wanted <= names | {item.rsplit("/", 1)[-1].removesuffix(".py") for item in layout.modules() if item.startswith(rel.removesuffix("__init__.py"))}:
            package, _, last = dotted.rpartition(".")
            source = package or ("." * (len(dotted) - len(dotted.lstrip("."))))
            found.append(Origin(source or last, last if source else "", "", 0.93, f"{rel} is that module and has what is used of it", rel))
    return found


def _fits(context: Context, other: Module, name: str) -> bool:
    """Say whether a definition can be what the uses mean: called with these arguments, or not called where it is no function."""
    statement = own_globals(other).get(name)
    for use in unbound_uses(context.module, name):
        parent = context.module.parents.get(use)
        if not isinstance(parent, ast.Call) or parent.func is not use:
            continue
        if isinstance(statement, FUNCTIONS):
            function = next((item for item in index(other).functions if item.node is statement), None)
            if function is not None and not function.decorators and not _binds(bind(of_function(function), parent)):
                return False
        elif isinstance(statement, ast.ClassDef):
            item = next((found for found in index(other).classes if found.node is statement), None)
            signature = constructor(context.project, item) if item is not None else None
            if signature is not None and not _binds(bind(signature, parent)):
                return False
    return True


def _binds(binding: Binding) -> bool:
    return binding.good or binding.unknown


def _attributes(module: Module, name: str) -> set[str]:
    """Return the attributes that a file reads of a name that it does not bind."""
    parents = [module.parents.get(use) for use in unbound_uses(module, name)]
    return {parent.attr for parent in parents if isinstance(parent, ast.Attribute)}


def _is_used_bare(module: Module, name: str) -> bool:
    return any(not isinstance(module.parents.get(use), ast.Attribute) for use in unbound_uses(module, name))


def _uses_fit(context: Context, name: str, source: str, spelled: str) -> bool:
    """Say whether what is read of a name is there in a module of the standard library, as far as that is known."""
    attributes = _attributes(context.module, name)
    if not spelled:
        return not _is_called(context.module, name) and all(has(source, item) is not False for item in attributes)
    inner = _class_members(source, spelled)
    return inner is None or attributes <= inner


def _is_called(module: Module, name: str) -> bool:
    return any(isinstance(parent := module.parents.get(use), ast.Call) and parent.func is use for use in unbound_uses(module, name))


def _class_members(source: str, name: str) -> frozenset[str] | None:
    """Return what a class or function of the standard library has, where this interpreter has it loaded for itself."""
    if has(source, name) is not True or source.split(".", maxsplit=1)[0] not in sys.stdlib_module_names:
        return None
    value = getattr(sys.modules.get(source), name, None)
    return frozenset(dir(value)) if value is not None else None


def _standard(context: Context, name: str) -> Iterator[Origin]:
    """Yield what the standard library, and packages known to be installed, have under the name."""
    module, known = context.module, known_names()
    attributes, bare = _attributes(module, name), _is_used_bare(module, name)
    if name in sys.stdlib_module_names and not name.startswith("_") and not bare and all(has(name, item) is not False for item in attributes):
        yield Origin(name, "", "", 0.94, f"{name} is a module of the standard library, and has what is read of it here")
    awaited = is_awaited(module, name)
    if awaited and name in known.awaited:
        yield Origin(known.awaited[name], name, "", 0.9, f"{known.awaited[name]}.{name} is what can be awaited")
        return
    for place, source in enumerate(known.members.get(name, ())):
        inner = _class_members(source, name)
        if inner is None or attributes <= inner:
            yield Origin(source, name, "", 0.9 - 0.2 * place - (0.1 if len(name) < 5 else 0), f"{source} of the standard library has {name}")
    target = known.aliases.get(name)
    if target is not None:
        source, _, member = target.partition(":")
        top = source.split(".")[0]
        installed = top in sys.stdlib_module_names or top in context.surroundings.modules
        if not installed and context.surroundings.modules:
            context.refuse(f"{name} is commonly {source}, which is not installed where the program runs.")
            return
        fits = top not in sys.stdlib_module_names or all(has(source, item) is not False for item in attributes)
        if fits:
            alias = "" if member or name == source else name
            yield Origin(source, member, alias, 0.88 if installed else 0.6, f"{name} is the common name of {target.replace(':', '.')}")


def is_awaited(module: Module, name: str) -> bool:
    """Say whether a call of a name that the file does not bind is awaited."""
    parents = [module.parents.get(use) for use in unbound_uses(module, name)]
    return any(parent is not None and isinstance(module.parents.get(parent), ast.Await) for parent in parents)
