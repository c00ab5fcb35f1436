"""The part of a line that failed: by its columns, or by looking for the one expression that can have raised what was raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from nexoide.model.failure import Failure, Frame, Raised
from nexoide.probe.redact import redact

MAX_SOURCE = 400
MAX_EXPRESSION = 200
_STRIPPED = frozenset({"file", "output", "pytest", "sentry", "posted", "http"})
"""Sources whose columns count from the first character of the stripped line; a probe's count from the line's own start."""
_ATTRIBUTE = re.compile(r"has no attribute '(\w{1,200})'")
_NAME = re.compile(r"(?:name|variable) '(\w{1,200})'")
_CALLED = re.compile(r"^(?:[\w.<>]{0,200}\.)?(\w{1,200})\(\) ")
_OPERATOR = re.compile(r"operand type\(s\) for (\S{1,12}?)=?:")
_OPERATORS: dict[str, type[ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow, "@": ast.MatMult,
    "<<": ast.LShift, ">>": ast.RShift, "&": ast.BitAnd, "|": ast.BitOr, "^": ast.BitXor,
}  # fmt: skip
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_Wanted = Callable[[ast.AST], bool]


def expression(failure: Failure, frame: Frame) -> str:
    """Return the faulty expression of a frame's line, redacted, at most 200 characters; "" where it is not certain."""
    source = frame.source.strip().partition("\n")[0][:MAX_SOURCE]
    raised = next((raised for raised in failure.exceptions if any(known is frame for known in raised.frames)), None)
    if not source or raised is None:
        return ""
    found = _by_columns(source, frame, stripped=failure.source in _STRIPPED)
    if not found and raised.frames[-1] is frame:
        found = _by_kind(source, raised)
    elif not found:
        found = _only(source, lambda node: isinstance(node, ast.Call))
    return redact(found, code=True)[:MAX_EXPRESSION]


def _by_columns(source: str, frame: Frame, *, stripped: bool) -> str:
    """Return the text between the columns; where they count the indentation, which a stripped line has lost, the one node of that width."""
    column, end = frame.column, frame.end_column
    if column < 0 or end <= column or frame.end_line not in {-1, frame.line}:
        return ""
    if stripped:
        return source[column:end] if end <= len(source) else ""
    places = {(start, stop) for node, start, stop in _nodes(source) if stop - start == end - column and column - start >= 0}
    indents = {column - start for start, _ in places}
    likely = [indent for indent in indents if indent % 4 == 0 and (indent > 0 or frame.function.endswith("<module>"))] or sorted(indents)
    if not places and source[column:end] and column == 0:
        return source[column:end]
    texts = {source[column - indent : end - indent] for indent in likely}
    return texts.pop() if len(texts) == 1 else ""


def _by_kind(source: str, raised: Raised) -> str:
    """Return the one expression of a line that can raise such an exception."""
    wanted = _wanted(raised)
    if wanted is not None and (found := _only(source, wanted)):
        return found
    if re.match(r"(?:raise|assert)\b", source):
        return source
    return "" if wanted is not None else _only(source, lambda node: isinstance(node, ast.Call))


def _wanted(raised: Raised) -> _Wanted | None:
    """Return what a node must be to have raised it; None where the exception does not tell."""
    kind, message = raised.type.rpartition(".")[2], raised.message
    if kind == "AttributeError":
        said = _ATTRIBUTE.search(message)
        name = raised.name or (said[1] if said else "")
        return lambda node: isinstance(node, ast.Attribute) and node.attr == name
    if kind in {"NameError", "UnboundLocalError"}:
        said = _NAME.search(message)
        name = raised.name or (said[1] if said else "")
        return lambda node: isinstance(node, ast.Name) and node.id == name
    if kind in {"KeyError", "IndexError"}:
        return lambda node: isinstance(node, ast.Subscript) and _may_lack(node, message)
    if kind == "ZeroDivisionError":
        return lambda node: isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod)
    if kind == "UnicodeDecodeError":
        return _call_of("decode", "str", "read", "open")
    if kind == "UnicodeEncodeError":
        return _call_of("encode", "bytes", "write", "print")
    if kind == "JSONDecodeError":
        return _call_of("loads", "load", "json", "parse_raw", "decode")
    if kind in {"TypeError", "ValueError"}:
        return _of_values(message)
    return None


def _of_values(message: str) -> _Wanted | None:
    """Return what raised a TypeError or a ValueError of the interpreter's own, by its words."""
    called, operator = _CALLED.match(message), _OPERATOR.search(message)
    if operator is not None and operator[1] in _OPERATORS:
        kind = _OPERATORS[operator[1]]
        return lambda node: isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, kind)
    if "not subscriptable" in message or "does not support item assignment" in message or "indices must be" in message:
        return lambda node: isinstance(node, ast.Subscript)
    if "is not callable" in message:
        return lambda node: isinstance(node, ast.Call)
    if "not supported between instances" in message or message.startswith("argument of type"):
        return lambda node: isinstance(node, ast.Compare)
    if "in 'await' expression" in message:
        return lambda node: isinstance(node, ast.Await)
    if message.startswith("invalid literal for int()"):
        return _call_of("int")
    if message.startswith("could not convert string to float"):
        return _call_of("float")
    if called is not None:
        return _call_of("" if called[1] == "__init__" else called[1])
    return None


def _call_of(*names: str) -> _Wanted:
    def matches(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return names == ("",) or name in names

    return matches


def _may_lack(node: ast.Subscript, message: str) -> bool:
    """Say whether a subscript can have lacked the key that a message names; what is written literally must be that key."""
    if not isinstance(node.ctx, ast.Load | ast.Del):
        return False
    return not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)) or repr(node.slice.value) == message


def _only(source: str, wanted: _Wanted) -> str:
    """Return the text of the one node that is wanted, the outermost of those within each other; "" where there are several."""
    found = [(start, end) for node, start, end in _nodes(source) if wanted(node)]
    outer = [place for place in found if not any(other != place and other[0] <= place[0] and place[1] <= other[1] for other in found)]
    texts = {source[start:end] for start, end in outer}
    nested = len(set(found)) > len(set(outer))
    return texts.pop() if len(texts) == 1 and not nested else ""


def _nodes(source: str) -> Iterator[tuple[ast.AST, int, int]]:
    """Yield the nodes of one line of source with their columns (code points) in it; nothing where no reading of the line is Python."""
    for before, text in _readings(source):
        try:
            tree = ast.parse(before + text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        first = before.count("\n") + 1
        shift = len((before.rpartition("\n")[2]).encode())
        data = source.encode()
        for node in ast.walk(tree):
            line, end_line = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
            if line != first or end_line != first:
                continue
            start, end = node.col_offset - shift, node.end_col_offset - shift  # type: ignore[attr-defined]
            if 0 <= start < end <= len(data):
                yield node, len(data[:start].decode(errors="replace")), len(data[:end].decode(errors="replace"))
        return


def _readings(source: str) -> Iterator[tuple[str, str]]:
    """Yield what a line may be a part of: text before it, and the line completed."""
    bodies = [source, f"{source} pass", source + _closed(source), f"{source}{_closed(source)} pass", f"{source}\n def _(): pass"]
    for text in bodies:
        yield "async def _():\n ", text
    for text in (bodies[0], bodies[1], bodies[2]):
        yield "async def _():\n if 0: pass\n ", text
        yield "async def _():\n try: pass\n ", text
    yield "async def _(): _(", source.rstrip(",") + _closed(source) + ")"
    yield "async def _(): _[", source.rstrip(",") + _closed(source) + "]"
    yield "async def _(): _(", source + "\n"
    yield "async def _(): {", source.rstrip(",") + _closed(source) + "}"
    yield "async def _(): (_\n", source + ")"


def _closed(source: str) -> str:
    """Return the brackets that a line leaves open, closed."""
    waiting: list[str] = []
    quote = ""
    for character in source:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in _CLOSING:
            waiting.append(_CLOSING[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
    return "".join(reversed(waiting)) + (":" if re.match(r"(?:if|while|for|with|elif|async)\b", source) and waiting else "")
