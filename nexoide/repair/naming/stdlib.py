"""What the standard library has, as its own source shows it: read and never run, for a project may hide a module of it."""

from __future__ import annotations

import ast
import functools
import sys
import sysconfig
import tomllib
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
MAX_BYTES = 1 << 20

_FOLDER = Path(sysconfig.get_path("stdlib"))


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Well-known names: member → modules, awaited member → module, alias → `module` or `module:member`."""

    members: dict[str, tuple[str, ...]]
    awaited: dict[str, str]
    aliases: dict[str, str]


@functools.cache
def known_names() -> KnownNames:
    """Return the names of `data/names.toml`."""
    with (DATA / "names.toml").open("rb") as stream:
        raw = tomllib.load(stream)
    found: dict[str, tuple[str, ...]] = {}
    for module, names in raw["members"].items():
        for name in names.split():
            found[name] = (*found.get(name, ()), module)
    return KnownNames(found, raw["awaited"], raw["aliases"])


@functools.cache
def members(module: str) -> frozenset[str] | None:
    """Return the names that a module of the standard library has; None where they cannot be read from its source."""
    if module.split(".", maxsplit=1)[0] not in sys.stdlib_module_names:
        return None
    held = sys.modules.get(module)
    if held is not None and (module in sys.builtin_module_names or str(getattr(held, "__file__", None) or "").startswith(str(_FOLDER))):
        return frozenset(dir(held))
    path = _FOLDER.joinpath(*module.split("."))
    file = next((item for item in (path.with_suffix(".py"), path / "__init__.py") if item.is_file()), None)
    if file is None:
        return None
    try:
        data = file.read_bytes()
        tree = ast.parse(data[:MAX_BYTES])
    except (OSError, SyntaxError, ValueError):
        return None
    return _bound(tree, file.name == "__init__.py", path)


def _bound(tree: ast.Module, is_package: bool, path: Path) -> frozenset[str] | None:
    found: set[str] = {"__name__", "__file__", "__doc__"}
    stack: list[ast.AST] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
            continue
        if isinstance(node, ast.ImportFrom) and any(item.name == "*" for item in node.names):
            return None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            return None  # globals().update(…)
        if isinstance(node, ast.alias):
            found.add(node.asname or node.name.split(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        stack += ast.iter_child_nodes(node)
    if is_package:
        found |= {item.stem for item in path.iterdir() if item.suffix == ".py"} | {item.name for item in path.iterdir() if item.is_dir()}
    return frozenset(found)


def has(module: str, name: str) -> bool | None:
    """Say whether a module of the standard library has a name; None where that is not known."""
    listed = known_names().members.get(name, ())
    if module in listed:
        return True
    found = members(module)
    return None if found is None else name in found
