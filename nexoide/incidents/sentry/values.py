"""Variables of a frame as SDKs send them: mostly what `repr` gave, sometimes plain JSON whose texts are reprs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from nexoide.incidents.bounded import text
from nexoide.model.failure import ValueView
from nexoide.probe.redact import mark, secret_name

MAX_REPR = 200
MAX_DEPTH = 3
MAX_ITEMS = 6
_OBJECT = re.compile(r"<(?:(?P<module>[A-Za-z_][\w.]{0,200})\.)?(?P<name>[A-Za-z_]\w{0,100}) (?:object|instance) at 0x")
_CALL = re.compile(r"(?P<name>[A-Za-z_]\w{0,100})\(")
_NUMBER = re.compile(r"-?\d{1,40}(?P<part>\.\d{0,40}(?:e[-+]?\d{1,5})?|e[-+]?\d{1,5})?\Z")
_WORDS = {"None": "NoneType", "True": "bool", "False": "bool"}
_BRACKETS = {"'": "str", '"': "str", "[": "list", "(": "tuple", "{": "dict"}


def view(name: str, value: Any) -> ValueView:
    """Return what may be known of a variable: its type as far as its text says it, and a bounded text without secrets."""
    kind = secret_name(name)
    if isinstance(value, str):
        return _secret(kind, value) if kind and value not in {"None", "''"} else _of_text(value) if len(value) <= MAX_REPR else _long(value)
    shown = _shown(value, 0)
    known = "NoneType" if value is None else type(value).__name__
    return ValueView(type=known, module="builtins", repr=mark(kind, shown) if kind and value is not None else text(shown, MAX_REPR))


def _secret(kind: str, value: str) -> ValueView:
    plain = _long(value)
    return ValueView(type=plain.type, module=plain.module, repr=mark(kind, value.strip("'\"")))


@lru_cache(maxsize=4096)
def _of_text(value: str) -> ValueView:
    return _long(value)


def _long(value: str) -> ValueView:
    kind, module = _type_of(value)
    return ValueView(type=kind, module=module, repr=text(value, MAX_REPR))


def _type_of(value: str) -> tuple[str, str]:
    """Return type and module of a repr; empty where it does not say."""
    if value in _WORDS:
        return _WORDS[value], "builtins"
    number = _NUMBER.match(value)
    if number:
        return "float" if number["part"] else "int", "builtins"
    if value[:1] in _BRACKETS:
        return _BRACKETS[value[0]], "builtins"
    if value[:2] in {"b'", 'b"'}:
        return "bytes", "builtins"
    found = _OBJECT.match(value)
    if found:
        return found["name"], found["module"] or ""
    called = _CALL.match(value)
    return (called["name"], "") if called else ("", "")


def _shown(value: Any, depth: int) -> str:
    """Return JSON data as Python would write it; texts inside are reprs already."""
    if isinstance(value, str):
        return value[:MAX_REPR]
    if isinstance(value, dict | list):
        if depth >= MAX_DEPTH:
            return "{…}" if isinstance(value, dict) else "[…]"
        more = ", …" if len(value) > MAX_ITEMS else ""
        if isinstance(value, list):
            return "[" + ", ".join(_shown(item, depth + 1) for item in value[:MAX_ITEMS]) + more + "]"
        pairs = [f"{key[:MAX_REPR]!r}: {_shown(item, depth + 1)}" for key, item in list(value.items())[:MAX_ITEMS]]
        return "{" + ", ".join(pairs) + more + "}"
    if isinstance(value, int) and not -(1 << 256) < value < 1 << 256:
        return "…"
    return str(value)
