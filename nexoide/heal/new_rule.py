"""The beginnings of a rule: one file with one class that works, its example, and its test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import RefusedError, UsageError
from nexoide.repair.rules import GROUP, rules

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_MAX_NAME = 60

_RULE = '''"""One sentence: which failure this is about, and what is done about it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.code.edits import Edit
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_MESSAGE = re.compile(r"(?P<given>\\d+) is over the limit of (?P<limit>\\d+)\\Z")


class @CLASS@:
    """Says in one sentence what it does; the paragraphs that follow may say how, and what it leaves alone."""

    name = "@NAME@"
    summary = "Writes the limit that the message names where a larger number stands on the line."
    errors = ("QuotaError",)
    never = ("changes the limit itself",)
    examples = (
        Example(
            name="one-number-too-large",
            files={
                "main.py": "class QuotaError(Exception):\\n    pass\\n\\n\\ndef fetch(count):\\n    if count > 10:\\n"
                '        raise QuotaError(f"{count} is over the limit of 10")\\n    return list(range(count))\\n\\n\\nprint(len(fetch(50)))\\n'
            },
            prints="10\\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say, from type and message alone, whether this rule knows the error."""
        return raised.type == "QuotaError" and _MESSAGE.search(raised.message) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield repairs, the best first, or note in the context why there is none."""
        said = _MESSAGE.search(context.raised.message)
        caller = context.outer()
        if said is None or caller is None:
            context.refuse("Nothing says who asked for too much.")
            return
        given, limit = int(said["given"]), said["limit"]
        numbers = caller.nodes(lambda node: isinstance(node, ast.Constant) and node.value == given)
        if len(numbers) != 1:
            context.refuse(f"{caller.place} does not write {given} exactly once.")
            return
        start, end = caller.module.span(numbers[0])
        made = caller.propose(
            rule=self.name,
            title=f"ask for {limit} and not for {given}",
            rationale=f"{caller.place} asks for {given}, and the message says that {limit} is the most.",
            edits=[(caller.module, Edit(start, end, limit))],
            prior=0.5,
            cautions=[f"only the first {limit} are dealt with from now on"],
            nature="call",
            guesses=True,
            alternatives=["To ask several times was not considered."],
            unchecked=["whether the rest is needed"],
        )
        if made is not None:
            yield made
'''

_TEST = '''"""The rule's examples, for real: each fails, is repaired, and prints what it should."""

from __future__ import annotations

import asyncio

from nexoide.heal.examples import Tried, examples
from @MODULE@ import @CLASS@


async def _tried() -> list[Tried]:
    async with examples() as place:
        return await place.every([@CLASS@()])


def test_every_example_is_repaired() -> None:
    found = asyncio.run(_tried())
    assert len(found) == len(@CLASS@.examples)
    assert [item.said for item in found if not item.ok] == []
'''

_PROJECT = """[build-system]
requires = ["hatchling>=1.25"]
build-backend = "hatchling.build"

[project]
name = "nexoide-rule-@NAME@"
version = "0.1.0"
description = "A repair rule for nexoide."
requires-python = ">=3.11"
dependencies = ["nexoide"]

[project.entry-points."@GROUP@"]
"@NAME@" = "@MODULE@:@CLASS@"

[tool.hatch.build.targets.wheel]
packages = ["src/@MODULE@"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """What was written: `package` is empty inside a checkout; `next_steps` are lines for people."""

    package: str
    files: tuple[str, ...]
    next_steps: tuple[str, ...]


def write_rule(name: str, folder: Path) -> NewRule:
    """Write a rule's files below `folder`: beside the others in a checkout of nexoide, else as a package that can be installed.

    Raises UsageError for a name that is none, RefusedError where a file or a rule of that name is there.
    """
    if not _NAME.match(name) or len(name) > _MAX_NAME:
        raise UsageError(f"{name[:40]!r} is no name for a rule: use small letters, digits and single hyphens, as quota-exceeded.")
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder: --path names where the rule is to be written.")
    if any(rule.name == name for rule in rules()):
        raise RefusedError(f"There is a rule {name} already: 'nexoide rules explain {name}' tells of it; choose another name.")
    module = name.replace("-", "_")
    if (folder / "nexoide" / "repair" / "rules" / "base.py").is_file():
        return _in_checkout(name, module, folder)
    return _as_package(name, f"nexoide_rule_{module}", folder)


def _in_checkout(name: str, module: str, folder: Path) -> NewRule:
    rule, test = folder / "nexoide" / "repair" / "rules" / f"{module}.py", folder / "tests" / "unit" / "repair" / f"test_{module}.py"
    words = {"NAME": name, "CLASS": _class(name), "MODULE": f"nexoide.repair.rules.{module}"}
    _write({rule: _filled(_RULE, words), test: _filled(_TEST, words)})
    steps = (f"Write the rule, then try it: 'nexoide rules test {name}' and 'pytest {test.relative_to(folder)}'.",)
    return NewRule(package="", files=(str(rule), str(test)), next_steps=steps)


def _as_package(name: str, module: str, folder: Path) -> NewRule:
    package = folder / f"nexoide-rule-{name}"
    words = {"NAME": name, "CLASS": _class(name), "MODULE": module, "GROUP": GROUP}
    files = {
        package / "pyproject.toml": _filled(_PROJECT, words),
        package / "src" / module / "__init__.py": _filled(_RULE, words),
        package / "tests" / f"test_{module}.py": _filled(_TEST, words),
    }
    _write(files)
    steps = (f"Install it beside nexoide ('pip install -e {package}'), write the rule, then try it: 'nexoide rules test {name}'.",)
    return NewRule(package=f"nexoide-rule-{name}", files=tuple(str(path) for path in files), next_steps=steps)


def _write(files: dict[Path, str]) -> None:
    there = next((path for path in files if path.exists() or path.is_symlink()), None)
    if there is not None:
        raise RefusedError(f"{there} is there already: nothing was written; choose another name.")
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
    except OSError as error:
        raise RefusedError(f"{error.filename} cannot be written ({error.strerror}).") from error


def _filled(text: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    return text


def _class(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
