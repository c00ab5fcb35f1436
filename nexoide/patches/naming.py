"""Which files a patch may name: plain Python sources inside the workspace, and none that Python loads by itself."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from nexoide.errors import InspectionError

MAX_PATH = 1024
MAX_NAME = 255
_GIT_NAMES = frozenset({".git", "git~1"})
_OURS = frozenset({".nexoide", "__pycache__"})
_LOADED_UNASKED = frozenset({"sitecustomize.py", "usercustomize.py"})
_SOURCE_ROOTS = frozenset({"", "src", "lib", "python"})


def show(path: str) -> str:
    """Return a path as it may stand in a sentence: as it is where it is short printable ASCII, else escaped."""
    return path if path.isascii() and path.isprintable() and 0 < len(path) <= 300 else ascii(path[:300])


def check_path(path: str) -> None:
    """Raise InspectionError unless `path` is a plain relative POSIX path of a Python source file.

    Names that end up as something else on some file system (".GIT", "git~1", trailing dots and spaces, invisible
    characters) count as what they end up as.
    """
    parts = path.split("/")
    if not path or path.startswith("/") or any(part in {"", ".", ".."} for part in parts):
        raise InspectionError(f"The path {show(path)} does not stay inside the workspace: a patch names files relative to its root, without '..'.")
    strange = sorted({character for character in path if character == "\\" or unicodedata.category(character)[0] == "C" or character in "\u2028\u2029"})
    if strange:
        named = ", ".join(f"U+{ord(character):04X}" for character in strange[:5])
        raise InspectionError(f"The path {show(path)} contains {named}, which can make it look like another: only visible characters are accepted.")
    if len(path.encode()) > MAX_PATH or any(len(part.encode()) > MAX_NAME for part in parts):
        raise InspectionError(f"The path {show(path)} is longer than file systems allow ({MAX_NAME} bytes a name, {MAX_PATH} in all).")
    for part in parts:
        plain = unicodedata.normalize("NFKC", part).casefold().rstrip(". ").split(":")[0]
        if plain in _GIT_NAMES or plain in _OURS:
            raise InspectionError(f"The path {show(path)} lies in {plain}, which no patch may touch.")
    if not path.endswith(".py") or len(parts[-1]) == len(".py"):
        raise InspectionError(f"{show(path)} is not a Python source file (*.py), and only those are patched: change it by hand.")
    if unicodedata.normalize("NFKC", parts[-1]).casefold() in _LOADED_UNASKED:
        raise InspectionError(f"{show(path)} is run by every Python that starts, so no patch may touch it: change it by hand.")


def is_test_surface(path: str) -> bool:
    """Say whether a change of this file changes what the tests prove."""
    place = PurePosixPath(path.casefold())
    name = place.name
    return name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py") or bool({"tests", "test"} & set(place.parts[:-1]))


def check_new_file(path: str) -> None:
    """Raise InspectionError where a file that does not exist yet would be imported in place of the standard library."""
    module = _module(path)
    parent, _, name = module.rpartition("/")
    if parent in _SOURCE_ROOTS and name.casefold() in sys.stdlib_module_names:
        raise InspectionError(f"The new file {show(path)} would be imported instead of Python's own module {name}: choose another name.")


def check_shadows(paths: Iterable[str], existing: Collection[str]) -> None:
    """Raise InspectionError where a new file hides another, or differs from one in case alone.

    A package `n/` is imported instead of `n.py`; on many file systems `N.py` and `n.py` are one file.
    """
    known = {path.casefold(): path for path in existing}
    modules = {_module(path).casefold(): path for path in existing if path.endswith(".py")}
    for path in paths:
        other = known.get(path.casefold(), path)
        if other != path:
            raise InspectionError(f"{show(path)} and {show(other)} differ in case alone, and are one file on many systems: choose another name.")
        rival = modules.get(_module(path).casefold(), path)
        if rival != path:
            raise InspectionError(f"{show(path)} and {show(rival)} are one module to Python, which would import only one: choose another name.")
        known[path.casefold()] = path
        modules[_module(path).casefold()] = path


def _module(path: str) -> str:
    return path.removesuffix("/__init__.py") if path.endswith("/__init__.py") else path.removesuffix(".py")
