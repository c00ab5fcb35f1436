"""Reads the reload scenarios of `tests/corpus/reload/`: what a program is, what is saved, and what must then be true.

    === name
    What an operator sees, in a sentence.
    key: value                  python, needs, only, main, how, limit, attach, revert, expect, expect 2 …
    --- file orders.py          a file of the program before
    --- before                  code that starts the program and checks it
    --- edit orders.py          a save as "- old" and "+ new" lines; "--- edit 2 orders.py" in the second step
    --- save orders.py          a save of a whole file
    --- delete orders.py
    --- do                      code that saves in some other way
    --- after                   code that checks the program after that step, its state included
    --- kept                    the same where the change is expected to be refused
    --- report                  code that checks our own report of it
    --- reverted                code that checks the program after all steps were taken back

Standard library only, CPython 3.9 and later: it runs inside the programs.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "reload"
_SECTION = re.compile(r"^--- (?P<kind>file|edit|save|delete|before|do|after|kept|report|reverted)(?: (?P<step>\d+))?(?: (?P<path>\S+))?$")
_KEY = re.compile(r"^(?P<key>python|needs|only|main|how|limit|attach|revert|expect(?: \d+)?): (?P<value>.+)$")
LIMIT_S = 30.0


class Step:
    """One save, or one burst of them: `files` maps paths to whole texts, None for a deleted file."""

    def __init__(self) -> None:
        self.files: dict[str, str | None] = {}
        self.do = self.after = self.kept = self.report = ""
        self.expect, self.word = "pass", ""  # pass, refused (word is in the reason) or said (live, and word is in the report)


class Scenario:
    """One program, its saves and its checks."""

    def __init__(self, name: str, group: str) -> None:
        self.name, self.group, self.title = name, group, ""
        self.keys: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.before = self.reverted = ""
        self.steps: list[Step] = []

    @property
    def limit_s(self) -> float:
        """The time that it may take, in seconds."""
        return float(self.keys.get("limit", LIMIT_S))

    def missing(self) -> str:
        """Return why it cannot run on this interpreter, "" where it can."""
        wanted = self.keys.get("python", "3.9")
        if sys.version_info < tuple(int(part) for part in wanted.split(".")):
            return f"needs Python {wanted}"
        for name in self.keys.get("needs", "").split():
            try:
                __import__(name)
            except ImportError:
                return f"needs {name}"
        return ""

    def step(self, number: int) -> Step:
        """Return a step by its number, from 1; the next one is made."""
        if number == len(self.steps) + 1:
            self.steps.append(Step())
        return self.steps[number - 1]


def scenarios(folder: Path = CORPUS) -> list[Scenario]:
    """Return all scenarios of a folder, in the order of its files."""
    found = [scenario for path in sorted(folder.glob("*.txt")) for scenario in parse(path.read_text(encoding="utf-8"), path.stem)]
    names = [scenario.name for scenario in found]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise ValueError(f"scenarios of the same name: {sorted(doubled)}")
    return found


def parse(text: str, group: str) -> list[Scenario]:
    """Return the scenarios of one file."""
    return [_scenario(block, group) for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]]


def _scenario(block: str, group: str) -> Scenario:
    head, *sections = re.split(r"^(?=--- )", block, flags=re.MULTILINE)
    name, *lines = head.strip().splitlines()
    made = Scenario(name.strip(), group)
    for line in lines:
        key = _KEY.match(line)
        if key:
            made.keys[key["key"]] = key["value"]
        else:
            made.title = f"{made.title} {line}".strip()
    for section in sections:
        first, _, body = section.partition("\n")
        match = _SECTION.match(first)
        if match is None:
            raise ValueError(f"{name}: {first!r} is no section")
        _take(made, match, body.rstrip("\n") + "\n" if body.strip() else "")
    for key, value in made.keys.items():
        if key.startswith("expect"):
            step = made.step(int(key[6:] or 1))
            step.expect, _, step.word = value.partition(" ")
    return made


def _take(made: Scenario, match: re.Match[str], body: str) -> None:
    kind, path = match["kind"], match["path"]
    if kind == "file":
        made.files[path] = body
        return
    if kind in ("before", "reverted"):
        setattr(made, kind, body)
        return
    step = made.step(int(match["step"] or 1))
    if kind == "edit":
        step.files[path] = edited(_current(made, path), body, f"{made.name}: {path}")
    elif kind == "save":
        step.files[path] = body
    elif kind == "delete":
        step.files[path] = None
    else:
        setattr(step, kind, body)


def _current(made: Scenario, path: str) -> str:
    for step in reversed(made.steps):
        found = step.files.get(path)
        if found is not None:
            return found
    return made.files[path]


def edited(text: str, changes: str, where: str) -> str:
    """Return a text with each "- old" and the "+ new" lines after it carried out; new lines after an empty line go to the end."""
    for old, new in _hunks(changes):
        if not old:
            text += new
        elif text.count(old) == 1:
            text = text.replace(old, new)
        else:
            raise ValueError(f"{where}: {old!r} stands {text.count(old)} times in it")
    return text


def _hunks(changes: str) -> list[tuple[str, str]]:
    found: list[list[str]] = [["", ""]]
    for line in changes.splitlines():
        if not line or (line[0] == "-" and found[-1][1]):
            found.append(["", ""])
        if line:
            found[-1]["-+".index(line[0])] += line[2:] + "\n"
    return [(old, new) for old, new in found if old or new]
