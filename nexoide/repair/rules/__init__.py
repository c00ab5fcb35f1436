"""The rules: every module of this package with a class that has a `name` and proposes, and those that other packages bring.

A rule of another package is named by an entry point of the group `nexoide.rules` that gives its class. One that cannot be
loaded is left out and said; it never keeps the others from working.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from importlib.metadata import entry_points
from typing import cast

from nexoide.repair.rules.base import Example, Rule

GROUP = "nexoide.rules"

__all__ = ["GROUP", "Example", "Rule", "own_rules", "rules", "unloadable"]

_PARTS = ("name", "summary", "errors", "examples", "applies", "propose")
_unloadable: dict[str, str] = {}


@functools.cache
def own_rules() -> tuple[Rule, ...]:
    """Return our rules, by the name of their module."""
    found: list[Rule] = []
    for item in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if item.name != "base" and not item.name.startswith("_"):
            module = importlib.import_module(f"{__name__}.{item.name}")
            found += [cast("Rule", kind()) for kind in vars(module).values() if inspect.isclass(kind) and _is_rule(kind, module.__name__)]
    return tuple(found)


def _is_rule(kind: type, module: str) -> bool:
    return kind.__module__ == module and isinstance(getattr(kind, "name", None), str) and hasattr(kind, "propose")


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Return all rules: ours, and after them those of entry points, by name."""
    found = {rule.name: rule for rule in own_rules()}
    for point in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        try:
            rule: Rule = point.load()()
        except Exception as error:  # noqa: BLE001  (somebody else's module may raise anything while it is loaded)
            _unloadable[point.name] = f"{type(error).__name__}: {error}"[:300]
            continue
        lacking = [name for name in _PARTS if not hasattr(rule, name)]
        if lacking:
            _unloadable[point.name] = f"it has no {', '.join(lacking)}"
            continue
        found.setdefault(rule.name, rule)
    return tuple(found.values())


def unloadable() -> dict[str, str]:
    """Return the entry points that could not be loaded, each with why."""
    rules()
    return dict(_unloadable)
