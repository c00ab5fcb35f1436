"""What JSON has no form for: how each kind of value is written, as the project's readers expect it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.code.enums import is_enum
from nexoide.repair.code.index import Class, find_classes, last_name, members
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context

_TEXTS = frozenset(
    [
        *["date", "time", "PosixPath", "WindowsPath", "PurePosixPath", "Path", "UUID", "IPv4Address", "IPv6Address", "IPv4Network"],
        *["Fraction", "ObjectId", "SplitResult"],
    ]
)
_ROWS = frozenset(
    [
        *["generator", "map", "filter", "zip", "dict_keys", "dict_values", "dict_items", "range", "deque", "reversed", "enumerate"],
        *["odict_keys", "odict_values", "chain", "islice"],
    ]
)
_NUMPY = frozenset(["int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64", "float32", "float16", "bool_", "bool", "float64"])
_OWN = ("to_dict", "as_dict", "asdict", "to_json", "serialize", "serialise", "model_dump", "_asdict", "to_primitive", "to_builtins")


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is written: `wrap` around its text (with `{}` in its place), `default` for json's `default=`, what they need, and why."""

    wrap: str
    default: str
    sure: float
    why: str
    needs: tuple[str, str] | None = None

    def around(self, text: str, *, is_simple: bool, name: str = "") -> str:
        """Return the text of an expression with this form around it."""
        spelled = text if is_simple or not self.wrap.startswith("{}") else f"({text})"
        wrap = self.wrap.replace(self.needs[1], name, 1) if self.needs is not None and name else self.wrap
        return wrap.replace("{}", spelled)


_PLAIN = {
    "timedelta": Form("{}.total_seconds()", "lambda value: value.total_seconds()", 0.8, "a duration is written as its seconds"),
    "ndarray": Form("{}.tolist()", "lambda value: value.tolist()", 0.93, "an array is written as a list"),
    "mappingproxy": Form("dict({})", "dict", 0.92, "its items are written as a dict"),
    "Row": Form("dict({})", "dict", 0.9, "a row is written with its columns' names"),
    "DataFrame": Form('{}.to_dict("records")', 'lambda value: value.to_dict("records")', 0.8, "a table is written as a list of its rows"),
    "complex": Form("[{}.real, {}.imag]", "lambda value: [value.real, value.imag]", 0.6, "its two parts are written as a list"),
    "Pattern": Form("{}.pattern", "lambda value: value.pattern", 0.85, "a pattern is written as its text"),
}


def forms(context: Context, kind: str) -> list[Form]:
    """Return the forms for a type's name, the likeliest first."""
    project = context.project
    own = find_classes(project, kind, context.module)
    if own:
        return _of_own(project, own[0])
    if kind in ("datetime", "Timestamp"):
        return [Form("{}.isoformat()", "lambda value: value.isoformat()", 0.91, "a time is written in its ISO form")]
    if kind in _TEXTS:
        why = "a date is written in its ISO form" if kind in ("date", "time") else "its text says all of it"
        return [Form("{}.isoformat()" if kind in ("date", "time") else "str({})", "str", 0.91, why)]
    if kind == "Decimal":
        return _of_decimal(project)
    if kind in ("set", "frozenset"):
        return [Form("sorted({})", "sorted", 0.88, "a set is written as a list, sorted so that it comes out the same each time")]
    if kind in _ROWS:
        return [Form("list({})", "list", 0.92, "its items are written as a list")]
    if kind in ("bytes", "bytearray", "memoryview"):
        return _of_bytes(project, kind)
    if kind in _NUMPY:
        return [Form("{}.item()", "lambda value: value.item()", 0.92, "numpy's number is written as Python's")]
    if kind.endswith(("Error", "Exception")):
        return [Form("str({})", "str", 0.86, "an error is written as its text")]
    return [_PLAIN[kind]] if kind in _PLAIN else []


def _of_own(project: Project, item: Class) -> list[Form]:
    known = members(project, item)
    method = next((name for name in _OWN if name in known.methods), "")
    if method and method != "to_json":
        return [Form(f"{{}}.{method}()", f"lambda value: value.{method}()", 0.93, f"{item.name} has {method}() for that")]
    if is_enum(project, item):
        by_name = _is_read(project, lambda node: isinstance(node, ast.Subscript) and last_name(node.value) == item.name)
        part = "name" if by_name else "value"
        why = f"the project reads {item.name} back by its {part}" if by_name else "a member of an enumeration is written as its value"
        return [Form(f"{{}}.{part}", f"lambda value: value.{part}", 0.92, why)]
    if "BaseModel" in item.bases:
        return [Form("{}.model_dump()", "lambda value: value.model_dump()", 0.88, "a model is written as its fields")]
    if "dataclass" in item.decorators or any("dataclass" in base.decorators for name in item.bases for base in find_classes(project, name, item.module)[:1]):
        return [Form("asdict({})", "asdict", 0.92, "a dataclass is written as its fields", ("dataclasses", "asdict"))]
    if "__slots__" in item.attributes:
        return []
    public = [name for name in known.attributes if name.startswith("_")]
    return [Form("vars({})", "vars", 0.8 if not public else 0.6, f"{item.name} says nothing of its own, and its attributes are what it holds")]


def _of_decimal(project: Project) -> list[Form]:
    exact = _is_read(
        project,
        lambda node: (
            isinstance(node, ast.Call)
            and last_name(node.func) == "Decimal"
            and bool(node.args)
            and isinstance(node.args[0], ast.Subscript)
            and not isinstance(node.args[0].slice, ast.Slice)
        ),
    )
    as_text = Form("str({})", "str", 0.91 if exact else 0.74, "the project makes a Decimal of it again" if exact else "its text loses nothing")
    as_number = Form("float({})", "float", 0.5 if exact else 0.7, "what reads it may want a number")
    return [as_text, as_number]


def _of_bytes(project: Project, kind: str) -> list[Form]:
    inner = "bytes({})" if kind == "memoryview" else "{}"
    if _is_read(project, lambda node: isinstance(node, ast.Call) and last_name(node.func) == "b64decode"):
        form = Form(
            f"b64encode({inner}).decode()", "lambda value: b64encode(value).decode()", 0.92, "the project decodes base64 again", ("base64", "b64encode")
        )
        return [form]
    if _is_read(project, lambda node: isinstance(node, ast.Call) and last_name(node.func) == "fromhex"):
        return [Form(f"{inner}.hex()", "lambda value: value.hex()", 0.92, "the project reads hexadecimal digits again")]
    return [Form(f"{inner}.decode()", "lambda value: value.decode()", 0.76, "bytes of text are written as text")]


def _is_read(project: Project, wanted: object) -> bool:
    assert callable(wanted)
    return any(wanted(node) for module in project.containing("") if not is_test(module.rel) for node in module.nodes)


def kinds_of_fields(project: Project, module: Module, kind: str) -> set[str]:
    """Return the last names of what a class's annotated fields may be, one class deep."""
    found: set[str] = set()
    for item in find_classes(project, kind, module)[:1]:
        for attribute in members(project, item).attributes.values():
            found |= {part.strip().rsplit(".", 1)[-1] for part in attribute.annotation.replace("[", "|").replace("]", "|").replace(",", "|").split("|")}
    return found - {""}
