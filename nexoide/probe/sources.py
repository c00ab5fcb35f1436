"""Remembers the exact source bytes that every module of the watched folders was executed from.

`SourceFileLoader.get_code` is the one place through which modules of files are read, whatever finder found them; for files
under the folders it compiles what it has read, so that no `.pyc` is ever executed there. Every other import costs one call.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Optional, Union

MAX_BYTES = 4 << 20
MAX_KEYS = 20_000
_OTHERS = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)


class Executed:
    """What a file's module was executed from: its bytes, and how sure that is.

    `sure` where these bytes were compiled for it; else they were read aside and have to be compared with what runs. `twice`
    where two modules of the file were executed from different bytes. `since` is the last generation there was by then,
    `changed` when the file had last been changed by then, in seconds since the epoch; `ahead` where it was read just before
    its execution.
    """

    __slots__ = ("ahead", "changed", "data", "name", "since", "sure", "twice")

    def __init__(self, name: str, data: bytes, sure: bool, changed: float = 0.0) -> None:
        self.name, self.data, self.sure, self.changed = name, data, sure, changed
        self.twice, self.ahead = False, False
        ledger = sys.modules.get(f"{__package__}.reload.ledger")
        self.since: int = 0 if ledger is None else ledger.LEDGER.number


roots: list[str] = []
executed: dict[str, Executed] = {}  # by real path
_folders: dict[str, bool] = {}
_keys: dict[str, str] = {}
_original: Any = SourceFileLoader.get_code


def _get_code(self: Any, fullname: str) -> Any:
    path = self.get_filename(fullname)
    if not within(path):
        return _original(self, fullname)
    try:
        data = self.get_data(path)
    except OSError:
        return _original(self, fullname)
    code = self.source_to_code(data, path)
    _record(path, fullname, data, _kept(self))
    return code


def _kept(loader: Any) -> bool:
    """Tell whether a loader compiles what it reads as it is; those of pytest and of type checkers rewrite it."""
    kind = type(loader)
    return kind is SourceFileLoader or kind.source_to_code is SourceFileLoader.source_to_code


def install(folder: Union[str, os.PathLike[str]]) -> str:
    """Watch the imports of a folder from now on, and read what is imported from it already; returns its real path."""
    root = os.path.realpath(os.fspath(folder))
    if root not in roots:
        roots.append(root)
        _folders.clear()
        for name, module in list(sys.modules.items()):
            _look(name, module)
        _look_at_script()
    if SourceFileLoader.get_code is not _get_code:
        SourceFileLoader.get_code = _get_code  # type: ignore[method-assign]
    return root


def within(path: str) -> bool:
    """Tell whether a file is the workspace's own code: under one of the folders, and in no site-packages of theirs."""
    folder = os.path.dirname(path) if os.path.isabs(path) else os.path.dirname(os.path.abspath(path))
    known = _folders.get(folder)
    if known is None:
        known = _folders[folder] = _within(os.path.realpath(folder) + os.sep)
    return known


def _within(folder: str) -> bool:
    return any(folder.startswith(root.rstrip(os.sep) + os.sep) for root in roots) and not any(part in folder for part in _OTHERS)


def key_of(path: str) -> str:
    """Return under which name a file is known, however it was reached: its real path when it was first asked for."""
    known = _keys.get(path)
    if known is None:
        if len(_keys) >= MAX_KEYS:
            _keys.clear()
        known = os.path.realpath(path)
        if os.path.isabs(path):
            _keys[path] = known
    return known


def _record(path: str, name: str, data: bytes, sure: bool) -> None:
    key = key_of(path)
    known = executed.get(key)
    made = executed[key] = Executed(name, data, sure)
    if known is not None and known.name != name and known.name in sys.modules:
        made.twice = known.twice or known.data != data


def _look(name: str, module: Any) -> None:
    """Read the file of a module that was imported before anybody looked."""
    from .values import instance_vars

    file = instance_vars(module).get("__file__") if type(name) is str else None
    if type(file) is not str or not file.endswith(".py") or not within(file):
        return
    look_aside(name, file)


def look_aside(name: str, path: str) -> Optional[Executed]:
    """Read a file whose module was, or is about to be, executed by somebody else; None where it cannot be read."""
    key = key_of(path)
    known = executed.get(key)
    if known is None:
        try:
            changed = os.stat(path).st_mtime
        except OSError:
            return None
        data = read(path)
        if data is not None:
            known = executed[key] = Executed(name, data, False, changed)
    return known


def _look_at_script() -> None:
    """Read the program's own script, which the interpreter itself reads a moment after the bootstrap."""
    words = getattr(sys, "argv", None)
    script = words[0] if type(words) is list and words else None
    if "__main__" in sys.modules and type(script) is str and script.endswith(".py") and os.path.isfile(script):
        path = os.path.abspath(script)
        entry = look_aside("__main__", path) if within(path) else None
        if entry is not None:
            entry.ahead = not hasattr(sys.modules["__main__"], "__file__")


def read(path: str) -> Optional[bytes]:
    """Return the bytes of a file, None where it cannot be read or is over 4 MiB."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return None
    return data if len(data) <= MAX_BYTES else None


def _disguised(code: CodeType) -> CodeType:
    # As a part of importlib, it is left out of the tracebacks of imports that fail, as importlib's own frames are.
    return code.replace(co_filename=_original.__code__.co_filename)


_get_code.__code__ = _disguised(_get_code.__code__)
_get_code.__name__ = _get_code.__qualname__ = "get_code"
