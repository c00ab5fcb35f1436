"""Where the project, or the standard library, has what a failed import asked for: moved, renamed, mistyped, on another level."""

from __future__ import annotations

import ast
import functools
import re
import sys
import tomllib
from dataclasses import dataclass

from nexoide.repair.code.index import Function, index
from nexoide.repair.code.signatures import bind, of_function
from nexoide.repair.code.source import FUNCTIONS, Module, UnreadableError
from nexoide.repair.naming.imports import ImportNode
from nexoide.repair.naming.misnamed import alike
from nexoide.repair.naming.packages import Layout, definers, own_globals
from nexoide.repair.naming.stdlib import DATA, has

LEAST = 0.72
_SOURCE = re.compile(r"from(\s+)([.\w]+|\.+\s*\w*)(\s+)import")


@dataclass(frozen=True, slots=True)
class Found:
    """One place that has a name: `source` as it is written after `from`, the name there, and why it is meant."""

    source: str
    name: str
    prior: float
    why: str


@functools.cache
def distributions() -> dict[str, str]:
    """Return the distributions that bring import names, as `data/distributions.toml` lists them."""
    with (DATA / "distributions.toml").open("rb") as stream:
        names: dict[str, str] = tomllib.load(stream)["names"]
    return names


def failing_import(module: Module, line: int) -> ImportNode | None:
    """Return the import statement at a line."""
    return next((node for node in module.nodes if isinstance(node, ast.Import | ast.ImportFrom) and node.lineno <= line <= (node.end_lineno or 0)), None)


def source_span(module: Module, node: ast.ImportFrom) -> tuple[int, int] | None:
    """Return the span of what stands between `from` and `import`."""
    start = module.span(node)[0]
    match = _SOURCE.match(module.text, start)
    return (match.start(2), match.end(2)) if match else None


def in_other_files(layout: Layout, module: Module, name: str) -> list[Found]:
    """Return the project's other files that define a name."""
    found: list[Found] = []
    for other in definers(layout, name, module):
        source = layout.spelled(module, other.rel)
        if source is not None and other.rel != layout.script and _call_fits(module, other, name):
            found.append(Found(source, name, 0.93, f"{other.rel} defines {name}"))
    return found


def _call_fits(module: Module, other: Module, name: str) -> bool:
    """Say whether the calls of an imported name fit a function that has it."""
    statement = own_globals(other).get(name)
    function = next((item for item in index(other).functions if item.node is statement), None) if isinstance(statement, FUNCTIONS) else None
    return function is None or bool(function.decorators) or _binds(module, name, function)


def _binds(module: Module, name: str, function: Function) -> bool:
    calls = [node for node in module.nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name]
    return all((binding := bind(of_function(function), call)).good or binding.unknown for call in calls)


def like_names(layout: Layout, module: Module, target: Module, source: str, name: str) -> list[Found]:
    """Return the names of the right file that are close to the one that it does not have, and can be used like it."""
    found: list[Found] = []
    called = any(isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name for node in module.nodes)
    for item, statement in own_globals(target).items():
        score = alike(name, item)
        if score < LEAST or item == name:
            continue
        if called and isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Constant):
            continue
        function = next((known for known in index(target).functions if known.node is statement), None)
        if function is not None and not function.decorators and not _binds(module, name, function):
            continue
        found.append(Found(source, item, min(0.93, 0.62 + 0.9 * (score - 0.7)), f"{target.rel} has {item}, {score:.0%} alike"))
    return sorted(found, key=lambda row: -row.prior)


def in_stdlib(source: str, name: str, known: dict[str, tuple[str, ...]]) -> list[Found]:
    """Return where the standard library has a name that one of its modules has not, or what that module calls it."""
    from nexoide.repair.naming.stdlib import members

    others = [Found(other, name, 0.93, f"{other} of the standard library has {name}") for other in known.get(name, ()) if other != source]
    if others:
        return others[:1]
    own = [(alike(name, item), item) for item in members(source) or () if not item.startswith("_")]
    close = sorted((row for row in own if row[0] >= 0.8), reverse=True)
    if close and (len(close) == 1 or close[0][0] - close[1][0] > 0.04):
        return [Found(source, close[0][1], min(0.92, 0.62 + 0.9 * (close[0][0] - 0.7)), f"{source} has {close[0][1]}, {close[0][0]:.0%} alike")]
    return []


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file of the project that a missing module may be; `sure` is the belief in it."""

    rel: str
    source: str
    sure: float
    why: str


def candidates(layout: Layout, module: Module, source: str, names: list[str], attributes: set[str]) -> list[Candidate]:
    """Return the project's files that a dotted name which means nothing may stand for, best first.

    A file is one where its name is the same on another level, or alike, and it has what is asked of it; or where it
    alone has all the names that are imported.
    """
    last = source.rstrip(".").rsplit(".", 1)[-1]
    wanted = {name for name in names if name != "*"} | attributes
    found: list[Candidate] = []
    for rel in layout.modules():
        own = rel.removesuffix(".py").removesuffix("/__init__").rsplit("/", 1)[-1]
        spelled = layout.spelled(module, rel)
        if spelled is None or rel in (module.rel, layout.script) or spelled == source:
            continue
        try:
            target = layout.project.module(rel)
        except UnreadableError:
            continue
        inside = own_globals(target).keys() | index(target).globals | _below(layout, rel)
        has_all = bool(wanted) and wanted <= inside
        score = 1.0 if own == last else alike(last, own)
        if wanted and not has_all:
            continue
        row = _judged(rel, spelled, own, last, score, has_all=has_all, wanted=wanted)
        if row is not None:
            found.append(row)
    return sorted(found, key=lambda row: -row.sure)


def _judged(rel: str, spelled: str, own: str, last: str, score: float, *, has_all: bool, wanted: set[str]) -> Candidate | None:
    if own == last:
        return Candidate(rel, spelled, 0.93 if has_all else 0.85, f"{rel} has that name, on another level")
    if score >= (0.62 if has_all else 0.88):
        return Candidate(rel, spelled, min(0.93, 0.8 + 0.3 * (score - 0.6)) if has_all else 0.8, f"{rel} has a name that is {score:.0%} alike")
    if has_all and all(len(name) > 2 for name in wanted):
        return Candidate(rel, spelled, 0.74, f"{rel} defines {', '.join(sorted(wanted)[:3])}")
    return None


def _below(layout: Layout, rel: str) -> set[str]:
    """Return the names of the files inside a package."""
    if not rel.endswith("__init__.py"):
        return set()
    folder = rel.removesuffix("__init__.py")
    return {item[len(folder) :].split("/")[0].removesuffix(".py") for item in layout.modules() if item.startswith(folder)}


def like_stdlib(name: str, names: list[str], attributes: set[str]) -> str | None:
    """Return the module of the standard library that a top-level name is a slip of, and that has what is asked of it."""
    close = sorted(((alike(name, item), item) for item in sys.stdlib_module_names if not item.startswith("_") and alike(name, item) >= 0.82), reverse=True)
    fitting = [(score, item) for score, item in close if all(has(item, wanted) is not False for wanted in [*names, *attributes]) and (names or attributes)]
    if not fitting or (len(fitting) > 1 and fitting[0][0] - fitting[1][0] < 0.02):
        return None
    return fitting[0][1]
