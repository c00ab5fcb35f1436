"""The tables of `data/stdlib.toml` and `data/packages/*.toml`: one row an API that is not where it was."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from typing import Any, Literal

from nexoide.repair.naming.stdlib import DATA

Kind = Literal["name", "method", "keyword", "call", "module", "builtin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What became of one API.

    `old` is a dotted name (`collections.Mapping`), a method's name, a module or a builtin. `new` is the dotted name (or method)
    that took its place, `call` a template of the new call: `{0}` its first argument, `{0!}` the same in parentheses where it
    is more than a name, `{kw:x}` the value of keyword x, `{rest}` what was not named, `{args}` all of them, `{self}` the
    object, `{@a.b}` the name a.b however the file reaches it. `types` are the objects that a method is missing from ("*": any),
    `keywords` maps old keywords to new ones ("": dropped), `positional` is how many positional arguments the row is for (-1: any),
    `needs` and `lacks` keywords that must and must not be given, `message` an expression that the error's text must match.
    `wide`: the method's name is so much its own that all uses of it are meant. `anywhere`: the error shows away
    from the call. `gone` is the version without it. `guesses`: the edit states a value that the program does not.
    """

    kind: Kind
    old: str
    new: str = ""
    call: str = ""
    types: tuple[str, ...] = ()
    keywords: dict[str, str] = field(default_factory=dict)
    positional: int = -1
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    message: str = ""
    gone: str = ""
    note: str = ""
    prior: float = 0.92
    caution: str = ""
    guesses: bool = False
    wide: bool = False
    anywhere: bool = False
    members: dict[str, str] = field(default_factory=dict)
    package: str = ""

    def __hash__(self) -> int:
        """Rows are told apart by what they are about."""
        return hash((self.kind, self.old, self.new, self.call, self.positional, self.message))


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file, and the package that they are about ("" for the standard library)."""

    package: str
    rows: tuple[Move, ...]

    def named(self, dotted: str) -> list[Move]:
        """Return the rows about a dotted name, those for certain calls first."""
        found = [row for row in self.rows if row.kind == "name" and row.old == dotted]
        return sorted(found, key=lambda row: row.positional < 0 and not row.needs)

    def of_kind(self, *kinds: Kind) -> list[Move]:
        """Return the rows of some kinds."""
        return [row for row in self.rows if row.kind in kinds]


@functools.cache
def stdlib() -> Table:
    """Return the table of the standard library."""
    return _read("stdlib.toml", "")


@functools.cache
def packages() -> tuple[Table, ...]:
    """Return the tables of the major packages, by name."""
    return tuple(_read(f"packages/{path.name}", path.stem) for path in sorted((DATA / "packages").glob("*.toml")))


def _read(name: str, package: str) -> Table:
    with (DATA / name).open("rb") as stream:
        raw = tomllib.load(stream)
    rows: list[Move] = []
    for kind in ("name", "method", "keyword", "call", "module", "builtin"):
        for row in raw.get(kind, []):
            rows += _moves(kind, row, package)
    for group in raw.get("names", []):
        rows += _group(group, package)
    return Table(raw.get("package", package), tuple(rows))


def _moves(kind: Any, row: dict[str, Any], package: str) -> list[Move]:
    """Return a row as one or more moves: `old` may be a list."""
    olds = row["old"] if isinstance(row["old"], list) else [row["old"]]
    rest = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items() if key != "old"}
    found = []
    for old in olds:
        call = str(rest.get("call", "")).replace("METHOD", old.rpartition(".")[2]).replace("@OLD", "@" + old)
        own: dict[str, Any] = {**rest, "call": call}
        found.append(Move(kind=kind, old=old, package=package, **own))
    return found


def _group(group: dict[str, Any], package: str) -> list[Move]:
    """Return a group's moves: `names` is a table old → new, or words that keep their name in another module (`to`)."""
    module, names = group["module"], group["names"]
    shared = {key: group[key] for key in ("gone", "note", "prior", "caution") if key in group}
    prefix = module + "." if module else ""
    if isinstance(names, dict):
        return [Move(kind="name", old=prefix + old, new=new, package=package, **shared) for old, new in names.items()]
    return [Move(kind="name", old=prefix + old, new=f"{group['to']}.{old}", package=package, **shared) for old in names.split()]
