"""Hot reload: what is saved is watched and brought, as one transaction, into every process of a target, or into this one.

`watch` reloads the modules of a folder within this process. It is imported when it is asked for, and watchdog when it is
called, so that importing this package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nexoide.reload.inprocess import Watcher, watch

__all__ = ["Watcher", "watch"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from nexoide.reload import inprocess

        return getattr(inprocess, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
