"""Which modules are the program's own, and the text that each of them runs."""

from __future__ import annotations

import os
import sys
from types import ModuleType

from ..frames import place
from . import registry
from .live import module_file, real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Optional


class Workspace:
    """Which modules are the program's own, and the text that each of them runs."""

    def __init__(self, roots: Sequence[str] = (), texts: Optional[Callable[[ModuleType], Optional[str]]] = None) -> None:
        self._roots = [os.path.realpath(root) + os.sep for root in roots]
        self._texts = registry.text_of if texts is None else texts
        self._known: dict[int, Optional[str]] = {}
        self._list: tuple[int, list[ModuleType]] = (0, [])

    def __call__(self) -> list[ModuleType]:
        """Return the imported modules of the workspace, each once; remembered until another module is imported."""
        if self._list[0] != len(sys.modules):
            self._list = (len(sys.modules), self.modules())
        return self._list[1]

    def owns(self, path: str) -> bool:
        """Tell whether a file is the program's own, not a library's."""
        if not self._roots:
            return place(path)[1]
        return real(path).startswith(tuple(self._roots)) and f"{os.sep}site-packages{os.sep}" not in path

    def modules(self) -> list[ModuleType]:
        """Return the imported modules of the workspace, each once."""
        found: dict[int, ModuleType] = {}
        for module in list(sys.modules.values()):
            if issubclass(type(module), ModuleType) and id(module) not in found:
                file = module_file(module)
                if file and self.owns(file):
                    found[id(module)] = module
        return list(found.values())

    def text(self, module: ModuleType) -> Optional[str]:
        """Return the text that a module runs, as far as it is known."""
        if id(module) not in self._known:
            self._known[id(module)] = self._texts(module)
        return self._known[id(module)]
