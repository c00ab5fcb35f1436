"""The shape of hostile source, measured on its tokens before any recursive parser sees it."""

from __future__ import annotations

import io
import re
import token
import tokenize
from collections.abc import Iterator

from nexoide.errors import InspectionError

MAX_NESTING = 100
MAX_CHAIN = 500
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_PREFIXES = frozenset({"-", "+", "~", "not", "await", "lambda"})
_SKIPPED = frozenset({token.COMMENT, token.NL, token.INDENT, token.DEDENT, token.ENCODING})


def require_shallow(data: bytes) -> None:
    """Raise InspectionError where brackets are nested above 100 deep, or operators or attributes chained above 500 long.

    Recursive parsers written in C or Rust end their process on such input instead of raising. What cannot be split
    into tokens is left to the compiler, which says more about it.
    """
    chains = [0]  # operators since the last comma, one count for each open bracket
    for kind, text, line in _tokens(data):
        if kind == token.STRING:
            _require_shallow_string(text, line)
        elif kind == token.OP and text in _OPENING:
            chains[-1] += 1
            chains.append(0)
        elif kind == token.OP and text in _CLOSING:
            if len(chains) > 1:
                chains.pop()
        elif kind == token.NEWLINE or text in {",", ";"}:
            chains[-1] = 0
        elif kind == token.OP or text in _PREFIXES:
            chains[-1] += 1
        if len(chains) > MAX_NESTING + 1:
            raise InspectionError(f"Line {line} nests brackets more than {MAX_NESTING} deep, which can crash a parser: simplify it.")
        if chains[-1] > MAX_CHAIN:
            raise InspectionError(f"Line {line} chains more than {MAX_CHAIN} operators, which can crash a parser: simplify it.")


def _require_shallow_string(text: str, line: int) -> None:
    """Do the same inside an f-string, which is one token before Python 3.12: brackets and operators are only counted."""
    if "f" not in text[:3].lower() or "{" not in text:
        return
    body = text.replace("{{", "").replace("}}", "")
    depth = 0
    for character in body:
        depth = depth + 1 if character in _OPENING else max(depth - 1, 0) if character in _CLOSING else depth
        if depth > MAX_NESTING:
            raise InspectionError(f"Line {line} nests brackets more than {MAX_NESTING} deep in an f-string, which can crash a parser: simplify it.")
    longest = max((len(re.findall(r"[-+~.*/%|&^<>]|\bnot\b", field)) for field in re.findall(r"\{[^{}]*", body)), default=0)
    if longest > MAX_CHAIN:
        raise InspectionError(f"Line {line} chains more than {MAX_CHAIN} operators in an f-string, which can crash a parser: simplify it.")


def names_in(data: bytes | None) -> Iterator[tuple[str, int]]:
    """Yield the names of a source, keywords included, each with its line; those inside f-strings only from Python 3.12 on."""
    for kind, text, line in _tokens(data or b""):
        if kind == token.NAME or (kind == token.ERRORTOKEN and text.isidentifier()):
            yield text, line


def _tokens(data: bytes) -> Iterator[tuple[int, str, int]]:
    try:
        for item in tokenize.tokenize(io.BytesIO(data).readline):
            if item.type not in _SKIPPED:
                yield item.type, item.string, item.start[0]
    except (tokenize.TokenError, SyntaxError, RecursionError, ValueError):
        return
