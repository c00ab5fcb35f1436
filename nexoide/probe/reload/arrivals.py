"""What importing a new module may change of the program: the registries and classes that its top lines name."""

from __future__ import annotations

import ast
import importlib.util
import sys
from types import CodeType, ModuleType

from .. import sources
from ..values import _module_vars
from .statements.effects import Effects, Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Optional

MAX_FILES = 64


def observed(name: str, files: Mapping[str, str], owns: Callable[[str], bool], load: Callable[[], Any]) -> Optional[Effects]:
    """Call `load()`, which imports a module, and return what its top lines did to the program; where it raises that is undone.

    `files` are the texts of files that may not be on the disk; None where the module was imported before, or names nothing.
    """
    if name in sys.modules:
        load()
        return None
    before = Snapshot(_subjects(name, files, owns))
    try:
        load()
    except BaseException:
        before.restore()
        raise
    return before.changes()


def _subjects(name: str, files: Mapping[str, str], owns: Callable[[str], bool]) -> list[Any]:
    """Return what the top lines of a module, and of those new ones that it imports, name of modules that are there already."""
    found: dict[int, Any] = {}
    waiting, done = [name], {name}
    while waiting and len(done) <= MAX_FILES:
        tree, package = _parsed(waiting.pop(), files, owns)
        if tree is None:
            continue
        names = _named(compile(tree, "<new>", "exec", dont_inherit=True))
        for other in _imported(tree, package):
            module = sys.modules.get(other)
            if issubclass(type(module), ModuleType):
                inside = _module_vars(module)
                found.update({id(inside[item]): inside[item] for item in names if item in inside and not issubclass(type(inside[item]), ModuleType)})
            elif other not in done:
                done.add(other)
                waiting.append(other)
    return list(found.values())


def _parsed(name: str, files: Mapping[str, str], owns: Callable[[str], bool]) -> tuple[Optional[ast.Module], str]:
    try:
        spec = importlib.util.find_spec(name) if name.rpartition(".")[0] in ("", *sys.modules) else None
    except (ImportError, ValueError, AttributeError):
        return None, ""
    file = spec.origin if spec is not None else None
    if spec is None or file is None or not file.endswith(".py") or not owns(file):
        return None, ""
    data = files[file] if file in files else sources.read(file)
    try:
        return ast.parse(data or ""), name if spec.submodule_search_locations is not None else name.rpartition(".")[0]
    except (SyntaxError, ValueError, RecursionError):
        return None, ""


def _imported(tree: ast.Module, package: str) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            home = ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])]) if node.level else node.module or ""
            found += [home, *(f"{home}.{alias.name}" for alias in node.names)]
    return found


def _named(code: CodeType) -> set[str]:
    """Return the names of a module's top lines, class bodies and decorators included, functions left out."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if type(constant) is CodeType and not constant.co_flags & 0x1:
            found |= _named(constant)
    return found
