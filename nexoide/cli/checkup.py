"""The checks of `nexoide doctor`, each one sentence of what was found and, where it is not well, what to do."""

from __future__ import annotations

import asyncio
import locale
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from nexoide.errors import NexoideError
from nexoide.workspace import Workspace, find_workspace

PYTHON = (3, 11)
GIT = (2, 35)
PROBE = ((3, 9), (3, 14))
SMALLEST = (40, 12)
_EXTRAS = {"pytest": "runs the tests of targets that bring no runner of their own", "xdist": "runs this project's own tests on all cores"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `advice` says what to do where it is not as well as it could be."""

    name: str
    ok: bool
    found: str
    advice: str = ""
    required: bool = False


def examine(path: Path | None) -> list[Check]:
    """Return every check, for the workspace at or above `path` (default: here) or for none."""
    where = find_workspace(path)
    return [_python(), _git(), _sandbox(), *_terminal(), _runtime(where), *_extras(), *_workspace(where, path)]


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    ok = sys.version_info[:2] >= PYTHON
    return Check("python", ok, f"{version} at {sys.executable}", "" if ok else "nexoide itself needs Python 3.11 or later.", required=True)


def _git() -> Check:
    from nexoide.vcs.runner import Runner

    try:
        words = Runner(Path(tempfile.gettempdir())).run("version").text
    except NexoideError as error:
        return Check("git", False, "not found", error.sentence, required=True)
    numbers = re.search(r"(\d+)\.(\d+)", words)
    ok = numbers is not None and (int(numbers[1]), int(numbers[2])) >= GIT
    return Check("git", ok, words, "" if ok else "install git 2.35 or later.", required=True)


def _sandbox() -> Check:
    from nexoide.sandbox import confinement

    try:
        found = asyncio.run(confinement.available())
    except NexoideError as error:
        return Check("sandbox", False, "nothing can be run apart", error.sentence)
    confined = found.tier != "limits-only"
    advice = "" if confined else "install bubblewrap (or allow user namespaces); what was not confined stands in each patch's evidence."
    return Check("sandbox", confined, found.sentence, advice)


def _terminal() -> Iterator[Check]:
    columns, lines = shutil.get_terminal_size((0, 0))
    name, colours = os.environ.get("TERM", ""), os.environ.get("COLORTERM", "")
    if not sys.stdout.isatty():
        yield Check("terminal", False, "the output is no terminal", "run it in a terminal to see the screen; every command works without one.")
    else:
        ok = columns >= SMALLEST[0] and lines >= SMALLEST[1] and name not in {"", "dumb"}
        yield Check("terminal", ok, f"{name or 'TERM is not set'}, {columns}×{lines}", "" if ok else "the screen needs 40×12 cells and a TERM other than dumb.")
    full = colours in {"truecolor", "24bit"}
    some = full or "256color" in name
    advice = (
        "" if full else "set COLORTERM=truecolor if the terminal has 24-bit colour." if some else "the screen will be poor in colours: set TERM=xterm-256color."
    )
    yield Check("colours", some, "24-bit" if full else "256" if some else "few", advice)
    encoding = locale.getpreferredencoding(False)
    utf8 = encoding.lower().replace("-", "") == "utf8"
    yield Check("locale", utf8, encoding, "" if utf8 else "set LANG=C.UTF-8 (or another UTF-8 locale), else frames and marks are drawn wrong.")


def _runtime(where: Workspace | None) -> Check:
    folder = (where or Workspace(Path.cwd())).runtime.parent
    place = folder if folder.exists() else folder.parent
    try:
        found = place.lstat()
    except OSError as error:
        return Check("runtime folder", False, f"{place}: {error.strerror}", "set NEXOIDE_RUNTIME_DIR to a folder of yours.", required=True)
    mine = place != folder or (stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid())
    ok = mine and os.access(place, os.W_OK | os.X_OK)
    return Check("runtime folder", ok, str(folder), "" if ok else "it is not yours to write: set NEXOIDE_RUNTIME_DIR to a folder of yours.", required=True)


def _extras() -> Iterator[Check]:
    for module, use in _EXTRAS.items():
        there = find_spec(module) is not None
        yield Check(module, there, "installed" if there else "not installed", "" if there else f"optional; it {use}.")


def _workspace(where: Workspace | None, path: Path | None) -> Iterator[Check]:
    if where is None:
        yield Check("workspace", False, f"none at or above {(path or Path.cwd()).resolve()}", "'nexoide init' makes one here, 'nexoide demo' shows one.")
        return
    from nexoide.cli import launch
    from nexoide.config import load

    try:
        settings = load(launch.settings_of(where))
    except NexoideError as error:
        yield Check("workspace", False, str(where.root), error.sentence, required=True)
        return
    yield Check(
        "workspace", bool(settings.targets), f"{where.root}, {len(settings.targets)} targets", "" if settings.targets else "name a target in nexoide.toml."
    )
    yield _repository(where)
    pid = launch.running_pid(where)
    yield Check("supervisor", bool(pid), f"process {pid}" if pid else "not running", "" if pid else "'nexoide up' starts it.")
    for name, target in settings.targets.items():
        yield _program(name, where.root / target.cwd, target.command[0])


def _repository(where: Workspace) -> Check:
    from nexoide.vcs.repository import Repository
    from nexoide.vcs.state import refusal

    repository = Repository.open(where.root)
    if repository is None:
        return Check("repository", False, "not a git repository", "patches are written to the files; 'git init' would make them commits.")
    found = repository.state()
    why = refusal(found)
    return Check("repository", not why, f"branch {found.branch or 'none'}, commit {found.head[:10] or 'none'}", why)


def _program(name: str, folder: Path, program: str) -> Check:
    """Check a target's program; a Python is asked for its version, which is what the probe must be able to run on."""
    from nexoide.sandbox.interpreter import describe

    title = f"target {name}"
    path = shutil.which(str(folder / program) if "/" in program else program)
    if path is None:
        return Check(title, False, f"{program} is not found", "mend its command in nexoide.toml.", required=True)
    if not Path(path).name.startswith("python"):
        return Check(title, True, path)
    try:
        version = asyncio.run(describe(path)).version
    except NexoideError as error:
        return Check(title, False, path, error.sentence, required=True)
    ok = PROBE[0] <= version[:2] <= PROBE[1]
    shown = ".".join(str(part) for part in version)
    return Check(title, ok, f"Python {shown} at {path}", "" if ok else "the probe runs on CPython 3.9 to 3.14: this program is only started and restarted.")
