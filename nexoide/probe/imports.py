"""Calls back when a module of the standard library is imported, without importing it itself."""

from __future__ import annotations

import sys

from .guard import quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType
    from typing import Any, Optional


class Loader:
    """Stands in for a module's loader for the time of its execution; the module never gets to see it."""

    def __init__(self, real: Any, callback: Callable[[Any], object]) -> None:
        self._real, self._callback = real, callback

    def create_module(self, spec: Any) -> Any:
        """Let the real loader create the module."""
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Let the real loader execute the module, then call back."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._real
        module.__loader__ = self._real
        self._real.exec_module(module)
        quietly(self._callback, module)


class Finder:
    """Wraps the loaders of the wanted modules; every other import costs one lookup in a dict, and none once all came."""

    def __init__(self) -> None:
        self._wanted: dict[str, Callable[[Any], object]] = {}

    def when_imported(self, name: str, callback: Callable[[Any], object]) -> None:
        """Call `callback(module)` right after `name` was executed, now where it is there already."""
        module = sys.modules.get(name)
        if module is not None:
            quietly(callback, module)
            return
        self._wanted[name] = callback
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: Optional[ModuleType] = None) -> Any:
        """Find a wanted module as the finders behind this one do; None for every other."""
        callback = self._wanted.pop(name, None)
        if callback is None:
            return None
        for finder in list(sys.meta_path):
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    spec.loader = Loader(spec.loader, callback)  # type: ignore[assignment]
                self._leave()
                return spec
        self._wanted[name] = callback
        return None

    def _leave(self) -> None:
        if not self._wanted:
            sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]
