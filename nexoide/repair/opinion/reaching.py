"""What an edit by a stranger reaches for that the program did not: modules, calls, values."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping

from nexoide.repair.code.project import Project
from nexoide.repair.surroundings import Surroundings

_POWERFUL = frozenset({
    "subprocess", "socket", "ctypes", "cffi", "pickle", "marshal", "shelve", "shutil", "urllib", "http", "ftplib", "smtplib", "telnetlib", "poplib",
    "imaplib", "xmlrpc", "socketserver", "webbrowser", "requests", "httpx", "aiohttp", "paramiko", "importlib", "runpy", "code", "codeop", "pty",
    "multiprocessing", "signal", "atexit", "site", "gc", "inspect", "builtins",
})  # fmt: skip
"""Modules with which an edit could do what no repair needs, unless the program uses them already."""
_CALLS = frozenset({
    "eval", "exec", "compile", "__import__", "breakpoint", "exit", "quit", "os.system", "os.popen", "os.execv", "os.execve", "os.execvp",
    "os.spawnv", "os.spawnl", "os.fork", "os.kill", "os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.putenv", "os.chmod", "os.chown",
    "os._exit", "sys.settrace", "sys.setprofile", "sys.exit",
})  # fmt: skip
Files = Mapping[str, tuple[bytes, bytes]]


def problem(project: Project, files: Files, surroundings: Surroundings) -> str:
    """Return why an edit reaches too far, "" where it does not."""
    for name in sorted(new_imports(files)):
        if name in _POWERFUL and not project.containing(name):
            return f"the edits import {name}, which the program does not use"
        known = name in sys.stdlib_module_names or name in surroundings.modules or _is_own(project, name)
        if not known and surroundings.modules:
            return "the edits import a package that the program does not have"
    for path, (base, new) in sorted(files.items()):
        called = sorted(set(_called(ast.parse(new))) & _CALLS - set(_called(ast.parse(base))))
        if called:
            return f"the edits of {path} call {called[0]}(), which the file does not"
    return ""


def new_imports(files: Files) -> frozenset[str]:
    """Return the top-level names of modules that files import after an edit and not before."""
    return frozenset(name for base, new in files.values() for name in set(_imported(ast.parse(new))) - set(_imported(ast.parse(base))))


def new_values(project: Project, files: Files) -> bool:
    """Say whether an edit puts in a number or a text that its file does not hold, nor (texts) any other of the program's."""
    for base, new in files.values():
        before = set(_constants(ast.parse(base)))
        for value in set(_constants(ast.parse(new))) - before:
            if not isinstance(value, str) or not value.strip() or not project.containing(value):
                return True
    return False


def _is_own(project: Project, name: str) -> bool:
    return any(path in (f"{name}.py", f"src/{name}.py") or f"/{name}/" in f"/{path}" or path.endswith(f"/{name}.py") for path in project.files)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name.split(".")[0] for item in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.split(".")[0]


def _called(tree: ast.Module) -> Iterator[str]:
    """Yield what a module may call, by its full name whatever it was imported as."""
    others: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            others.update({item.asname: item.name for item in node.names if item.asname})
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{item.name}" for item in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{others.get(node.value.id, node.value.id)}.{node.attr}"


def _constants(tree: ast.Module) -> Iterator[object]:
    """Yield the numbers and texts of a module with their types told apart, as 1, 1.0 and True are equal to Python."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes | int | float | complex) and not isinstance(node.value, bool):
            yield node.value if isinstance(node.value, str) else repr(node.value).encode()
