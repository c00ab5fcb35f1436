"""The probe: what a supervised program carries, from the standard library of its own interpreter alone (CPython 3.9 to 3.14).

It captures failures, applies reload transactions and counts passes over healed lines. Importing it starts nothing and loads
nothing: the bootstrap folder's sitecustomize loads this package from its files, under the name `_nexoide_probe`, and calls
`start.start`. A program that imports `nexoide.probe` under a running probe gets that one.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .attachment import attach
    from .reload.callbacks import on_reload
    from .reload.report import Definition, ReloadReport
    from .reloader import Reloader

__all__ = ["Definition", "ReloadReport", "Reloader", "attach", "on_reload"]
_PLACES = {
    "attach": "attachment",
    "on_reload": "reload.callbacks",
    "Definition": "reload.report",
    "ReloadReport": "reload.report",
    "Reloader": "reloader",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])


if __name__ != "_nexoide_probe" and "_nexoide_probe" in sys.modules:
    from importlib import import_module

    import_module("_nexoide_probe.imports").share(__name__)
