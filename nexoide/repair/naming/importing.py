"""Gives one edit the one name that it needs of another module: as the file has it already, or with the missing import."""

from __future__ import annotations

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import Module
from nexoide.repair.naming.imports import Imports
from nexoide.repair.naming.packages import Layout


def need(project: Project, module: Module, source: str, name: str) -> tuple[str, list[Edit]]:
    """Return how `source.name` is written in a module, and the edits that make it so; none where it is imported already."""
    imports = Imports(module, Layout(project, ""))
    text = imports.use(f"{source}.{name}", prefer_module=False)
    return text, imports.edits()


def need_module(project: Project, module: Module, source: str) -> tuple[str, list[Edit]]:
    """Return how a whole module is called in another one, and the edits that import it where it is not."""
    imports = Imports(module, Layout(project, ""))
    text = imports.want(source)
    return text, imports.edits()
