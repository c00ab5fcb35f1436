"""From a command as it is typed to what is run: which words, on which interpreter, in which environment, reading what."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import site
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nexoide.errors import NexoideError, UnavailableError, UsageError
from nexoide.sandbox import interpreter
from nexoide.sandbox.interpreter import Interpreter
from nexoide.sandbox.launch import plain
from nexoide.sandbox.process import execute

INSIDE = Path(interpreter.__file__).resolve().parent / "inside"
_PYTHON = re.compile(r"python(?:\d(?:\.\d{1,2})?)?\Z")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_OPERATORS = re.compile(r"[&|;<>()`\n]")
_PYTESTS = frozenset({"pytest", "py.test"})
_ASK_SECONDS = 20.0
_WITHHELD = re.compile(
    r"(?:NEXOIDE|LD|DYLD|DBUS|SSH|GPG|XDG|PYENV|BASH_FUNC|PYTEST_CURRENT)_.*|_|HOME|PATH|PWD|OLDPWD|SHLVL|SHELL|TMPDIR|TEMP|TMP|DISPLAY|WAYLAND_DISPLAY"
    r"|PYTHON(?:HOME|STARTUP|INSPECT|EXECUTABLE|PYCACHEPREFIX|USERBASE|BREAKPOINT)"
)
"""Variables that mean nothing inside the sandbox, or lead out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A command ready for the sandbox: `typed` as people wrote it, `words` as they are run there, with `env` and on `python`.

    `readable` are the folders and files that it needs besides the copy; `folders` hold packages that the interpreter does not list itself.
    """

    typed: str
    words: tuple[str, ...]
    python: Interpreter
    env: dict[str, str] = field(default_factory=dict)
    readable: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()

    @property
    def is_tests(self) -> bool:
        """Whether the command runs tests."""
        names = {Path(word).name for word in self.words[:4]}
        return bool(names & {"pytest", "py.test", "nexoide_pytest.py", "unittest"})


async def invocation(typed: str, root: Path, extra: Mapping[str, str]) -> Invocation:
    """Return how a command is run; raises UsageError where it cannot be read, UnavailableError where no interpreter can be had."""
    words, own = split(typed)
    shell = bool(_OPERATORS.search(_unquoted(typed)))
    python = await interpreter.describe(await _interpreter_of(words, root))
    env, readable, folders = _environment(python, root, {**own, **extra})
    if shell:
        return Invocation(typed=typed, words=("/bin/sh", "-c", typed), python=python, env=env, readable=readable, folders=folders)
    resolved, more = await _resolved(words, python, root, env)
    return Invocation(typed=typed, words=resolved, python=python, env=env, readable=(*readable, *more), folders=folders)


def split(typed: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return a command's words and the variables assigned in front of them; raises UsageError where there is no command."""
    try:
        words = shlex.split(typed)
    except ValueError as error:
        raise UsageError(f"The command {typed!r} cannot be read ({error}): quote it as for a shell, as in --command 'python app.py'.") from None
    if "\0" in typed:
        raise UsageError("The command contains a NUL character: give it without.")
    env: dict[str, str] = {}
    while words and _ASSIGNMENT.match(words[0]):
        name, _, value = words.pop(0).partition("=")
        env[name] = value
    if not words:
        raise UsageError("There is no command to run: give --command 'python app.py', or whatever fails.")
    return tuple(words), env


def _unquoted(typed: str) -> str:
    return re.sub(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.", "", typed)


async def _interpreter_of(words: tuple[str, ...], root: Path) -> str:
    """Return the interpreter that a command means: the one it names, else that of the folder's environment, else the operator's."""
    first = next((word for word in words if _PYTHON.match(Path(word).name)), "")
    if "/" in first:
        return await _real(str(root / first), root)
    for name in (".venv", "venv"):
        own = root / name / "bin" / "python"
        if _is_environment(root / name) and first in ("", "python", "python3"):
            return str(own)
    if first not in ("", "python", "python3") and shutil.which(first) is None:
        raise UnavailableError(f"The interpreter {first} was not found: install it, or name another one in the command.")
    named = next((found for name in (first, "python", "python3") if name and (found := shutil.which(name))), "")
    return await _real(named or sys.executable, root)


def _is_environment(folder: Path) -> bool:
    """Say whether a folder is a virtual environment whose interpreter is one of this machine, and not a file of the folder itself."""
    python = folder / "bin" / "python"
    if not (folder / "pyvenv.cfg").is_file() or not python.exists():
        return False
    return not python.resolve().is_relative_to(folder.parent.resolve())


async def _real(path: str, root: Path) -> str:
    """Return the interpreter behind a path that may be a script which chooses one, as version managers have it."""
    try:
        if not await asyncio.to_thread(_is_script, path):
            return path
    except OSError as error:
        raise UnavailableError(f"The interpreter {path} cannot be read ({error.strerror}): name another one in the command.") from None
    prepared = plain([path, "-I", "-c", "import sys; print(sys.executable)"], {**os.environ, "PYENV_DIR": str(root), "PWD": str(root)})
    try:
        ended = await execute(prepared, timeout=_ASK_SECONDS)
    finally:
        prepared.close()
    found = ended.output.strip().rsplit("\n", 1)[-1]
    return found if found.startswith("/") and Path(found).exists() else sys.executable


def _is_script(path: str) -> bool:
    with Path(path).open("rb") as stream:
        return stream.read(2) == b"#!"


def _environment(python: Interpreter, root: Path, extra: Mapping[str, str]) -> tuple[dict[str, str], tuple[Path, ...], tuple[Path, ...]]:
    """Return the operator's environment as far as it makes sense inside, what of it must be readable, and further folders of packages."""
    env = {name: value for name, value in os.environ.items() if not _WITHHELD.fullmatch(name)}
    env.setdefault("PYTHONHASHSEED", "0")  # two runs of one program should do the same
    env.setdefault("LANG", "C.UTF-8")
    env.update({"PATH": f"{python.executable.parent}:/usr/local/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"})
    env.update(extra)
    wanted = [root / entry for entry in env.get("PYTHONPATH", "").split(os.pathsep) if entry]
    readable = [path for path in wanted if not path.resolve().is_relative_to(root)]
    folders: tuple[Path, ...] = ()
    base = Path(site.getuserbase())
    user = base / "lib" / f"python{python.version[0]}.{python.version[1]}" / "site-packages"
    if python.prefix == python.base_prefix and user.is_dir() and "PYTHONNOUSERSITE" not in env:
        env["PYTHONUSERBASE"] = str(base)
        readable.append(user)
        folders = (user,)
    return env, tuple(readable), folders


async def _resolved(words: tuple[str, ...], python: Interpreter, root: Path, env: dict[str, str]) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """Return the words as they are run, and what they need to be readable."""
    first, rest = words[0], words[1:]
    executable = str(python.executable)
    if _PYTHON.match(Path(first).name):
        if rest[:2] == ("-m", "pytest") and not python.has_pytest:
            return await _borrowed(python, rest[2:], env)
        return (executable, *rest), ()
    if first in _PYTESTS:
        if not python.has_pytest:
            return await _borrowed(python, rest, env)
        return (executable, str(INSIDE / "nexoide_pytest.py"), *rest), (INSIDE,)
    if "/" in first:
        if not (root / first).exists():
            raise UsageError(f"{first} is not there: the command is run in {root}.")
        return words, ()
    beside = python.executable.parent / first
    found = str(beside) if beside.exists() else shutil.which(first)
    if found is None:
        raise UsageError(f"The command {first} was not found: write it as you would type it in {root}.")
    return (found, *rest), (*interpreter.link_chain(Path(found)), *await _interpreter_roots(Path(found)))


async def _borrowed(python: Interpreter, rest: tuple[str, ...], env: dict[str, str]) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """Return a run of the tests on our own pytest, for an environment of the same Python that has none."""
    ours = await interpreter.describe(sys.executable)
    if not (ours.has_pytest and ours.cache_tag == python.cache_tag and ours.base_prefix == python.base_prefix):
        version = ".".join(str(part) for part in python.version)
        raise UnavailableError(f"{python.executable} (Python {version}) has no pytest: install it there, or name another command.")
    borrowed = [str(folder) for folder in python.packages]
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [*borrowed, env.get("PYTHONPATH", "")]))
    return (str(ours.executable), str(INSIDE / "nexoide_pytest.py"), *rest), (INSIDE, *ours.roots)


async def _interpreter_roots(script: Path) -> tuple[Path, ...]:
    """Return what the interpreter of a script needs to be readable; nothing where it is no script of Python."""
    try:
        with script.open("rb") as stream:
            line = stream.read(256).partition(b"\n")[0]
    except OSError:
        return ()
    named = line[2:].strip().decode("utf-8", "replace").split(" ")[0] if line.startswith(b"#!") else ""
    if not _PYTHON.match(Path(named).name) or not stat.S_ISREG(Path(named).resolve().stat().st_mode):
        return ()
    try:
        return (await interpreter.describe(named)).roots
    except NexoideError:
        return ()
