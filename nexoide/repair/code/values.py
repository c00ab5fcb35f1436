"""Reads what a view shows of a value back into plain values: whole where it is whole, else as much as can be seen."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any, Final

from nexoide.model.failure import ValueView
from nexoide.repair.context import Context

MAX_PARTS = 400
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*\.?\d*(?:[eE][-+]?\d+)?|\.\d+|inf|nan)j?")
_STRING = re.compile(r"[bBrRuU]{0,2}('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", re.DOTALL)
_OPEN_STRING = re.compile(r"[bBrRuU]{0,2}(?:'(?:[^'\\]|\\.)*|\"(?:[^\"\\]|\\.)*)", re.DOTALL)
_NAMED = {"None": None, "True": True, "False": False, "Ellipsis": Ellipsis}
_CALL = re.compile(r"([A-Za-z_][\w.]*)\(")


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of which only its text is known: an object, or what was cut off."""

    text: str

    @property
    def type(self) -> str:
        """The last part of the class's name, as far as the text shows one: `<Color>`, `datetime.date(2024, 1, 2)`, `<Color.RED: 1>`."""
        found = re.match(r"<?(?:class ')?([A-Za-z_][\w.]*)", self.text)
        name = found[1] if found else ""
        return name.split(".")[0] if re.match(r"<[\w.]+:", self.text) else name.rsplit(".", 1)[-1]


class Mapping(dict[Any, Any]):
    """A dict as it was seen; `whole` is False where items were left out."""

    whole = True


class Row(list[Any]):
    """A list, tuple or set as it was seen; `kind` is its type's name."""

    whole = True
    kind = "list"


_INNER = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<lambda>")
MISSING: Final = Opaque("")


class _Reader:
    """Reads one repr from left to right; what cannot be read becomes Opaque."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.left = MAX_PARTS
        self.cut = False

    def value(self) -> Any:
        self.left -= 1
        self._space()
        if self.at >= len(self.text) or self.left < 0 or self.text[self.at] == "…":
            self.cut = True
            return MISSING
        here = self.text[self.at]
        if here == "{":
            return self._braces()
        if here in "([":
            return self._items(")" if here == "(" else "]", "tuple" if here == "(" else "list")
        if here == "<":
            return self._angle()
        return self._scalar()

    def _scalar(self) -> Any:
        found = _STRING.match(self.text, self.at)
        if found:
            self.at = found.end()
            try:
                return ast.literal_eval(found[0])
            except (ValueError, SyntaxError):
                return Opaque(found[0])
        opened = _OPEN_STRING.match(self.text, self.at)
        if opened:
            self.at, self.cut = len(self.text), True
            return Opaque(opened[0])
        call = _CALL.match(self.text, self.at)
        if call:
            return self._call(call)
        number = _NUMBER.match(self.text, self.at)
        word = re.compile(r"[A-Za-z_][\w.]*").match(self.text, self.at)
        if number and not (word and word[0] not in ("inf", "nan")):
            self.at = number.end()
            return _number(number[0])
        if word:
            self.at = word.end()
            return _NAMED[word[0]] if word[0] in _NAMED else Opaque(word[0])
        start, self.at = self.at, self.at + 1
        return Opaque(self.text[start])

    def _call(self, call: re.Match[str]) -> Any:
        start, self.at = self.at, call.end() - 1
        inner = self._items(")", "tuple")
        name = call[1].rsplit(".", 1)[-1]
        if name in ("OrderedDict", "defaultdict", "Counter", "frozenset", "set", "deque") and (not inner or isinstance(inner[-1], Mapping | Row)):
            return inner[-1] if inner else _row("set") if name in ("set", "frozenset", "deque") else Mapping()
        return Opaque(self.text[start : self.at])

    def _angle(self) -> Opaque:
        start, depth = self.at, 0
        while self.at < len(self.text):
            depth += {"<": 1, ">": -1}.get(self.text[self.at], 0)
            self.at += 1
            if depth == 0:
                return Opaque(self.text[start : self.at])
        self.cut = True
        return Opaque(self.text[start:])

    def _items(self, closing: str, kind: str) -> Row:
        self.at += 1
        found = _row(kind)
        while True:
            self._space()
            if self._ends(closing):
                break
            if self._left_out():
                found.whole = False
                continue
            found.append(self.value())
            if self.cut:
                found.whole = False
                break
            self._comma()
        return found

    def _braces(self) -> Mapping | Row:
        self.at += 1
        mapping, row = Mapping(), _row("set")
        is_set = False
        while True:
            self._space()
            if self._ends("}"):
                break
            if self._left_out():
                mapping.whole = row.whole = False
                continue
            key = self.value()
            self._space()
            if self.at < len(self.text) and self.text[self.at] == ":":
                self.at += 1
                value = self.value()
                _put(mapping, key, value)
            else:
                is_set = is_set or not self.cut
                row.append(key)
            if self.cut:
                mapping.whole = row.whole = False
                break
            self._comma()
        return row if is_set and not mapping else mapping

    def _left_out(self) -> bool:
        found = re.compile(r"…(?: \d+ more)?|\.\.\.").match(self.text, self.at)
        if found:
            self.at = found.end()
            self._comma()
        return found is not None

    def _ends(self, closing: str) -> bool:
        if self.at >= len(self.text):
            self.cut = True
            return True
        if self.text[self.at] in ")]}":
            self.at += 1
            return True
        return False

    def _comma(self) -> None:
        self._space()
        if self.at < len(self.text) and self.text[self.at] == ",":
            self.at += 1
        elif self.at < len(self.text) and self.text[self.at] not in ")]}":
            self.at += 1  # what is not a repr of ours: go on, never in a circle

    def _space(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \n\t":
            self.at += 1


def _row(kind: str) -> Row:
    found = Row()
    found.kind = kind
    return found


def _number(text: str) -> Any:
    try:
        return complex(text) if text.endswith("j") else int(text) if re.fullmatch(r"[-+]?\d[\d_]*", text) and len(text) < 100 else float(text)
    except ValueError:
        return Opaque(text)


def _put(mapping: Mapping, key: Any, value: Any) -> None:
    try:
        mapping[freeze(key)] = value
    except TypeError:
        mapping.whole = False


def freeze(value: Any) -> Any:
    """Return a value that can be a key: rows become tuples, all else stays."""
    return tuple(freeze(item) for item in value) if isinstance(value, Row) else value


def read(text: str) -> Any:
    """Return what a repr shows: scalars as they are, `Mapping`, `Row`, and `Opaque` for the rest; `MISSING` for nothing."""
    reader = _Reader(text.strip())
    found = reader.value()
    if reader.cut and isinstance(found, Mapping | Row):
        found.whole = False
    return found


def seen(view: ValueView | None) -> Any:
    """Return what is known of a viewed value; `MISSING` where nothing is."""
    if view is None or not view.repr:
        return MISSING
    found = read(view.repr)
    if isinstance(found, Opaque) and view.keys:
        found = Mapping()
        found.whole = False
    if isinstance(found, Mapping) and view.keys:
        for text in view.keys:
            _put_absent(found, read(text))
        found.whole = found.whole or len(view.keys) == view.length
    if isinstance(found, Row) and view.length >= 0:
        found.whole = found.whole and len(found) == view.length
    return found


def _put_absent(mapping: Mapping, key: Any) -> None:
    if freeze(key) not in mapping:
        _put(mapping, key, MISSING)


def value_of(context: Context, node: ast.expr, depth: int = 0) -> Any:
    """Return what an expression was in the failing frame, as far as its locals show it; `MISSING` otherwise."""
    if depth > 8:
        return MISSING
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return seen(view_of(context, node))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = value_of(context, node.operand, depth + 1)
        return -inner if isinstance(inner, int | float) else MISSING
    if isinstance(node, ast.Tuple):
        return tuple(freeze(value_of(context, item, depth + 1)) for item in node.elts)
    if isinstance(node, ast.Subscript):
        return _item(value_of(context, node.value, depth + 1), value_of(context, node.slice, depth + 1))
    return MISSING


def view_of(context: Context, node: ast.expr) -> ValueView | None:
    """Return what is known of a name's value: in the failing frame, or in the running module's own where the name is not local."""
    own = context.view(node)
    if own is not None or not isinstance(node, ast.Name) or not context.frame.locals:
        return own
    frames = [frame for frame in context.raised.frames if frame.file == context.frame.file]
    place = next((number for number, frame in enumerate(frames) if frame is context.frame), 0)
    while place > 0 and frames[place].function.rsplit(".", 1)[-1] in _INNER:  # a frame of its own before 3.12
        place -= 1
        if node.id in frames[place].locals:
            return frames[place].locals[node.id]
    modules = [frame for frame in frames if frame.function == "<module>" and frame is not context.frame]
    return modules[-1].locals.get(node.id) if modules else None


def _item(owner: Any, key: Any) -> Any:
    try:
        if isinstance(owner, Mapping):
            return owner.get(freeze(key), MISSING)
        if isinstance(owner, Row | str) and isinstance(key, int):
            return owner[key] if key >= 0 or not isinstance(owner, Row) or owner.whole else MISSING
    except (IndexError, TypeError):
        return MISSING
    return MISSING


def type_of(context: Context, node: ast.expr) -> str:
    """Return the last part of the name of an expression's type in the failing frame, "" where it is not known."""
    view = view_of(context, node)
    if view is not None:
        return view.type.rsplit(".", 1)[-1]
    found = value_of(context, node)
    if found is MISSING:
        return ""
    if isinstance(found, Opaque):
        return found.type if found.text[:1] not in "'\"" else "str"
    return "dict" if isinstance(found, Mapping) else found.kind if isinstance(found, Row) else type(found).__name__
