"""What people coming from elsewhere call the methods of Python's own types, and how Python says the same.

Each idiom turns one use, as its text, into the text that has the same meaning; None where it would not fit.
"""

from __future__ import annotations

import ast

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import Module

_ALIASES = {
    "defaultdict": "dict",
    "OrderedDict": "dict",
    "Counter": "dict",
    "frozenset": "set",
    "bytearray": "bytes",
    "PosixPath": "Path",
    "WindowsPath": "Path",
    "PurePosixPath": "Path",
}

RENAMES: dict[str, dict[str, str]] = {
    "list": {
        "push": "append",
        "add": "append",
        "push_back": "append",
        "put": "append",
        "append_all": "extend",
        "appendAll": "extend",
        "addAll": "extend",
        "add_all": "extend",
        "push_all": "extend",
        "update": "extend",
        "indexOf": "index",
        "index_of": "index",
        "find": "index",
        "delete": "remove",
        "discard": "remove",
        "removeAll": "clear",
        "empty": "clear",
    },
    "dict": {
        "iteritems": "items",
        "itervalues": "values",
        "iterkeys": "keys",
        "viewitems": "items",
        "viewvalues": "values",
        "viewkeys": "keys",
        "addAll": "update",
        "merge": "update",
        "putAll": "update",
        "extend": "update",
        "entries": "items",
        "entrySet": "items",
        "keySet": "keys",
        "getOrDefault": "get",
        "get_or_default": "get",
        "set_default": "setdefault",
    },
    "set": {
        "append": "add",
        "push": "add",
        "insert": "add",
        "put": "add",
        "extend": "update",
        "addAll": "update",
        "add_all": "update",
        "delete": "discard",
        "subtract": "difference",
        "intersect": "intersection",
    },
    "deque": {
        "push": "append",
        "add": "append",
        "enqueue": "append",
        "put": "append",
        "push_back": "append",
        "push_front": "appendleft",
        "prepend": "appendleft",
        "shift": "popleft",
        "dequeue": "popleft",
        "poll": "popleft",
        "pop_front": "popleft",
        "pop_left": "popleft",
        "append_left": "appendleft",
    },
    "Path": {
        "isfile": "is_file",
        "isdir": "is_dir",
        "listdir": "iterdir",
        "delete": "unlink",
        "remove": "unlink",
        "abspath": "resolve",
        "realpath": "resolve",
        "expand_user": "expanduser",
        "read": "read_text",
        "write": "write_text",
        "join": "joinpath",
    },
    "datetime": {"to_iso": "isoformat", "toisoformat": "isoformat", "format": "strftime", "to_timestamp": "timestamp", "epoch": "timestamp"},
    "str": {
        "trim": "strip",
        "trimStart": "lstrip",
        "trimEnd": "rstrip",
        "ltrim": "lstrip",
        "rtrim": "rstrip",
        "chomp": "rstrip",
        "toUpperCase": "upper",
        "to_upper": "upper",
        "toupper": "upper",
        "uppercase": "upper",
        "toLowerCase": "lower",
        "to_lower": "lower",
        "tolower": "lower",
        "lowercase": "lower",
        "downcase": "lower",
        "upcase": "upper",
        "indexOf": "find",
        "replaceAll": "replace",
        "replace_all": "replace",
        "starts_with": "startswith",
        "ends_with": "endswith",
        "isNumeric": "isnumeric",
        "is_digit": "isdigit",
        "padStart": "rjust",
        "padEnd": "ljust",
        "explode": "split",
    },
}
RENAMES["bytes"] = RENAMES["str"]

_SIZED = frozenset(["list", "dict", "set", "tuple", "str", "bytes", "deque", "range", "dict_keys", "dict_values", "dict_items"])
_LENGTHS = frozenset(["length", "len", "size", "Length", "count", "Count", "getLength", "get_length"])
_CONTAINS = frozenset(["contains", "includes", "has", "has_key", "hasKey", "containsKey", "contains_key", "include", "has_value", "exists"])
_PUTS = frozenset(["put", "add", "set", "insert", "set_item", "put_item"])


# What is read, and not called.
_READ = {
    "Path": {"basename": "name", "filename": "name", "file_name": "name", "dirname": "parent", "directory": "parent", "folder": "parent"}
    | {"extension": "suffix", "ext": "suffix", "basename_without_ext": "stem"},
}


def base_type(name: str) -> str:
    """Return the built-in type whose methods a type has: `collections.defaultdict` is a dict."""
    last = name.rsplit(".", 1)[-1]
    return _ALIASES.get(last, last)


def rename(kind: str, attribute: str, call: ast.Call | None) -> str:
    """Return the method that a built-in type has for a foreign name, "" where there is none."""
    if call is None:
        return _READ.get(kind, {}).get(attribute, "")
    new = RENAMES.get(kind, {}).get(attribute, "")
    if new in ("append", "add", "appendleft", "remove", "discard") and (len(call.args) != 1 or call.keywords):
        return ""
    if (new == "find" or attribute == "removeAll" or attribute == "empty") and bool(call.args) != (new == "find"):
        return ""
    return new


def expression(module: Module, kind: str, node: ast.Attribute, call: ast.Call | None) -> tuple[str, str] | None:
    """Return the text that says in Python what a foreign method means, and what it is in words; None where there is none.

    It stands in the place of the whole call, or of the attribute where it was not called.
    """
    whole: ast.expr = call if call is not None else node
    receiver = module.segment(node.value)
    given = [module.segment(item) for item in call.args] if call is not None else []
    name = node.attr
    if call is not None and (call.keywords or any(isinstance(item, ast.Starred) for item in call.args)):
        return None
    if name in _LENGTHS and kind in _SIZED and not given:
        return f"len({receiver})", "its length is len()"
    if call is None:
        return None
    if name in _CONTAINS and len(given) == 1 and kind in _SIZED:
        return _inside(module, whole, given[0], call.args[0], receiver), "whether it holds something is asked with in"
    if kind == "dict" and name in _PUTS and len(given) == 2 and isinstance(module.parents.get(call), ast.Expr):
        return f"{receiver}[{given[0]}] = {given[1]}", "an item is set with [...] ="
    if kind == "dict" and name in ("remove", "delete", "discard") and len(given) == 1 and isinstance(module.parents.get(call), ast.Expr):
        return f"del {receiver}[{given[0]}]", "an item is removed with del"
    if kind == "list":
        return _of_list(module, whole, name, receiver, given, call)
    if kind in ("str", "bytes"):
        return _of_text(kind, name, receiver, given)
    return None


def _of_list(module: Module, whole: ast.expr, name: str, receiver: str, given: list[str], call: ast.Call) -> tuple[str, str] | None:
    if name == "join" and len(given) == 1:
        separator = given[0] if isinstance(call.args[0], ast.Constant | ast.Name | ast.Attribute) else f"({given[0]})"
        return f"{separator}.join({receiver})", "join is a method of the separator"
    if name == "get" and len(given) == 1 and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, int):
        return f"{receiver}[{given[0]}]", "an item is read with [...]"
    fixed = {"shift": "pop(0)", "popleft": "pop(0)", "dequeue": "pop(0)", "pop_front": "pop(0)", "peek": "[-1]", "last": "[-1]", "first": "[0]"}
    if name in fixed and not given:
        new = fixed[name]
        return receiver + (new if new.startswith("[") else f".{new}"), f"a list has {new} for it"
    if name in ("unshift", "prepend", "push_front", "appendleft", "addFirst") and len(given) == 1:
        return f"{receiver}.insert(0, {given[0]})", "a list takes a first item with insert(0, ...)"
    if name in ("is_empty", "isEmpty", "empty") and not given:
        text = f"not {receiver}"
        return (text if _is_condition(module, whole) else f"({text})"), "an empty list is false"
    return None


def _of_text(kind: str, name: str, receiver: str, given: list[str]) -> tuple[str, str] | None:
    if name == "substring" and len(given) in (1, 2):
        return f"{receiver}[{given[0]}:{given[1] if len(given) > 1 else ''}]", "a part of a text is read with [a:b]"
    if name == "charAt" and len(given) == 1:
        return f"{receiver}[{given[0]}]", "a character is read with [...]"
    if (kind, name) in (("str", "decode"), ("bytes", "encode")):
        return receiver, f"it is {'text' if kind == 'str' else 'bytes'} already"
    if name in ("reverse", "reversed") and not given:
        return f"{receiver}[::-1]", "a text is reversed with [::-1]"
    return None


def _inside(module: Module, whole: ast.expr, item: str, node: ast.expr, receiver: str) -> str:
    left = f"({item})" if isinstance(node, ast.BoolOp | ast.Compare | ast.IfExp | ast.Lambda | ast.NamedExpr | ast.GeneratorExp) else item
    text = f"{left} in {receiver}"
    parent = module.parents.get(whole)
    return text if _is_condition(module, whole) or isinstance(parent, ast.BoolOp) else f"({text})"


def _is_condition(module: Module, whole: ast.expr) -> bool:
    """Say whether the expression stands where any other may stand without parentheses."""
    parent = module.parents.get(whole)
    if isinstance(parent, ast.If | ast.While | ast.IfExp | ast.Assert):
        return parent.test is whole
    if isinstance(parent, ast.comprehension):
        return whole in parent.ifs
    return isinstance(parent, ast.Return | ast.Assign | ast.AnnAssign | ast.keyword | ast.Expr) or (isinstance(parent, ast.Call) and whole in parent.args)


def negated(module: Module, call: ast.Call, text: str) -> Edit | None:
    """Return `a not in b` for a `not b.contains(a)`; None where the call is not negated."""
    parent = module.parents.get(call)
    if not isinstance(parent, ast.UnaryOp) or not isinstance(parent.op, ast.Not) or not text.startswith("(") or " in " not in text:
        return None
    inner = text[1:-1]
    item, _, receiver = inner.rpartition(" in ")
    above = module.parents.get(parent)
    plain = f"{item} not in {receiver}"
    free = isinstance(above, ast.BoolOp) or _is_condition(module, parent)
    return Edit(*module.span(parent), plain if free else f"({plain})")
