"""Calls back when a module of the standard library is imported, without importing it itself."""

from __future__ import annotations

import sys

from .guard import quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType
    from typing import Any, Optional


BESIDE = "middleware"


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


class Twin:
    """Makes `nexoide.probe` and what is in it the probe that runs already under its private name.

    At the front of the finders it answers for parts of a package that was imported as `public`; at their end, with
    `last_resort`, for that package itself, in a program in whose environment nexoide is not installed.
    """

    def __init__(self, public: str, *, last_resort: bool = False) -> None:
        self._public, self._last_resort = public, last_resort

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: Optional[ModuleType] = None) -> Any:
        """Find a part of the probe under its public name; None for every other module."""
        from _frozen_importlib import ModuleSpec

        if self._last_resort and name == f"{self._public.rpartition('.')[0]}.{BESIDE}":
            return _beside(name)
        if self._last_resort and self._public in (name, f"{name}.{self._public.rpartition('.')[2]}"):
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        return ModuleSpec(name, self) if name.startswith(f"{self._public}.") and self._real(name) is not None else None  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> Any:
        """Return the module that there is; an empty package for the parent."""
        real = self._real(spec.name)
        if real is not None:
            spec.loader_state = (real, real.__spec__)
        return real

    def exec_module(self, module: ModuleType) -> None:
        """Leave a module that has run long ago as it is."""
        spec = module.__spec__
        if spec is not None and spec.loader_state is not None:
            module.__spec__ = spec.loader_state[1]
            share(spec.name if spec.name == self._public else self._public)

    def _real(self, name: str) -> Any:
        from importlib import import_module

        if name != self._public and not name.startswith(f"{self._public}."):
            return None
        try:
            return import_module(_package() + name[len(self._public) :])
        except ModuleNotFoundError:
            return None


def _beside(name: str) -> Any:
    """Find the package that lies beside the probe: the middleware, for a program in whose environment nexoide is not installed."""
    import os
    from _frozen_importlib_external import spec_from_file_location

    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), BESIDE)
    return spec_from_file_location(name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])


def _package() -> str:
    return __name__.rpartition(".")[0]


def share(public: str) -> None:
    """Have everything that is imported as `public`, or from it, be what this package is."""
    sys.modules[public] = sys.modules[_package()]
    if not any(type(finder) is Twin and not finder._last_resort for finder in sys.meta_path):  # noqa: SLF001
        sys.meta_path.insert(0, Twin(public))


def offer(public: str) -> None:
    """Answer for `public` where nothing else does."""
    sys.meta_path.append(Twin(public, last_resort=True))
