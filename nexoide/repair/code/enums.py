"""The members of the project's enumerations: their names and values, as the class body shows them."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.code.index import Class, find_classes, index, last_name
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import Module

ENUM_BASES = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Enumeration:
    """One enumeration: its class, and each member's value (None where the source does not show it)."""

    item: Class
    members: dict[str, object]

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names."""
        return tuple(self.members)

    @property
    def values(self) -> tuple[object, ...]:
        """The members' values that are known."""
        return tuple(value for value in self.members.values() if value is not None)

    def name_of(self, value: object) -> str:
        """Return the name of the member with a value, "" where there is none."""
        return next((name for name, held in self.members.items() if type(held) is type(value) and held == value), "")


def is_enum(project: Project, item: Class, depth: int = 0) -> bool:
    """Say whether a class is an enumeration, by its bases."""
    if set(item.bases) & ENUM_BASES:
        return True
    return depth < _DEPTH and any(is_enum(project, base, depth + 1) for name in item.bases for base in find_classes(project, name, item.module)[:1] if name)


def enumeration(project: Project, name: str, near: Module) -> Enumeration | None:
    """Return the project's enumeration of that name, or None where there is none, or several."""
    found = [item for item in find_classes(project, name, near) if is_enum(project, item)]
    return read(found[0]) if len(found) == 1 else None


def enumerations(project: Project) -> list[Enumeration]:
    """Return all enumerations of the project."""
    return [read(item) for module in project.containing("class ", "num") for item in index(module).classes if is_enum(project, item)]


def read(item: Class) -> Enumeration:
    """Return the members that a class body sets."""
    found: dict[str, object] = {}
    previous = 0
    for node in item.node.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name) or node.targets[0].id.startswith("_"):
            continue
        name = node.targets[0].id
        value: object = None
        if isinstance(node.value, ast.Constant):
            value = node.value.value
        elif isinstance(node.value, ast.Call) and last_name(node.value.func) == "auto":
            value = name.lower() if "StrEnum" in item.bases else previous + 1
        if isinstance(value, int):
            previous = value
        found[name] = value
    return Enumeration(item, found)
