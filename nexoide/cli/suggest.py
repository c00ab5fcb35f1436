"""What nexoide.toml could say about a folder, from the files that lie there; looks at names alone and runs nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_SCRIPTS = ("app.py", "main.py", "server.py", "run.py", "service.py")
_TEST_MARKS = ("pytest.ini", "conftest.py", "tox.ini", "tests", "test")
_ENVIRONMENTS = (".venv", "venv", "env")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One target: its name, its command and the command that tests it (empty where none was found), and what both rest on."""

    name: str
    command: str
    tests: str
    because: str


def suggest(root: Path) -> Suggestion | None:
    """Return the target that this folder seems to hold, or None."""
    python = _python(root)
    tests = f"{python} -m pytest -q" if _has_tests(root) else ""
    if (root / "manage.py").is_file():
        return Suggestion("web", f"{python} manage.py runserver --noreload", tests, "manage.py is here")
    for script in _SCRIPTS:
        if (root / script).is_file():
            return Suggestion(target_name(script), f"{python} {script}", tests, f"{script} is here")
    for entry in sorted(root.glob("*/__main__.py")):
        package = entry.parent.name
        if package.isidentifier() and package not in {"tests", "test"}:
            return Suggestion(target_name(package), f"{python} -m {package}", tests, f"{package}/__main__.py is here")
    return None


def target_name(text: str) -> str:
    """Return a target's name made from a file, module or program name."""
    stem = Path(text).name.removesuffix(".py")
    return re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-") or "program"


def name_of_command(command: list[str]) -> str:
    """Return a target's name for a command line: the script or module that Python runs, else the program."""
    words = [word for word in command[1:] if not word.startswith("-")]
    if Path(command[0]).name.startswith("python") and words:
        return target_name(words[0].partition(".")[0] if "-m" in command[1:] else words[0])
    return target_name(command[0])


def _python(root: Path) -> str:
    for folder in _ENVIRONMENTS:
        if (root / folder / "bin" / "python").exists():
            return f"{folder}/bin/python"
    return "python3"


def _has_tests(root: Path) -> bool:
    if any((root / mark).exists() for mark in _TEST_MARKS) or any(root.glob("test_*.py")):
        return True
    try:
        return "[tool.pytest" in (root / "pyproject.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
