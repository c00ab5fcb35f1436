"""Where a project's tests are and how they are run, from its settings or, where there are none, from its files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from nexoide.repair.code.project import Project
from nexoide.repair.code.source import UnreadableError

Runner = Literal["pytest", "unittest", "command"]
_INTERPRETER = re.compile(r"python(?:\d(?:\.\d+)?)?$")
_HAS_TEST = re.compile(rb"(?m)^\s*(?:async\s+)?def test|^class Test|\bunittest\b")
_IS_PYTEST = re.compile(rb"(?m)^(?:import pytest|from pytest)|^(?:async\s+)?def test")
_MAX_READ = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class TestPlan:
    """How tests are run: `words` are the runner's arguments, `files` the project's test files, `from_root` puts the root on the path.

    `command` is what a runner of neither kind is started with. `found`: nobody named them, they were looked for.
    `plain`: pytest needs none of its plugins, of which some take longer to load than the tests to run.
    """

    __test__ = False

    runner: Runner
    words: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    from_root: bool = True
    found: bool = False
    plain: bool = False

    def on(self, files: Sequence[str]) -> tuple[str, ...]:
        """Return the arguments that run these files alone."""
        if self.runner == "unittest":
            return tuple(dict.fromkeys(path.removesuffix(".py").replace("/", ".") for path in files))
        own = {path.partition("::")[0].rstrip("/") for path in self.files} | {str(parent) for path in self.files for parent in PurePosixPath(path).parents}
        return (*(word for word in self.words if word.startswith("-") or word.partition("::")[0].rstrip("/") not in own), *files)


def plan_tests(root: Path, command: Sequence[str], *, has_pytest: bool) -> TestPlan | str:
    """Return how the project's tests are run, or why they are not: it has none, or they need what is not there."""
    files = test_files(root)
    if command:
        return _named(tuple(command), files)
    if not files:
        return "there are no tests to run"
    if has_pytest:
        return TestPlan(runner="pytest", words=("-q",), files=files, found=True)
    if any(_IS_PYTEST.search(_bytes(Project(root), path)) for path in files):
        return f"there are tests ({files[0]}), and they need pytest, which this interpreter does not have"
    return TestPlan(runner="unittest", words=_discover(files), files=files, found=True)


def test_files(root: Path) -> tuple[str, ...]:
    """Return the project's test files: named as such and with a test in them, relative, POSIX."""
    project = Project(root)
    found = []
    for path in project.files[:_MAX_READ]:
        name = PurePosixPath(path).name
        if (name.startswith("test") or name.endswith("_test.py")) and _HAS_TEST.search(_bytes(project, path)):
            found.append(path)
    return tuple(found)


def _named(command: tuple[str, ...], files: tuple[str, ...]) -> TestPlan:
    first, rest = PurePosixPath(command[0]).name, command[1:]
    if first in ("pytest", "py.test"):
        return TestPlan(runner="pytest", words=rest, command=command, files=files, from_root=False)
    if _INTERPRETER.match(first) and rest[:1] == ("-m",) and rest[1:2] in (("pytest",), ("unittest",)):
        return TestPlan(runner="pytest" if rest[1] == "pytest" else "unittest", words=rest[2:], command=command, files=files)
    return TestPlan(runner="command", command=command, files=files)


def _discover(files: tuple[str, ...]) -> tuple[str, ...]:
    """Return unittest's arguments: by discovery where all lie in one folder, else by module."""
    folders = {str(PurePosixPath(path).parent) for path in files}
    if len(folders) == 1:
        return ("discover", "-s", folders.pop(), "-p", "*test*.py")
    return tuple(path.removesuffix(".py").replace("/", ".") for path in files)


def _bytes(project: Project, path: str) -> bytes:
    try:
        return project.read(path)
    except UnreadableError:
        return b""
