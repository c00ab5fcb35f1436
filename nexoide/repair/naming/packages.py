"""How a project's files are imported: which folder the program's imports start from, and what a dotted name means there."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import PurePosixPath

from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context

MAX_LOOKED = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """A project and the folder (relative, "" for the root itself) that absolute imports of its files start from."""

    project: Project
    base: str
    script: str = ""

    def dotted(self, rel: str) -> str | None:
        """Return the absolute dotted name of a file, or None where it is not below the folder that imports start from."""
        prefix = f"{self.base}/" if self.base else ""
        if not rel.startswith(prefix):
            return None
        name = rel[len(prefix) :].removesuffix(".py").removesuffix("/__init__")
        parts = name.split("/")
        return ".".join(parts) if all(part.isidentifier() for part in parts) else None

    def file(self, importer: Module, source: str) -> str | None:
        """Return the file (or package's `__init__.py`) of the project that `source`, as written after `from`, means."""
        level = len(source) - len(source.lstrip("."))
        path = source.lstrip(".").replace(".", "/")
        if level:
            folder = importer.rel.split("/")[:-1]
            if level - 1 > len(folder):
                return None
            return self._existing("/".join(folder[: len(folder) - (level - 1)]), path)
        for base in dict.fromkeys((self.base, "", "src", *(str(item) for item in PurePosixPath(importer.rel).parents))):
            found = self._existing("" if base == "." else base, path)
            if found is not None:
                return found
        return None

    def _existing(self, base: str, path: str) -> str | None:
        whole = "/".join(filter(None, (base, path)))
        return next((rel for rel in (f"{whole}.py" if path else "", f"{whole}/__init__.py" if whole else "__init__.py") if rel in self.project.files), None)

    def is_folder(self, importer: Module, source: str) -> bool:
        """Say whether a dotted name means a folder of the project that holds Python files."""
        path = source.lstrip(".").replace(".", "/")
        bases = (self.base, "", "src", *(str(item) for item in PurePosixPath(importer.rel).parents))
        prefixes = {"/".join(filter(None, ("" if base == "." else base, path))) + "/" for base in bases}
        return any(rel.startswith(prefix) for prefix in prefixes for rel in self.project.files)

    def spelled(self, importer: Module, rel: str) -> str | None:
        """Return what stands after `from` to import a file: relative where the importing file does it so, else absolute."""
        if importer.rel != self.script and any(isinstance(node, ast.ImportFrom) and node.level for node in importer.nodes):
            own, other = importer.rel.split("/")[:-1], rel.removesuffix(".py").removesuffix("/__init__").split("/")
            if rel.endswith("/__init__.py") and own == other:
                return "."
            shared = 0
            while shared < min(len(own), len(other)) and own[shared] == other[shared]:
                shared += 1
            if shared > len(self.base.split("/") if self.base else []):
                return "." * (len(own) - shared + 1) + ".".join(other[shared:])
        return self.dotted(rel)

    def section(self, importer: Module, source: str) -> int:
        """Return the kind of an import as isort groups them: 0 standard library, 1 other packages, 2 the project's own, 3 relative."""
        if source.startswith("."):
            return 3
        top = source.split(".", maxsplit=1)[0]
        if self.file(importer, top) is not None or self.is_folder(importer, top):
            return 2
        return 0 if top in sys.stdlib_module_names else 1

    def is_own(self, importer: Module, source: str) -> bool:
        """Say whether an import means something of the project."""
        return self.section(importer, source) >= 2

    def modules(self) -> list[str]:
        """Return the files that may be imported: no tests, at most 200 folders' worth looked at elsewhere."""
        return [rel for rel in self.project.files if not is_test(rel)]


def layout_of(context: Context) -> Layout:
    """Return the project's layout as the program was started: a script's own folder, or the root for `python -m`."""
    frames = [frame for raised in reversed(context.failure.exceptions) for frame in raised.frames]
    if "-m" in context.surroundings.command[:4]:
        return Layout(context.project, "")
    for frame in frames:
        rel = context.project.relative(frame.file)
        if rel is not None and frame.module in ("__main__", "") and frame.function == "<module>":
            return Layout(context.project, rel.rpartition("/")[0], rel)
    for word in context.surroundings.command:
        rel = context.project.relative(word) if word.endswith(".py") else None
        if rel is not None and rel in context.project.files:
            return Layout(context.project, rel.rpartition("/")[0], rel)
    return Layout(context.project, "")


def defines(module: Module, name: str) -> bool:
    """Say whether a file itself binds a name at its top level: a function, a class or a variable, not an import."""
    return name in own_globals(module)


def own_globals(module: Module) -> dict[str, ast.stmt]:
    """Return what a file defines at its top level (inside `if` and `try` too), each with its first statement; imports left out."""
    found: dict[str, ast.stmt] = {}
    stack: list[ast.stmt] = list(reversed(module.tree.body))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.setdefault(node.name, node)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for item in ast.walk(target):
                    if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
                        found.setdefault(item.id, node)
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            inner = [*node.body, *getattr(node, "orelse", []), *getattr(node, "finalbody", [])]
            inner += [item for handler in getattr(node, "handlers", []) for item in handler.body]
            stack += reversed(inner)
    return found


def definers(layout: Layout, name: str, importer: Module) -> list[Module]:
    """Return the project's files, tests and the importer itself left out, that define a name at their top level."""
    return [item for item in layout.project.containing(name) if item is not importer and not is_test(item.rel) and defines(item, name)]


def imports_of(layout: Layout, module: Module) -> set[str]:
    """Return the project's files that a file imports while it is itself imported: at its top level, functions left out."""
    found: set[str] = set()
    stack: list[ast.AST] = list(module.tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and getattr(node.test, "id", getattr(node.test, "attr", "")) == "TYPE_CHECKING":
            stack += node.orelse
            continue
        if isinstance(node, ast.Import):
            found |= {rel for item in node.names if (rel := layout.file(module, item.name)) is not None}
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            rel = layout.file(module, source)
            for item in node.names:
                inner = layout.file(module, source + ("" if source.endswith(".") else ".") + item.name)
                if inner is not None:
                    found.add(inner)
            if rel is not None:
                found.add(rel)
        stack += ast.iter_child_nodes(node)
    return found


def reaches(layout: Layout, start: str, goal: str) -> bool:
    """Say whether importing one file leads to importing another, at most 200 files looked at."""
    from nexoide.repair.code.source import UnreadableError

    seen: set[str] = set()
    stack = [start]
    while stack and len(seen) < MAX_LOOKED:
        rel = stack.pop()
        if rel == goal:
            return True
        if rel in seen:
            continue
        seen.add(rel)
        try:
            stack += imports_of(layout, layout.project.module(rel))
        except UnreadableError:
            continue
    return False
