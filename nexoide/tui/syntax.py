"""Syntax colours of a text, as ranges per line; Pygments is loaded when the first diff is shown, in a thread."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Protocol

Ranges = tuple[tuple[int, int, str], ...]


class _Lexer(Protocol):
    def get_tokens_unprocessed(self, text: str, /) -> Iterable[tuple[int, Any, str]]: ...


MAX_CHARACTERS = 300_000
_LEXERS = {
    ".py": ("pygments.lexers.python", "PythonLexer"),
    ".pyi": ("pygments.lexers.python", "PythonLexer"),
    ".toml": ("pygments.lexers.configs", "TOMLLexer"),
    ".cfg": ("pygments.lexers.configs", "IniLexer"),
    ".ini": ("pygments.lexers.configs", "IniLexer"),
    ".json": ("pygments.lexers.data", "JsonLexer"),
    ".yaml": ("pygments.lexers.data", "YamlLexer"),
    ".yml": ("pygments.lexers.data", "YamlLexer"),
    ".sh": ("pygments.lexers.shell", "BashLexer"),
    ".sql": ("pygments.lexers.sql", "SqlLexer"),
    ".js": ("pygments.lexers.javascript", "JavascriptLexer"),
    ".html": ("pygments.lexers.html", "HtmlLexer"),
}
_KINDS = (
    ("Token.Keyword", "keyword"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "number"),
    ("Token.Comment", "comment"),
    ("Token.Name.Function", "name"),
    ("Token.Name.Class", "name"),
    ("Token.Name.Namespace", "name"),
    ("Token.Name.Builtin", "builtin"),
    ("Token.Name.Exception", "builtin"),
    ("Token.Name.Decorator", "decorator"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Operator", "operator"),
    ("Token.Punctuation", "operator"),
)


def ranges(path: str, text: str) -> tuple[Ranges, ...]:
    """Return, for each line of `text`, the coloured ranges (start, end, kind); empty where the file has no colours."""
    lexer = _lexer(PurePosixPath(path).suffix.lower())
    if lexer is None or not text or len(text) > MAX_CHARACTERS:
        return ()
    lines: list[list[tuple[int, int, str]]] = [[]]
    column = 0
    for _, token, value in lexer.get_tokens_unprocessed(text):
        kind = _kind(token)
        first = True
        for part in value.split("\n"):
            if not first:
                lines.append([])
                column = 0
            if part and kind:
                lines[-1].append((column, column + len(part), kind))
            column += len(part)
            first = False
    return tuple(tuple(line) for line in lines)


@lru_cache(maxsize=32)
def _lexer(suffix: str) -> _Lexer | None:
    found = _LEXERS.get(suffix)
    if found is None:
        return None
    from importlib import import_module

    lexer: _Lexer = getattr(import_module(found[0]), found[1])()
    return lexer


@lru_cache(maxsize=512)
def _kind(token: Any) -> str:
    name = str(token)
    return next((kind for prefix, kind in _KINDS if name.startswith(prefix)), "")
