r"""What may be read of a project's source: the gate before any parser, and positions in the text.

Lines are split on "\n" alone, as Python does after its newline translation; a file in which Python and an editor could
disagree about lines or encoding is not read at all.
"""

from __future__ import annotations

import ast
import bisect
import re
import tokenize
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO

MAX_BYTES = 1 << 20
MAX_NESTING = 100
MAX_TREE_DEPTH = 400

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class UnreadableError(Exception):
    """A project file that is not read; the text says why, in words that follow the file's name."""


class Module:
    """One readable Python file: bytes, text, syntax tree and positions. Offsets are in code points of `text`."""

    def __init__(self, rel: str, data: bytes) -> None:
        self.rel = rel
        self.data = data
        self.text = check_source(data)
        self.tree = _parse(self.text)
        self.newline = "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their newline; line 1 is at index 0."""
        return [line.removesuffix("\r") for line in self.text.split("\n")]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, walked once, in the order of `ast.walk`."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Each node's parent."""
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    def around(self, line: int) -> Iterator[ast.AST]:
        """Yield every node of the top-level statements that a line lies in, decorators included."""
        for statement, (first, last) in zip(self.tree.body, self.statements, strict=True):
            if first <= line <= last:
                yield from ast.walk(statement)

    @cached_property
    def too_deep(self) -> str:
        """Why the tree is too deep for libcst, empty where it is not."""
        try:
            check_depth(self.tree)
        except UnreadableError as error:
            return str(error)
        return ""

    @cached_property
    def dotted(self) -> str:
        """The module's dotted name as its path suggests it."""
        parts = self.rel.removesuffix(".py").split("/")
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def offset(self, line: int, byte_column: int) -> int:
        """Return the offset of an `ast` position (1-based line, 0-based UTF-8 column)."""
        start = self._starts[line - 1]
        row = self.lines[line - 1]
        if row.isascii():
            return start + byte_column
        return start + len(row.encode()[:byte_column].decode())

    def line_start(self, line: int) -> int:
        """Return the offset of a line's first character."""
        return self._starts[line - 1]

    def line_of(self, offset: int) -> int:
        """Return the line (1-based) that an offset of the text lies in."""
        return bisect.bisect_right(self._starts, offset)

    @cached_property
    def statements(self) -> tuple[tuple[int, int], ...]:
        """The first line, decorators included, and the last line of each top-level statement."""
        found = []
        for node in self.tree.body:
            decorators: list[ast.expr] = getattr(node, "decorator_list", [])
            found.append((min([node.lineno, *(item.lineno for item in decorators)]), node.end_lineno or node.lineno))
        return tuple(found)

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg) -> tuple[int, int]:
        """Return the offsets of a node's first character and of the one after its last."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg) -> str:
        """Return a node's own text."""
        start, end = self.span(node)
        return self.text[start:end]

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield a node's parents, the closest first."""
        current: ast.AST | None = self.parents.get(node)
        while current is not None:
            yield current
            current = self.parents.get(current)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """Return the closest statement that holds `node`, or `node` itself where it is one."""
        if isinstance(node, ast.stmt):
            return node
        return next((item for item in self.ancestors(node) if isinstance(item, ast.stmt)), None)

    def function(self, node: ast.AST) -> FunctionNode | None:
        """Return the closest function around `node`, or None at module or class level."""
        return next((item for item in self.ancestors(node) if isinstance(item, FUNCTIONS)), None)

    def owner(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the closest class around `node`."""
        return next((item for item in self.ancestors(node) if isinstance(item, ast.ClassDef)), None)

    def own_indent(self, node: ast.stmt) -> str | None:
        """Return a statement's indentation, or None where it does not begin its own line (`if x: y`, `a; b`)."""
        start, _ = self.span(node)
        before = self.text[self._starts[node.lineno - 1] : start]
        return before if not before.strip() else None


def check_source(data: bytes) -> str:
    """Return the text of a file that is safe to parse; raises UnreadableError where it is not (TRUST A10, A11)."""
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"is larger than {MAX_BYTES >> 20} MiB")
    for line in data.split(b"\n", 2)[:2]:
        cookie = _COOKIE.match(line)
        if cookie and cookie[1].lower() not in (b"utf-8", b"utf8"):
            raise UnreadableError("declares an encoding other than UTF-8")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError("is not UTF-8") from error
    if text.startswith("\ufeff") or "\0" in text or "\f" in text or "\r" in text.replace("\r\n", ""):
        raise UnreadableError("has a byte order mark, a NUL, a form feed or a lone carriage return")
    if _nesting(text) > MAX_NESTING and _token_nesting(data) > MAX_NESTING:
        raise UnreadableError(f"nests brackets deeper than {MAX_NESTING}")
    return text


def _parse(text: str) -> ast.Module:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnreadableError(f"is not Python that this interpreter reads ({type(error).__name__})") from error
    return tree


def check_depth(tree: ast.AST) -> None:
    """Raise UnreadableError for a tree so deep that libcst might not survive it; asked of files that are to be edited."""
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_TREE_DEPTH:
            raise UnreadableError(f"nests expressions deeper than {MAX_TREE_DEPTH}")
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _nesting(text: str) -> int:
    """Return an upper bound of the bracket nesting; brackets in strings and comments count too."""
    depth = most = 0
    for match in re.finditer(r"[(\[{)\]}]", text):
        if match[0] in _OPEN:
            depth += 1
            most = max(most, depth)
        elif depth:
            depth -= 1
    return most


def _token_nesting(data: bytes) -> int:
    depth = most = 0
    try:
        for token in tokenize.tokenize(BytesIO(data).readline):
            if token.type == tokenize.OP and token.string in _OPEN:
                depth += 1
                most = max(most, depth)
            elif token.type == tokenize.OP and token.string in _CLOSE:
                depth -= 1
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return MAX_NESTING + 1
    return most
