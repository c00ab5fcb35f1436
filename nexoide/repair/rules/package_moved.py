"""Errors of programs written for another version of a major package: numpy, pandas, pydantic, SQLAlchemy, httpx and others."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from weakref import WeakKeyDictionary

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import Module, UnreadableError
from nexoide.repair.context import Context
from nexoide.repair.moved import httpx, pandas, pydantic, sqlalchemy, validators
from nexoide.repair.moved.matching import plan
from nexoide.repair.moved.repair import Repair
from nexoide.repair.moved.table import Move, Table, packages
from nexoide.repair.naming.imports import joined
from nexoide.repair.naming.packages import Layout, layout_of
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example

_CASES: dict[str, tuple[Callable[[Context, Layout], Repair | None], ...]] = {
    "httpx": (httpx.proxies,),
    "pandas": (pandas.append, pandas.frequency, pandas.filling),
    "pydantic": (
        pydantic.config,
        pydantic.optional,
        pydantic.root_validator,
        pydantic.root,
        pydantic.constant,
        pydantic.annotation,
        pydantic.dumped,
        pydantic.arbitrary,
        validators.validators,
    ),
    "sqlalchemy": (sqlalchemy.listed, sqlalchemy.engine, sqlalchemy.row, sqlalchemy.parameters, sqlalchemy.creation),
}


class PackageMoved:
    """Writes what took the place of an API that the installed version of a package does not have."""

    name = "package-moved"
    summary = "Writes today's form of what a newer version of a major package removed, renamed or moved, from a table for each package."
    errors = (
        "AttributeError",
        "ImportError",
        "ModuleNotFoundError",
        "TypeError",
        "ValueError",
        "FileNotFoundError",
        "NameError",
        "PydanticUserError",
        "PydanticImportError",
        "PydanticSchemaGenerationError",
        "PydanticDeprecatedSince20",
        "ValidationError",
        "ArgumentError",
        "ObjectNotExecutableError",
        "InvalidRequestError",
        "CompileError",
        "DeprecationWarning",
        "FutureWarning",
        "UserWarning",
    )
    examples: tuple[Example, ...] = (
        Example(
            name="optional-field-of-a-model",
            files={
                "main.py": "from typing import Optional\n\nfrom pydantic import BaseModel\n\n\nclass User(BaseModel):\n    name: str\n"
                "    nick: Optional[str]\n\n\nprint(User(name='ann').nick)\n"
            },
            prints="None\n",
        ),
        Example(
            name="another-error-of-a-program",
            files={"main.py": "import json\n\nprint(json.dumps(len(3)))\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is an error that a changed package gives."""
        return raised.type in self.errors

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield what the tables of the packages that the program uses know of the error."""
        layout = layout_of(context)
        for table in packages():
            if not _is_used(context, table):
                continue
            for case in _CASES.get(table.package, ()):
                repair = case(context, layout)
                if repair is not None and repair.edits:
                    yield from self._special(context, repair)
                    return
            found = plan(context, layout, table)
            if found is None:
                continue
            made = list(self._told(context, table, found.rows, found.edits, found.places))
            if made:
                yield from made
                return
            if found.lost and not (found.lost[0].new or found.lost[0].call or found.lost[0].keywords):
                context.refuse(f"{found.lost[0].old} is not part of {table.package} {found.lost[0].gone} and later, and nothing there does the same.")

    def _special(self, context: Context, repair: Repair) -> Iterator[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=repair.title,
            rationale=repair.rationale,
            edits=joined(repair.edits),
            prior=repair.prior,
            cautions=repair.cautions,
            guesses=repair.guesses,
        )
        if proposal is not None:
            yield proposal

    def _told(self, context: Context, table: Table, rows: list[Move], edits: list[tuple[Module, Edit]], places: int) -> Iterator[Proposal | Advice]:
        row = rows[0]
        target = row.new.removeprefix("@").replace(":", ".")
        needed = target.split(".")[0] if "." in target else ""
        if not edits:
            return
        if needed not in ("", table.package) and context.surroundings.modules and not _is_there(context, needed):
            yield context.advise(
                rule=self.name,
                title=f"{target} is needed and {needed} is not installed",
                text=f"{row.old} moved to {target}. Install `{needed.replace('_', '-')}` where the program runs, then import it from there.",
                looked=[f"None of the installed packages brings {needed}."],
            )
            return
        shown = target or "today's form"
        version = f" since {table.package} {row.gone}" if row.gone not in ("", "0") else ""
        changed = [new or "nothing" for new in row.keywords.values()]
        what = f"uses {target}" if target else f"gives {', '.join(changed)} in its place" if row.keywords else "writes the call as it is written now"
        context.thoughts.add("think", f"{row.old} is not there any more{version}")
        proposal = context.propose(
            rule=self.name,
            title=_title(row, shown, places),
            rationale=f"{row.old}{_keyword(row)} is not there any more{version}. {row.note} The edit {what}.".replace("  ", " "),
            edits=edits,
            prior=row.prior,
            cautions=[row.caution] if row.caution else [],
            guesses=row.guesses,
            unchecked=[f"Other differences between the versions of {table.package}."],
        )
        if proposal is not None:
            yield proposal


def _title(row: Move, shown: str, places: int) -> str:
    where = f" ({places} places)" if places > 2 else ""
    if row.keywords and not row.new:
        old = next(iter(row.keywords))
        new = row.keywords[old]
        return f"call {old} {new} in {row.old}{where}" if new else f"leave {old} out of {row.old}{where}"
    return f"use {shown} where {row.old} was{where}" if row.new else f"write {row.old.lstrip('.')} as it is written now{where}"


def _keyword(row: Move) -> str:
    return f" with {', '.join(row.keywords)}" if row.keywords and not row.new else ""


def _is_there(context: Context, module: str) -> bool:
    return module in context.surroundings.modules or module in sys.stdlib_module_names


_TOP = re.compile(rb"^[ \t]*(?:from[ \t]+(\w+)|import[ \t]+([^\n#;]+))", re.MULTILINE)
_tops: WeakKeyDictionary[Project, frozenset[str]] = WeakKeyDictionary()


def _imported(project: Project) -> frozenset[str]:
    """Return the top-level names of what a project's files import, read from their text once."""
    found = _tops.get(project)
    if found is None:
        names: set[str] = set()
        for rel in project.files:
            try:
                for source, listed in _TOP.findall(project.read(rel)):
                    names.update(part.strip().split(b".")[0].split(b" ")[0].decode(errors="replace") for part in (source or listed).split(b","))
            except UnreadableError:
                continue
        found = _tops[project] = frozenset(names)
    return found


def _is_used(context: Context, table: Table) -> bool:
    """Say whether the failing program has to do with a package: it imports it, or its frames are in it."""
    if any(f"/{table.package}/" in frame.file for frame in context.raised.frames):
        return True
    names = {table.package} | {row.old.split(".")[0] for row in table.of_kind("name", "module")}
    return not names.isdisjoint(_imported(context.project))
