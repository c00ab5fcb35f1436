"""Where a project keeps its tests, how they look, and under which name a further one may be laid beside them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from nexoide.repair.code.project import Project
from nexoide.repair.code.source import UnreadableError

Style = Literal["pytest", "unittest"]
_CASES = re.compile(rb"(?m)^class \w+\((?:unittest\.)?\w*TestCase\)")
_FUNCTIONS = re.compile(rb"(?m)^(?:async )?def test|^import pytest|^from pytest")
_PATH_CHANGED = re.compile(rb"sys\.path\.(?:insert|append)|site\.addsitedir")
_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Habit:
    """How a project's tests are written: the folder (relative, '' is the root), the style, and whether they find the code by themselves."""

    folder: str
    style: Style
    finds_code: bool


def habit(root: Path, tests: tuple[str, ...], changed: str, *, has_pytest: bool) -> Habit:
    """Return how a test for the file `changed` should be laid and written; `tests` are the project's own test files."""
    if not tests:
        return Habit("tests", "pytest" if has_pytest else "unittest", finds_code=False)
    project = Project(root)
    texts = {path: _bytes(project, path) for path in tests}
    cases = sum(1 for text in texts.values() if _CASES.search(text))
    plain = sum(1 for text in texts.values() if _FUNCTIONS.search(text) and not _CASES.search(text))
    style: Style = "unittest" if cases > plain else "pytest"
    folders = Counter(str(PurePosixPath(path).parent) for path in tests)
    beside = str(PurePosixPath(changed).parent)
    named = [folder for folder in folders if PurePosixPath(folder).parts[:1] in (("tests",), ("test",))]
    folder = beside if beside in folders and not named else max(named or folders, key=lambda name: (folders[name], -len(name)))
    return Habit("" if folder == "." else folder, style, finds_code=not any(_PATH_CHANGED.search(text) for text in texts.values()))


def free_name(root: Path, folder: str, slug: str) -> str:
    """Return a path for a new test file that is not there yet: `test_regression_<slug>.py`, numbered where that is taken."""
    clean = re.sub(r"[^a-z0-9]+", "_", slug.lower()).strip("_")[:_MAX_NAME].strip("_") or "failure"
    place = PurePosixPath(folder) if folder else PurePosixPath()
    for number in range(1, 1000):
        name = (place / f"test_regression_{clean}{f'_{number}' if number > 1 else ''}.py").as_posix()
        if not (root / name).exists() and not (root / name).is_symlink():
            return name
    raise FileExistsError(slug)


def _bytes(project: Project, path: str) -> bytes:
    try:
        return project.read(path)
    except UnreadableError:
        return b""
