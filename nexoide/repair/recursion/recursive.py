"""The circle of calls that a RecursionError shows: which functions run over and over, and at which of their lines they call on."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass

from nexoide.model.failure import Frame, ValueView
from nexoide.repair.code.index import Class, index
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context, locate

MAX_FRAMES = 48


@dataclass(frozen=True, slots=True)
class Link:
    """One function of the circle with the line at which it calls on, and its frames, the outermost first."""

    module: Module
    function: FunctionNode
    line: int
    frames: tuple[Frame, ...]

    @property
    def owner(self) -> Class | None:
        """The class that the function is a method of."""
        parent = self.module.parents.get(self.function)
        return next((item for item in index(self.module).classes if item.node is parent), None)

    @property
    def me(self) -> str:
        """The name of the method's own object, "" where it is not a method."""
        given = [*self.function.args.posonlyargs, *self.function.args.args]
        return given[0].arg if given and isinstance(self.module.parents.get(self.function), ast.ClassDef) else ""

    def at_line(self) -> list[ast.AST]:
        """Return the function's nodes that stand at the line, inner functions and lambdas included."""
        found: list[ast.AST] = []
        for statement in self.function.body:
            found += [
                node
                for node in ast.walk(statement)
                if isinstance(node, ast.expr | ast.stmt) and node.lineno <= self.line <= (node.end_lineno or node.lineno) and self._is_own(node)
            ]
        return found

    def _is_own(self, node: ast.expr | ast.stmt) -> bool:
        """Say whether of a statement with a body only the head stands at the line."""
        if isinstance(node, ast.expr):
            return True
        body = getattr(node, "body", None)
        return not (isinstance(body, list) and body and self.line >= body[0].lineno)

    def views(self, name: str) -> list[ValueView]:
        """Return what is known of a local name in the frames, the outermost first."""
        return [frame.locals[name] for frame in self.frames if name in frame.locals]


def links(context: Context) -> list[Link]:
    """Return the links of the circle, the most often run first; tests are left out."""
    counts: Counter[tuple[str, int]] = Counter()
    held: dict[tuple[str, int], list[Frame]] = {}
    frames = context.raised.frames
    for frame in frames[-MAX_FRAMES:]:
        counts[frame.file, frame.line] += 1
    for frame in frames:
        if counts[frame.file, frame.line] >= 2:
            held.setdefault((frame.file, frame.line), []).append(frame)
    found: list[Link] = []
    for _, rows in sorted(held.items(), key=lambda item: -len(item[1])):
        place = locate(context.project, rows[-1])
        if place is None or is_test(place[0].rel):
            continue
        function = _function_at(place[0], place[1], rows[-1].function)
        if function is not None:
            found.append(Link(place[0], function, place[1], tuple(rows)))
    return found[:8]


def _function_at(module: Module, line: int, qualname: str) -> FunctionNode | None:
    """Return the innermost `def` around a line; a frame's name decides between several, where it is that of one of them."""
    around = [item for item in index(module).functions if item.node.lineno <= line <= (item.node.end_lineno or item.node.lineno)]
    around.sort(key=lambda item: item.node.lineno)
    named = [item for item in around if item.name == qualname.rsplit(".", 1)[-1]]
    chosen = named or around
    return chosen[-1].node if chosen else None


def calls_itself(link: Link) -> list[ast.Call]:
    """Return the calls at the link's line that run the same function again: by its name, or as a method of any object."""
    name = link.function.name
    found = [node for node in link.at_line() if isinstance(node, ast.Call)]
    if link.me:
        return [node for node in found if isinstance(node.func, ast.Attribute) and node.func.attr == name]
    return [node for node in found if isinstance(node.func, ast.Name) and node.func.id == name]


def is_name(node: ast.AST | None, name: str) -> bool:
    """Say whether a node is a plain name."""
    return isinstance(node, ast.Name) and node.id == name


def is_own(node: ast.AST | None, me: str, attribute: str = "") -> bool:
    """Say whether a node is an attribute of the method's own object."""
    return isinstance(node, ast.Attribute) and is_name(node.value, me) and attribute in ("", node.attr)


def parameters(function: FunctionNode, me: str) -> list[str]:
    """Return the names that a caller gives, the own object left out."""
    given = [item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return [name for place, name in enumerate(given) if not (place == 0 and name == me)]


def bound(link: Link, call: ast.Call) -> dict[str, ast.expr] | None:
    """Return what a call gives for each parameter of the function; None where it gives `*` or `**`."""
    if any(isinstance(item, ast.Starred) for item in call.args) or any(item.arg is None for item in call.keywords):
        return None
    names = [item.arg for item in (*link.function.args.posonlyargs, *link.function.args.args)]
    if link.me:
        names = names[1:]
    found = dict(zip(names, call.args, strict=False))
    found.update({item.arg: item.value for item in call.keywords if item.arg is not None})
    return found
