"""Looks at a program's values without running any of the program's code.

No `__repr__`, `__getattr__`, property, metaclass or descriptor of its classes is called: types are read through the
slots of `type` itself, and only values of exact builtin types are shown; of everything else its type is.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType, GetSetDescriptorType, MethodType, ModuleType

from .redact import mark, redact, secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

MAX_REPR = 200
MAX_ATTRIBUTES = 64
MAX_ITEMS = 6
MAX_DEPTH = 3
MAX_KEYS = 64

_qualname = type.__dict__["__qualname__"].__get__
_type_module = type.__dict__["__module__"].__get__
_mro = type.__dict__["__mro__"].__get__
_type_vars = type.__dict__["__dict__"].__get__
_module_vars = vars(ModuleType)["__dict__"].__get__
_function_name = FunctionType.__dict__["__qualname__"].__get__


class Kinds:
    """Some classes, asked by identity: a class in a tuple or dict is compared and hashed by its metaclass, which is the program's code."""

    __slots__ = ("_ids", "_kinds")

    def __init__(self, *kinds: type) -> None:
        self._kinds = kinds  # kept alive for their ids
        self._ids = frozenset(map(id, kinds))

    def __iter__(self) -> Iterator[type]:
        return iter(self._kinds)

    def __contains__(self, kind: object) -> bool:
        return id(kind) in self._ids


BOUND_KINDS = Kinds(staticmethod, classmethod)
SEQUENCES = Kinds(list, tuple)
SETS = Kinds(set, frozenset)
FROZEN = Kinds(tuple, frozenset)
_CONTAINERS = Kinds(list, tuple, set, frozenset, dict)
_WHOLE = Kinds(int, float, bool, type(None))
_SCALARS = Kinds(int, float, complex, bool, type(None), type(Ellipsis), range)


def type_name(kind: type) -> str:
    """Return the qualified name of a class, whatever its metaclass does."""
    name = _qualname(kind)
    return str(name)[:MAX_REPR] if type(name) is str else "?"


def type_module(kind: type) -> str:
    """Return the name of the module in which a class says that it was made; "" where it says nothing usable."""
    name = _type_module(kind)
    return name[:MAX_REPR] if type(name) is str else ""


def instance_vars(value: Any) -> dict[str, Any]:
    """Return the instance's own dict, found past any `__dict__` that its class defines; empty where it has none."""
    if issubclass(type(value), ModuleType):
        return _module_vars(value)  # type: ignore[no-any-return]
    for kind in _mro(type(value)):
        descriptor = _type_vars(kind).get("__dict__")
        if type(descriptor) is GetSetDescriptorType:
            found = descriptor.__get__(value)
            return found if type(found) is dict else {}
        if descriptor is not None:
            return {}
    return {}


def public_names(value: Any) -> list[str]:
    """Return the public attribute names of a value: its own first, then those of its class and bases; at most 64."""
    found: dict[str, None] = {}
    is_class = issubclass(type(value), type)
    _collect(found, () if is_class else instance_vars(value))
    for kind in _mro(value if is_class else type(value)):
        if kind is not object:
            _collect(found, _type_vars(kind))
    return list(found)


def _collect(found: dict[str, None], names: Iterable[Any]) -> None:
    for name in list(names):
        if len(found) >= MAX_ATTRIBUTES:
            return
        if type(name) is str and not name.startswith("_"):
            found[name[:MAX_REPR]] = None


def module_file(name: str) -> str:
    """Return the file of an imported module, "" where there is none."""
    module = sys.modules.get(name)
    if not issubclass(type(module), ModuleType):
        return ""
    file = _module_vars(module).get("__file__")
    return file if type(file) is str else ""


def view(value: Any, name: str = "", *, attributes: bool = True, builtin: bool = False) -> dict[str, Any]:
    """Return the ValueView of a value that goes under `name`, as a dict.

    Attribute names are left out where `attributes` is false, and for instances of builtin types unless `builtin` is true.
    """
    kind = type(value)
    about = value if issubclass(kind, type) else kind
    if issubclass(kind, ModuleType):
        file = _module_vars(value).get("__file__")
        builtin = True
    else:
        file = module_file(type_module(about)) if type_module(about) != "builtins" else ""
    known = attributes and (builtin or type_module(about) != "builtins")
    return {
        "type": type_name(kind),
        "module": type_module(kind),
        "repr": shown(value, name),
        "file": file if type(file) is str else "",
        "attributes": public_names(value) if known else [],
        **_measured(value, kind, name),
    }


def _measured(value: Any, kind: type, name: str) -> dict[str, Any]:
    """Return length, keys and whether the repr is the whole value, for values of builtin types alone."""
    if kind in _WHOLE:
        return {"literal": not secret_name(name) and _is_plain(value, 0)}
    if kind is str or kind is bytes:
        text = repr(value) if len(value) < MAX_REPR else ""
        return {"length": len(value), "literal": bool(text) and len(text) <= MAX_REPR and not secret_name(name) and redact(text) == text}
    if kind not in _CONTAINERS:
        return {}
    found: dict[str, Any] = {"length": len(value)}
    if kind is dict:
        try:
            found["keys"] = [_show(key, 1) for _, key in zip(range(MAX_KEYS), value)]  # noqa: B905
        except RuntimeError:
            return {}
    found["literal"] = not secret_name(name) and kind is not frozenset and _is_whole(value, kind, 0) and redact(_show(value, 0)) == _show(value, 0)
    return found


def _is_whole(value: Any, kind: type, depth: int) -> bool:
    """Tell whether the repr of a container shows all of it: few items, not deep, nothing but plain values."""
    if len(value) > MAX_ITEMS or depth >= MAX_DEPTH or (kind is set and not value):
        return False
    try:
        items = [part for pair in value.items() for part in pair] if kind is dict else list(value)
    except RuntimeError:
        return False
    secret = kind is dict and any(secret_name(key) for key in value if type(key) is str)
    return not secret and len(_show(value, depth)) < MAX_REPR and all(_is_plain(item, depth + 1) for item in items)


def _is_plain(item: Any, depth: int) -> bool:
    kind = type(item)
    if kind is str or kind is bytes:
        return len(item) < MAX_REPR // 2
    if kind is float:
        return bool(item - item == 0)
    if kind is int:
        return bool(-(1 << 256) < item < 1 << 256)
    return kind in _WHOLE or (kind in _CONTAINERS and kind is not frozenset and _is_whole(item, kind, depth))


def shown(value: Any, name: str = "") -> str:
    """Return at most 200 characters that stand for the value, without secrets and without calling its class."""
    kind = secret_name(name)
    if kind and value is not None and type(value) is not bool:
        return mark(kind, value if type(value) is str else "")
    text = redact(_show(value, 0))
    return text if len(text) <= MAX_REPR else text[: MAX_REPR - 1] + "…"


def _show(value: Any, depth: int) -> str:
    kind = type(value)
    if kind is str:
        return repr(redact(value[: MAX_REPR * 4])[: MAX_REPR * 2])
    if kind is int and not -(1 << 256) < value < 1 << 256:
        return f"<int of {value.bit_length()} bits>"
    if kind in _SCALARS:
        return repr(value)
    if kind is bytes or kind is bytearray:
        return repr(bytes(value[:MAX_REPR]))
    if kind in _CONTAINERS:
        return _show_container(value, kind, depth)
    if kind is FunctionType:
        return f"<function {_function_name(value)}>"
    if kind is MethodType and type(value.__func__) is FunctionType:
        return f"<bound method {_function_name(value.__func__)}>"
    if kind is BuiltinFunctionType:
        return f"<built-in function {value.__name__}>"
    if issubclass(kind, type):
        return f"<class {type_module(value)}.{type_name(value)}>"
    if issubclass(kind, ModuleType):
        named = _module_vars(value).get("__name__")
        return f"<module {named if type(named) is str else '?'}>"
    return f"<{type_name(kind)}>"


def _show_container(value: Any, kind: type, depth: int) -> str:
    if depth >= MAX_DEPTH:
        return f"<{kind.__name__} of {len(value)}>"
    try:
        head = [item for _, item in zip(range(MAX_ITEMS), value.items() if kind is dict else value)]  # noqa: B905
    except RuntimeError:
        return f"<{kind.__name__} changing>"
    if kind is dict:
        parts = [f"{_show(key, depth + 1)}: {_show_item(key, item, depth)}" for key, item in head]
    else:
        parts = [_show(item, depth + 1) for item in head]
    if len(value) > MAX_ITEMS:
        parts.append(f"… {len(value) - MAX_ITEMS} more")
    inside = ", ".join(parts)
    if kind is list:
        return f"[{inside}]"
    if kind is tuple:
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if kind is dict:
        return "{" + inside + "}"
    if not value:
        return f"{kind.__name__}()"
    return "{" + inside + "}" if kind is set else f"frozenset({{{inside}}})"


def _show_item(key: Any, item: Any, depth: int) -> str:
    secret = secret_name(key) if type(key) is str else ""
    if secret and item is not None and type(item) is not bool:
        return mark(secret, item if type(item) is str else "")
    return _show(item, depth + 1)
