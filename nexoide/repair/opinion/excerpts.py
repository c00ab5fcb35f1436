"""Which lines of a project somebody needs to see to understand one failure, within a bound: the closest to it first."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Failure, Frame, Raised
from nexoide.repair.code.index import find_classes, find_functions, last_name
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module, UnreadableError
from nexoide.repair.context import locate

WHOLE_MODULE, WHOLE_FUNCTION, WHOLE_DEFINITION, AROUND = 150, 80, 40, 15
MAX_FRAMES, MAX_RELATED, MAX_CALLERS, MAX_HEADER = 6, 12, 3, 40
_BUILTINS = frozenset(dir(builtins))


class Excerpts:
    """Lines of several files, gathered until `most` characters are reached."""

    def __init__(self, project: Project, most: int) -> None:
        self._project, self._left = project, most
        self._shown: dict[str, set[int]] = {}
        self._modules: dict[str, Module] = {}

    @property
    def files(self) -> tuple[str, ...]:
        """The files of which something is shown."""
        return tuple(self._shown)

    def add(self, module: Module, first: int, last: int) -> None:
        """Show some lines (1-based, both included), or as many of them as there is room for."""
        shown = self._shown.setdefault(module.rel, set())
        self._modules[module.rel] = module
        for number in range(max(1, first), min(last, len(module.lines)) + 1):
            cost = len(module.lines[number - 1]) + 8
            if number in shown:
                continue
            if cost > self._left:
                return
            self._left -= cost
            shown.add(number)

    def rendered(self) -> Iterator[tuple[str, str]]:
        """Yield each file's path and its lines with their numbers; an ellipsis stands for what is left out."""
        for rel, shown in self._shown.items():
            module, rows, before = self._modules[rel], list[str](), 0
            for number in sorted(shown):
                if number != before + 1:
                    rows.append("   …")
                rows.append(f"{number:4d} | {module.lines[number - 1]}")
                before = number
            if before < len(module.lines) - 1:
                rows.append("   …")
            if shown:
                yield rel, "\n".join(rows)


def gather(project: Project, failure: Failure, most: int) -> tuple[Excerpts, list[tuple[Raised, Frame, Module, int]]]:
    """Return what is to be shown of a failure's surroundings, and its places in the project, the deepest of each exception first."""
    found = Excerpts(project, most)
    places = list(_places(project, failure))
    for _, _, module, line in places:
        if len(module.lines) <= WHOLE_MODULE:
            found.add(module, 1, len(module.lines))
        else:
            _around(found, module, line)
    for _, frame, module, line in places[:MAX_FRAMES]:
        for definition in _related(project, module, line, frame):
            _definition(found, *definition)
    for _, _, module, _ in places:
        _header(found, module)
    if places:
        _callers(found, project, places[0][2], places[0][3])
    return found, places


def _places(project: Project, failure: Failure) -> Iterator[tuple[Raised, Frame, Module, int]]:
    for raised in failure.exceptions[:4]:
        left = MAX_FRAMES
        for frame in reversed(raised.frames[-64:]):
            place = locate(project, frame) if left else None
            if place is not None:
                left -= 1
                yield raised, frame, *place


def _function(module: Module, line: int) -> FunctionNode | None:
    """Return the innermost function around a line."""
    around = [node for node in module.nodes if isinstance(node, FUNCTIONS) and _first(node) <= line <= (node.end_lineno or node.lineno)]
    return max(around, key=lambda node: node.lineno, default=None)


def _first(node: FunctionNode | ast.ClassDef) -> int:
    return min((item.lineno for item in node.decorator_list), default=node.lineno)


def _around(found: Excerpts, module: Module, line: int) -> None:
    function = _function(module, line)
    if function is None:
        found.add(module, line - AROUND, line + AROUND)
        return
    first, last = _first(function), function.end_lineno or function.lineno
    if last - first < WHOLE_FUNCTION:
        found.add(module, first, last)
    else:
        found.add(module, first, function.lineno + 3)
        found.add(module, max(first, line - AROUND), min(last, line + AROUND))
    owner = module.owner(function)
    if owner is not None:
        begin = next((item for item in owner.body if isinstance(item, FUNCTIONS) and item.name == "__init__"), None)
        found.add(module, _first(owner), owner.lineno)
        if begin is not None:
            found.add(module, begin.lineno, min(begin.end_lineno or begin.lineno, begin.lineno + AROUND))


def _related(project: Project, module: Module, line: int, frame: Frame) -> Iterable[tuple[Module, int, int]]:
    """Yield where the names of a line are defined, then those of its whole function, and the classes of the values around it."""
    names: dict[str, None] = {}
    function = _function(module, line)
    for whole in (False, True):
        for item in ast.walk(function if whole and function is not None else module.tree):
            if isinstance(item, ast.Name | ast.Attribute) and (whole or item.lineno <= line <= (item.end_lineno or item.lineno)):
                names.setdefault(last_name(item))
        if function is None:
            break
    names.update(dict.fromkeys(view.type.rsplit(".", 1)[-1] for view in frame.locals.values() if view.module != "builtins"))
    left = MAX_RELATED
    for name in names:
        if not name or name in _BUILTINS or left <= 0:
            continue
        nodes: list[tuple[Module, FunctionNode | ast.ClassDef]] = [(item.module, item.node) for item in find_functions(project, name)[:2]]
        nodes += [(item.module, item.node) for item in find_classes(project, name, module)[:1]]
        for where, node in nodes:
            left -= 1
            yield where, _first(node), node.end_lineno or node.lineno


def _definition(found: Excerpts, module: Module, first: int, last: int) -> None:
    found.add(module, first, min(last, first + WHOLE_DEFINITION))


def _header(found: Excerpts, module: Module) -> None:
    """Show a module's imports and short assignments at its top level."""
    left = MAX_HEADER
    for node in module.tree.body:
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign) and length <= 6 and left >= length:
            left -= length
            found.add(module, node.lineno, node.lineno + length - 1)


def _callers(found: Excerpts, project: Project, module: Module, line: int) -> None:
    """Show a few of the places where the failing function is called."""
    function = _function(module, line)
    if function is None or function.name.startswith("__"):
        return
    called = re.compile(rf"(?<!def )\b{re.escape(function.name)}\(")
    left = MAX_CALLERS
    for rel in project.files:
        if is_test(rel) or left <= 0:
            continue
        try:
            other = project.module(rel) if function.name.encode() in project.read(rel) else None
        except UnreadableError:
            continue
        for number, text in enumerate(other.lines if other is not None else (), 1):
            if other is not None and left > 0 and called.search(text):
                left -= 1
                found.add(other, number - 3, number + 3)


def enclosing(module: Module, offset: int) -> str:
    """Return the function or class that a place of a file lies in, as people write it; "the top level" where it lies in none."""
    line = module.text.count("\n", 0, offset) + 1
    around = [node for node in module.nodes if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and _first(node) <= line <= (node.end_lineno or node.lineno)]
    if not around:
        return "the top level"
    names = [node.name for node in sorted(around, key=lambda node: node.lineno)]
    innermost = max(around, key=lambda node: node.lineno)
    return ".".join(names[-2:]) + ("()" if isinstance(innermost, FUNCTIONS) else "")
