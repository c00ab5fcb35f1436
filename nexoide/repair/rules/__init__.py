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

_unloadable: dict[str, str] = {}


@functools.cache
def own_rules() -> tuple[Rule, ...]:
    """Return our rules, by the name of their module."""
    found: list[Rule] = []
    for item in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if item.name == "base" or item.name.startswith("_"):
            continue
        module = importlib.import_module(f"{__name__}.{item.name}")
        for kind in vars(module).values():
            if inspect.isclass(kind) and kind.__module__ == module.__name__ and isinstance(getattr(kind, "name", None), str) and hasattr(kind, "propose"):
                found.append(cast("Rule", kind()))
    return tuple(found)


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Return all rules: ours, and after them those of entry points, by name."""
    found = {rule.name: rule for rule in own_rules()}
    for point in sorted(entry_points(group=GROUP), key=lambda item: item.name):
        try:
            rule: Rule = point.load()()
            if not all(hasattr(rule, name) for name in ("name", "summary", "errors", "examples", "applies", "propose")):
                raise TypeError("it lacks one of name, summary, errors, examples, applies and propose")
        except Exception as error:  # noqa: BLE001  (somebody else's module may raise anything while it is loaded)
            _unloadable[point.name] = f"{type(error).__name__}: {error}"[:300]
            continue
        found.setdefault(rule.name, rule)
    return tuple(found.values())


def unloadable() -> dict[str, str]:
    """Return the entry points that could not be loaded, each with why."""
    rules()
    return dict(_unloadable)
