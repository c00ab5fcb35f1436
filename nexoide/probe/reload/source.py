"""One text of a module: its tree, its code, and which code objects belong to which statement."""

from __future__ import annotations

import ast
import re
from types import CodeType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Optional

_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_UTF8 = ("utf-8", "utf8", "utf_8", "utf-8-sig")
_GENERIC = "<generic parameters of "


class Refused(Exception):  # noqa: N818
    """The reload cannot be carried out live; the message is one sentence that says why and what to do."""


class Statement:
    """One statement of a module or class body with the code objects that it holds, in order."""

    def __init__(self, node: ast.stmt, codes: list[CodeType]) -> None:
        self.node = node
        self.codes = codes
        self.dump = ast.dump(node)

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
        self.text = text.lstrip("\ufeff") if text.startswith("\ufeff") else text
        self.filename = filename
        for line in self.text.split("\n", 2)[:2]:
            cookie = _COOKIE.match(line)
            if cookie and cookie[1].lower() not in _UTF8:
                raise Refused(f"{filename} declares the encoding {cookie[1]} and only utf-8 is reloaded: save it as utf-8.")
        try:
            self.tree = ast.parse(self.text, filename)
            self.code = compile(self.text, filename, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Refused(f"{filename} does not compile ({error}): correct it.") from error
        self.flags = self.code.co_flags & _FUTURE_FLAGS

    def statements(self) -> list[Statement]:
        """Return the statements of the module."""
        return statements(self.tree.body, self.code)


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
    return int(min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))]))


def statements(body: Sequence[ast.stmt], code: CodeType) -> list[Statement]:
    """Cut a body up and give each statement the code objects that begin on its lines."""
    waiting = children(code)
    found = []
    for node in body:
        first, last = first_line(node), node.end_lineno or node.lineno
        mine = [item for item in waiting if first <= item.co_firstlineno <= last]
        waiting = [item for item in waiting if not any(item is taken for taken in mine)]
        found.append(Statement(node, mine))
    return found


def _table(code: CodeType) -> bytes:
    table: Optional[bytes] = getattr(code, "co_linetable", None)
    return code.co_lnotab if table is None else table


def same_code(one: CodeType, other: CodeType) -> bool:
    """Tell whether two code objects are equal in all that can be seen, line numbers included."""
    if one != other or _table(one) != _table(other):
        return False
    return all(same_code(a, b) for a, b in zip(children(one), children(other)))  # noqa: B905


def kind_flags(code: CodeType) -> int:
    """Return the flags that say whether a code is a generator, a coroutine or an asynchronous generator."""
    return code.co_flags & (0x20 | 0x80 | 0x100 | 0x200)


def pair(old: CodeType, new: CodeType, pairs: dict[CodeType, CodeType], lost: list[CodeType]) -> None:
    """Note which new code takes the place of which old one, nested ones by name and order; `lost` gets those that none does."""
    if not same_code(old, new):
        pairs[old] = new
    left: dict[str, list[CodeType]] = {}
    for item in children(new):
        left.setdefault(item.co_name, []).append(item)
    for item in children(old):
        candidates = left.get(item.co_name)
        if not candidates:
            lost.append(item)
            continue
        chosen = candidates.pop(0)
        if chosen.co_freevars == item.co_freevars and kind_flags(chosen) == kind_flags(item):
            pair(item, chosen, pairs, lost)
        else:
            lost.append(item)
