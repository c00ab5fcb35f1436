"""The text of a regression test: a file that a person would keep, with what failed in its docstring."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import PurePosixPath

from nexoide.model.failure import Failure
from nexoide.repair.validation.calling import Outcome
from nexoide.repair.validation.placing import Habit
from nexoide.repair.validation.rebuilding import Call

_WIDTH = 88
_MAX_VALUE = 300
_MAX_SAID = 120


def of_call(failure: Failure, call: Call, result: Outcome, *, settled: bool, habit: Habit, path: str) -> bytes:
    """Return a test that makes the failing call with the captured values; it asserts the result where that is plain and settled."""
    expects = settled and is_telling(result)
    made = f"asyncio.run({call.expression})" if call.is_async else call.expression
    imports = {"import asyncio"} if call.is_async else set()
    imports |= {f"from {module} import {name}" if name else f"import {module}" for module, name in call.imports}
    body = _checked(made, result.value, habit) if expects else [f"{made}  # must not raise"]
    said = f"{call.function} must not fail with the values that it failed with: {_what(failure)}."
    folder = None if habit.finds_code else call.folder
    return _file(said, imports, _name(call.function), body, habit, _Layout(path, folder))


def is_telling(result: Outcome) -> bool:
    """Say whether a result is worth asserting: a plain value that fits on a page, and not the None of a function without one."""
    return result.literal and len(result.value) <= _MAX_VALUE and result.value != "None"


def of_script(failure: Failure, words: tuple[str, ...], *, habit: Habit, path: str, seconds: int) -> bytes:
    """Return a test that runs the program as it was run and asserts that it ends well; `words` follow the interpreter."""
    shown = ", ".join(["sys.executable", *(repr(word) for word in words)])
    body = [
        f"command = [{shown}]",
        "nothing = subprocess.DEVNULL",  # what it prints is left alone: it may be endless, or no text
        f'done = subprocess.run(command, cwd=ROOT, stdin=nothing, stdout=nothing, stderr=subprocess.PIPE, errors="replace", timeout={seconds})',
        "self.assertEqual(done.returncode, 0, done.stderr)" if habit.style == "unittest" else "assert done.returncode == 0, done.stderr",
    ]
    said = f"{' '.join(words)} must run to its end: it failed with {_what(failure)}."
    name = _name(words[1].replace(".", "_") if words[0] == "-m" else PurePosixPath(words[0]).stem)
    return _file(said, {"import subprocess", "import sys", "from pathlib import Path"}, name, body, habit, _Layout(path, None, names_root=True))


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the test lies, and the folder of the code that it must put on the path by itself (None: it need not)."""

    path: str
    folder: str | None
    names_root: bool = False

    @property
    def root(self) -> str:
        return f"Path(__file__).resolve().parents[{len(PurePosixPath(self.path).parts) - 1}]"

    def lines(self) -> list[str]:
        if self.names_root:
            return ["", f"ROOT = {self.root}"]
        if self.folder is None:
            return []
        return ["", f"sys.path.insert(0, str({self.root}{f' / {self.folder!r}' if self.folder else ''}))", ""]


def _checked(made: str, value: str, habit: Habit) -> list[str]:
    if habit.style == "unittest":
        return [f"self.assertEqual({made}, {value})"]
    line = f"assert {made} is {value}" if value in ("True", "False") else f"assert {made} == {value}"
    return [line] if len(line) <= _WIDTH else [f"result = {made}", f"assert result == {value}"]


def _file(said: str, imports: set[str], name: str, body: list[str], habit: Habit, layout: _Layout) -> bytes:
    if layout.folder is not None:
        imports = imports | {"import sys", "from pathlib import Path"}
    if habit.style == "unittest":
        imports = imports | {"import unittest"}
        test = [f"class {name.title().replace('_', '')}(unittest.TestCase):", f"    def test_{name}(self):", *(f"        {line}" for line in body)]
        test += ["", "", 'if __name__ == "__main__":', "    unittest.main()"]
    else:
        test = [f"def test_{name}():", *(f"    {line}" for line in body)]
    library = sorted((line for line in imports if line.split()[1].partition(".")[0] in sys.stdlib_module_names), key=_order)
    own = sorted(imports - set(library), key=_order)
    between = layout.lines()
    if library and own and not between:
        between = [""]
    lines = [f'"""{_docstring(said)}"""', "", *library, *between, *own, "", "", *test, ""]
    return "\n".join(lines).encode()


def _order(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line


def _name(function: str) -> str:
    return f"{function.strip('_') or 'it'}_regression".lower()


def _what(failure: Failure) -> str:
    raised = failure.exceptions[0]
    text = f"{raised.type}: {raised.message}" if raised.message else raised.type
    first = text.splitlines()[0] if text.splitlines() else raised.type
    return first if len(first) <= _MAX_SAID else first[: _MAX_SAID - 1] + "…"


def _docstring(text: str) -> str:
    """Return text that can stand in a docstring: what a program printed into its message cannot end it or hide in it."""
    safe = text.replace("\\", "\\\\").replace('"', "'")
    return "".join(character if character.isprintable() else "?" for character in safe)
