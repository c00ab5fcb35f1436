"""Under which name a project's file is imported, and from which folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from nexoide.repair.code.project import Project


@dataclass(frozen=True, slots=True)
class Place:
    """A module: its dotted name, and the folder that must be on the path, relative to the root ('' is the root itself)."""

    module: str
    folder: str = ""


def importable(project: Project, rel: str, *, module: str = "") -> Place | None:
    """Return how a file is imported; `module` is its name as a run showed it, used where it fits. None where no name is possible.

    Otherwise the packages around it decide: every folder with an `__init__.py`, as far up as there is one.
    """
    path = PurePosixPath(rel)
    parts = list(path.with_suffix("").parts)
    if parts and parts[-1] == "__init__":
        parts.pop()
    if not parts or not all(part.isidentifier() for part in parts[-1:]):
        return None
    wanted = module.split(".") if module and module != "__main__" else []
    if wanted and parts[-len(wanted) :] == wanted:
        return Place(module, "/".join(parts[: -len(wanted)]))
    files = set(project.files)
    depth = len(parts) - 1
    while depth > 0 and "/".join([*parts[:depth], "__init__.py"]) in files and parts[depth - 1].isidentifier():
        depth -= 1
    return Place(".".join(parts[depth:]), "/".join(parts[:depth]))


def runs_when_imported(project: Project, rel: str) -> bool:
    """Say whether a file is a script without a guard: importing it would run the program."""
    import ast

    for node in project.module(rel).tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
            return True
        if isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith):
            return True
    return False
