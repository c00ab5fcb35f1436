"""One text of a module: its tree, its code, and which code objects belong to which statement."""

from __future__ import annotations

import ast
import gc
import re
from bisect import bisect_left, bisect_right
from types import CodeType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Optional

_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_UTF8 = ("utf-8", "utf8", "utf_8", "utf-8-sig")
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FEED = re.compile(r"^[ \t]+\f[ \t\f]*[^\s#]|^\f[ \t\f]+[^\s#]", re.MULTILINE)
_GENERIC = "<generic parameters of "
_TRANSIENT = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<module>")
MAX_BYTES = 4 << 20
_KINDS = 0x20 | 0x80 | 0x100 | 0x200
_recent: dict[tuple[str, str], Source] = {}
MAX_RECENT = 512


class Refused(Exception):  # noqa: N818
    """The reload cannot be carried out live; the message is one sentence that says why and what to do.

    `module`, `name`, `kind` and `line` say which definition stands in the way, where it is one.
    """

    def __init__(self, sentence: str, module: str = "", name: str = "", kind: str = "", line: int = 0) -> None:
        super().__init__(sentence)
        self.module, self.name, self.kind, self.line = module, name, kind, line


class Statement:
    """One statement of a module or class body with the code objects that it holds, in order."""

    __slots__ = ("_dump", "codes", "conditional", "node", "text")

    def __init__(self, node: ast.stmt, codes: list[CodeType], text: str, conditional: bool = False) -> None:
        self.node, self.codes, self.text, self.conditional = node, codes, text, conditional
        self._dump: Optional[str] = None

    @property
    def dump(self) -> str:
        """The tree of the statement as text, without positions."""
        if self._dump is None:
            self._dump = ast.dump(self.node)
        return self._dump

    @property
    def head(self) -> str:
        """The text of a definition before its body, decorators included; all of it where the body stands on the same line."""
        body = getattr(self.node, "body", None)
        lines = self.text.split("\n")
        return "\n".join(lines[: 1 + first_line(body[0]) - first_line(self.node)]) if body and body[0].lineno > self.node.lineno else self.text

    def own_code(self) -> CodeType:
        """Return the code of the function or class body that this `def` or `class` makes."""
        name = getattr(self.node, "name", "")
        found = [code for code in self._flat() if code.co_name == name]
        if not found:
            raise Refused(f"The code of {name} was not found in its own file: restart the program.")
        return found[-1]

    def _flat(self) -> list[CodeType]:
        flat = []
        for code in self.codes:
            flat += children(code) if code.co_name.startswith(_GENERIC) else [code]
        return flat


class Source:
    """A text, parsed and compiled as `filename`; raises Refused where it is not plain UTF-8 Python."""

    def __init__(self, text: str, filename: str) -> None:
        self.text = text[1:] if text.startswith("\ufeff") else text
        self.filename = filename
        _check_text(self.text, filename)
        collecting = gc.isenabled()
        gc.disable()  # a tree is tens of thousands of objects, none of them garbage
        try:
            self.tree = ast.parse(self.text, filename)
            self.code = compile(self.tree, filename, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise Refused(
                f"{filename}:{error.lineno or 1} does not compile ({error.msg}): correct it; the running code stays.", line=error.lineno or 1
            ) from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise Refused(f"{filename} does not compile ({error}): correct it; the running code stays.") from error
        finally:
            if collecting:
                gc.enable()
        self.flags = self.code.co_flags & _FUTURE_FLAGS
        self._lines: Optional[list[str]] = None

    def statements(self) -> list[Statement]:
        """Return the statements of the module."""
        return self.cut(self.tree.body, self.code)

    def cut(self, body: Sequence[ast.stmt], code: CodeType, conditional: bool = False) -> list[Statement]:
        """Cut a body up and give each statement the code objects that begin on its lines."""
        return _cut(self, body, sorted(children(code), key=_first), conditional)

    def text_of(self, node: ast.stmt) -> str:
        """Return the lines of a statement, decorators included."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        first, last = first_line(node), node.end_lineno or node.lineno
        return "\n".join([str(node.col_offset), *self._lines[first - 1 : last]])


def decode(data: bytes, filename: str) -> str:
    """Return the text of a file's bytes; raises Refused where they are not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(f"{filename}:{line} is not in the encoding UTF-8, the only one that is reloaded: save it as UTF-8.", line=line) from error


def source(text: str, filename: str) -> Source:
    """Return a Source, kept from last time where the text is the same: what was new is the base of the next change."""
    key = (filename, text)
    found = _recent.pop(key, None) or Source(text, filename)
    _recent[key] = found
    if len(_recent) > MAX_RECENT:
        del _recent[next(iter(_recent))]
    return found


def _check_text(text: str, filename: str) -> None:
    for line in text.split("\n", 2)[:2]:
        cookie = _COOKIE.match(line)
        if cookie and cookie[1].lower() not in _UTF8:
            raise Refused(f"{filename} declares the encoding {cookie[1]} and only utf-8 is reloaded: save it as utf-8.")
    if len(text) > MAX_BYTES:
        raise Refused(f"{filename} has more than {MAX_BYTES >> 20} MiB, which is not reloaded: restart the program for it.")
    if "\0" in text:
        raise Refused(f"{filename} holds a NUL byte, which is not Python: correct it; the running code stays.")
    if "\r" in text and "\r" in text.replace("\r\n", "\n"):
        raise Refused(f"{filename} has a carriage return inside a line, which hides what Python runs: save it with one kind of line end.")
    feed = _FEED.search(text) if "\f" in text else None
    if feed:
        number = text.count("\n", 0, feed.start()) + 1
        raise Refused(f"{filename}:{number} has a form feed in its indentation, which hides how deep Python reads it: take it out.", line=number)
    hidden = _HIDDEN.search(text) if not text.isascii() else None
    if hidden:
        number = text.count("\n", 0, hidden.start()) + 1
        raise Refused(f"{filename}:{number} holds the invisible character U+{ord(hidden[0]):04X}, which hides what Python runs: take it out.", line=number)


def _future_flags() -> int:
    import __future__

    flags: int = 0
    for name in __future__.all_feature_names:
        flags |= int(getattr(__future__, name).compiler_flag)
    return flags & ~0x10  # nested_scopes shares its bit with CO_NESTED


_FUTURE_FLAGS = _future_flags()


def children(code: CodeType) -> list[CodeType]:
    """Return the code objects that a code object holds, in order."""
    return [constant for constant in code.co_consts if type(constant) is CodeType]


def first_line(node: Any) -> int:
    """Return the first line of a statement, its decorators included."""
    decorators = getattr(node, "decorator_list", ())
    return int(min([node.lineno, *(decorator.lineno for decorator in decorators)])) if decorators else int(node.lineno)


def _first(code: CodeType) -> int:
    return code.co_firstlineno


def _cut(text: Source, body: Sequence[ast.stmt], waiting: list[CodeType], conditional: bool) -> list[Statement]:
    lines = [code.co_firstlineno for code in waiting]
    found: list[Statement] = []
    taken = 0
    for node in body:
        begin = max(taken, bisect_left(lines, first_line(node)))
        end = taken = max(begin, bisect_right(lines, node.end_lineno or node.lineno))
        mine = waiting[begin:end]
        following = found[-1] if found else None
        if begin == end and following is not None and following.codes and following.node.end_lineno == node.lineno:
            mine = [code for code in following.codes if code.co_name == getattr(node, "name", None)]  # two on one line, parted by a semicolon
        found.append(Statement(node, mine, text.text_of(node), conditional))
    return found


def blocks(text: Source, statement: Statement) -> list[list[Statement]]:
    """Return the bodies of an if, try, with, for or while, in order."""
    bodies = [list(getattr(statement.node, field, None) or ()) for field in ("body", "orelse", "finalbody")]
    bodies += [list(handler.body) for handler in getattr(statement.node, "handlers", None) or ()]
    return [_cut(text, body, statement.codes, True) for body in bodies]


def _table(code: CodeType) -> bytes:
    table: Optional[bytes] = getattr(code, "co_linetable", None)
    return code.co_lnotab if table is None else table


def same_code(one: CodeType, other: CodeType) -> bool:
    """Tell whether two code objects are equal in all that can be seen, line numbers included."""
    if one is other:
        return True
    if one.co_firstlineno != other.co_firstlineno or one != other or _table(one) != _table(other):
        return False
    return all(same_code(a, b) for a, b in zip(children(one), children(other)))  # noqa: B905


def kind_flags(code: CodeType) -> int:
    """Return the flags that say whether a code is a generator, a coroutine or an asynchronous generator."""
    return code.co_flags & _KINDS


def makes_functions(code: CodeType) -> bool:
    """Tell whether running a code makes functions that live on: nested ones and lambdas, not comprehensions."""
    return any(child.co_name not in _TRANSIENT or makes_functions(child) for child in children(code))


class Pairs:
    """Which new code takes the place of which old one, over one module."""

    def __init__(self) -> None:
        self.new: dict[CodeType, CodeType] = {}
        self.closures: list[tuple[CodeType, CodeType]] = []  # nested ones whose free variables changed
        self.lost: list[CodeType] = []

    def add(self, old: CodeType, new: CodeType) -> None:
        """Pair two codes and what is nested in them, by name and order."""
        if same_code(old, new):
            return
        self.new[old] = new
        inner, candidates = children(old), children(new)
        if not inner:
            return
        self.add_all(inner, candidates)

    def add_all(self, inner: list[CodeType], candidates: list[CodeType]) -> None:
        """Pair the codes of two statements: those that do the same first, the rest by name and order."""
        left: dict[str, list[CodeType]] = {}
        for item in candidates:
            left.setdefault(item.co_name, []).append(item)
        if len(inner) != len(candidates):
            inner = [item for item in inner if not self._moved(item, left.get(item.co_name, []))]
        for item in inner:
            names = left.get(item.co_name)
            if not names:
                self.lost.append(item)
                continue
            chosen = names.pop(0)
            if chosen.co_freevars == item.co_freevars and kind_flags(chosen) == kind_flags(item):
                self.add(item, chosen)
            else:
                self.closures.append((item, chosen))

    def _moved(self, item: CodeType, candidates: list[CodeType]) -> bool:
        for position, other in enumerate(candidates):
            if (item.co_code, item.co_names, item.co_freevars) == (other.co_code, other.co_names, other.co_freevars) and _plain(item) == _plain(other):
                self.add(item, candidates.pop(position))
                return True
        return False


def _plain(code: CodeType) -> list[str]:
    return [repr(constant) for constant in code.co_consts if type(constant) is not CodeType]


def moved_only(old: CodeType, new: CodeType) -> bool:
    """Tell whether two codes do the same and only stand on other lines."""
    fields = ("co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount")
    if old.co_code != new.co_code or any(getattr(old, field) != getattr(new, field) for field in fields) or (old.co_flags ^ new.co_flags) & ~_FUTURE_FLAGS:
        return False
    if getattr(old, "co_exceptiontable", b"") != getattr(new, "co_exceptiontable", b"") or len(old.co_consts) != len(new.co_consts):
        return False
    for one, two in zip(old.co_consts, new.co_consts):  # noqa: B905
        if type(one) is not type(two):
            return False
        if type(one) is CodeType:
            if not moved_only(one, two):
                return False
        elif repr(one) != repr(two):
            return False
    return True
