"""Runs inside the sandbox, in a process of its own for each job: what a warm bench can be asked to do.

Each job says what it found as JSON lines; its exit code is the process's own. Standard library only, Python 3.9 and later.
"""

from __future__ import annotations

import builtins
import importlib
import json
import os
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Say = Callable[..., None]

_MAX_TEXT = 4000
_guard: Any = importlib.import_module("nexoide_guard")
_MAX_MODULES = 4000


def perform(job: dict[str, Any], said: int, own: str) -> None:
    """Do one job and end the process; returns where the interpreter is to end by itself, as after a script."""
    os.set_inheritable(said, False)

    def say(**row: Any) -> None:
        os.write(said, json.dumps(row, default=str).encode() + b"\n")

    os.environ.update(job.get("env", {}))
    os.chdir(job.get("cwd") or ".")
    sys.dont_write_bytecode = True
    sys.path[:0] = job.get("path", [])
    importlib.invalidate_caches()
    if job.get("watched"):
        _beside(own, "nexoide_reach").start({path: set(lines) for path, lines in job["watched"].items()}, say)
    code = 0
    try:
        code = _JOBS[job["kind"]](job, own, say)
    except SystemExit as end:
        code = exit_code(end)
    if job["kind"] == "run":
        raise SystemExit(code)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    os._exit(code & 0xFF)


def exit_code(end: SystemExit) -> int:
    """Return the exit code that Python would end with."""
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code
    sys.stderr.write(f"{end.code}\n")
    return 1


def as_main(code: types.CodeType, file: str) -> int:
    """Run compiled code as the program's main module; returns its exit code, a traceback printed as Python would."""
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=file, __builtins__=builtins)
    sys.modules["__main__"] = main
    _, error = _guard.attempt(exec, code, main.__dict__)  # the program itself, where it is confined
    if isinstance(error, SystemExit):
        return exit_code(error)
    if error is not None:
        beyond = error.__traceback__.tb_next if error.__traceback__ else None
        sys.excepthook(type(error), error.with_traceback(beyond), beyond)
    return 0 if error is None else 1


def _run(job: dict[str, Any], _own: str, _say: Say) -> int:
    """Run a script or, with `module`, a module as the program."""
    words: list[str] = job["words"]
    if job.get("module"):
        import runpy

        sys.argv[:] = words
        sys.path.insert(0, os.getcwd())  # noqa: PTH109
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
        return 0
    sys.argv[:] = words
    sys.path.insert(0, os.path.dirname(os.path.abspath(words[0])))  # noqa: PTH100, PTH120
    with open(words[0], "rb") as stream:  # noqa: PTH123
        source = stream.read()
    try:
        code = compile(source, os.path.abspath(words[0]), "exec", dont_inherit=True)  # noqa: PTH100
    except (SyntaxError, ValueError) as error:
        sys.excepthook(type(error), error, None)
        return 1
    return as_main(code, words[0])


def _exec(job: dict[str, Any], _own: str, _say: Say) -> int:
    """Become another command."""
    os.execvpe(job["words"][0], job["words"], dict(os.environ))  # noqa: S606


def _compile(job: dict[str, Any], _own: str, say: Say) -> int:
    """Compile files as this interpreter would."""
    for path in job["paths"]:
        problem = ""
        try:
            with open(path, "rb") as stream:  # noqa: PTH123
                compile(stream.read(), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            problem = f"line {line}: {error}" if line else f"{type(error).__name__}: {error}"
        say(path=path, problem=problem[:_MAX_TEXT])
    return 0


def _import(job: dict[str, Any], _own: str, say: Say) -> int:
    """Import modules, one after the other."""
    for name in job["modules"]:
        _, error = _guard.attempt(importlib.import_module, name)
        problem = _guard.attempt("{}: {}".format, type(error).__name__, error)[0] or type(error).__name__ if error is not None else ""
        say(module=name, problem=problem[:_MAX_TEXT])
    return 0


def _tests(job: dict[str, Any], own: str, say: Say) -> int:
    """Run a project's tests with pytest or unittest; each test's outcome goes into the report file."""
    sys.path.append(own)
    os.environ["NEXOIDE_OUTCOMES"] = job["report"]
    sys.argv[:] = [job["runner"], *job["words"]]
    before = set(sys.modules)
    if job["runner"] == "unittest":
        found: int = importlib.import_module("nexoide_unittest").run(job["words"])
        return found
    os.environ["NEXOIDE_OTHER_PLUGINS"] = os.environ.get("PYTEST_PLUGINS", "")
    os.environ["PYTEST_PLUGINS"] = ",".join(filter(None, ["nexoide_outcomes", os.environ.get("PYTEST_PLUGINS", "")]))
    words = ["-W", "ignore::pytest.PytestAssertRewriteWarning", *job["words"]] if job.get("warmed") else list(job["words"])
    code = int(importlib.import_module("pytest").main(words))
    if len(os.listdir("/proc/self/task")) == 1:  # noqa: PTH208  (what starts threads must not be imported before a fork)
        say(modules=[name for name, module in list(sys.modules.items()) if name not in before and _is_installed(module, job["cwd"])][:_MAX_MODULES])
    return code


def _is_installed(module: Any, project: str) -> bool:
    spec = getattr(module, "__spec__", None)
    origin = getattr(spec, "origin", None)
    return spec is not None and (origin in ("built-in", "frozen") or (isinstance(origin, str) and not origin.startswith(project + os.sep)))


def _call(job: dict[str, Any], own: str, say: Say) -> int:
    found: int = _beside(own, "nexoide_calls").run(job, say)
    return found


def _beside(own: str, name: str) -> Any:
    sys.path.insert(0, own)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(own)


_JOBS: dict[str, Callable[[dict[str, Any], str, Say], int]] = {
    "run": _run,
    "exec": _exec,
    "compile": _compile,
    "import": _import,
    "tests": _tests,
    "call": _call,
}
