"""What an interpreter needs to be readable to run: asked of the interpreter itself, once."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexoide.errors import UnavailableError
from nexoide.sandbox.launch import plain
from nexoide.sandbox.process import execute

_MAX_ANSWER = 256 * 1024
_TIMEOUT = 20.0
_QUESTION = """
import importlib.util, json, sys, sysconfig
print(json.dumps({
    "version": list(sys.version_info[:3]), "cache_tag": sys.implementation.cache_tag,
    "prefix": sys.prefix, "base_prefix": sys.base_prefix, "exec_prefix": sys.exec_prefix, "base_exec_prefix": sys.base_exec_prefix,
    "path": sys.path, "library": [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")],
    "pytest": importlib.util.find_spec("pytest") is not None,
}))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python as it describes itself.

    `roots` are the folders and files it reads from, `packages` those of its path beyond the standard library.
    """

    executable: Path
    version: tuple[int, int, int]
    cache_tag: str
    prefix: Path
    base_prefix: Path
    roots: tuple[Path, ...]
    packages: tuple[Path, ...]
    has_pytest: bool


_known: dict[tuple[str, int, int], Interpreter] = {}


async def describe(python: str) -> Interpreter:
    """Return what `python` says of itself, cached by path and change times; raises UnavailableError where it does not answer."""
    found = shutil.which(python) if os.sep not in python else python
    executable = Path(os.path.abspath(found or python))  # noqa: PTH100  (a virtual environment is named by its link)
    try:
        key = _key(executable)
    except OSError as error:
        raise UnavailableError(f"The interpreter {python} is not there ({error.strerror}): name another one in the target's settings.") from error
    if key not in _known:
        _known[key] = _read(executable, await _ask(executable))
    return _known[key]


def link_chain(path: Path) -> tuple[Path, ...]:
    """Return every path met when `path`'s last component is followed through symbolic links, the first one included."""
    chain = [path]
    while path.is_symlink() and len(chain) < 40:
        path = Path(os.path.normpath(path.parent / path.readlink()))
        chain.append(path)
    return tuple(chain)


def _key(executable: Path) -> tuple[str, int, int]:
    found = executable.stat()
    config = executable.parent.parent / "pyvenv.cfg"
    site = sorted(executable.parent.parent.glob("lib/python*/site-packages"))
    changed = [path.stat().st_mtime_ns for path in (config, *site) if path.exists()]
    return (str(executable), found.st_mtime_ns, max(changed, default=0))


async def _ask(executable: Path) -> dict[str, Any]:
    prepared = plain([str(executable), "-I", "-c", _QUESTION], {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"})
    try:
        ended = await execute(prepared, timeout=_TIMEOUT, head=_MAX_ANSWER, tail=1)
    finally:
        prepared.close()
    answers = [line for line in ended.output.splitlines() if line.startswith("{")]
    try:
        found = json.loads(answers[-1]) if answers else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UnavailableError(f"{executable} did not say where its library is: check that it is a working Python.")
    return found


def _read(executable: Path, found: dict[str, Any]) -> Interpreter:
    try:
        version = tuple(int(part) for part in found["version"])
        prefixes = [Path(found[name]) for name in ("prefix", "base_prefix", "exec_prefix", "base_exec_prefix")]
        entries = [Path(entry) for entry in found["path"] if entry]
        library = [Path(entry) for entry in found["library"] if entry]
        has_pytest, cache_tag = bool(found["pytest"]), str(found["cache_tag"])
    except (KeyError, TypeError, ValueError) as error:
        raise UnavailableError(f"{executable} described itself in an unknown way: check that it is a working Python.") from error
    if len(version) != 3:
        raise UnavailableError(f"{executable} described itself in an unknown way: check that it is a working Python.")
    own = {*library, *(folder / "lib-dynload" for folder in library)}
    packages = tuple(entry for entry in entries if entry not in own and entry.suffix != ".zip")
    roots = tuple(dict.fromkeys([*prefixes, *entries, *link_chain(executable)]))
    return Interpreter(executable, version, cache_tag, prefixes[0], prefixes[1], roots, packages, has_pytest)
