"""The classes, functions and imports of a project's modules, found by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from nexoide.repair.code.project import Project
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module

MAX_BASES = 8
# Bases that add no instance attributes of their own to what the class body shows.
_EMPTY_BASES = frozenset({"object", "ABC", "Protocol", "Generic", "Enum", "StrEnum", "IntEnum", "NamedTuple", "TypedDict", "Exception"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One `def`; `qualname` as Python builds it, `owner` the class it stands in, if any."""

    name: str
    qualname: str
    module: Module
    node: FunctionNode
    owner: ast.ClassDef | None = None

    @property
    def is_async(self) -> bool:
        """Whether calling it gives a coroutine."""
        return isinstance(self.node, ast.AsyncFunctionDef)

    @property
    def decorators(self) -> tuple[str, ...]:
        """The last part of each decorator's name."""
        return tuple(last_name(item.func if isinstance(item, ast.Call) else item) for item in self.node.decorator_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A data attribute of a class: its annotation's text, the value it is first given, and where."""

    name: str
    annotation: str = ""
    value: ast.expr | None = None
    is_field: bool = False


@dataclass(slots=True, kw_only=True)
class Class:
    """One class definition with its own methods and data attributes (those set on `self` included)."""

    name: str
    qualname: str
    module: Module
    node: ast.ClassDef
    methods: dict[str, Function] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)

    @property
    def bases(self) -> tuple[str, ...]:
        """The last part of each base's name."""
        return tuple(last_name(base.value if isinstance(base, ast.Subscript) else base) for base in self.node.bases)

    @property
    def decorators(self) -> tuple[str, ...]:
        """The last part of each decorator's name."""
        return tuple(last_name(item.func if isinstance(item, ast.Call) else item) for item in self.node.decorator_list)

    @property
    def has_fields(self) -> bool:
        """Whether annotated names of the body are its constructor's parameters (dataclass, NamedTuple)."""
        return "dataclass" in self.decorators or "NamedTuple" in self.bases


@dataclass(slots=True)
class _Index:
    classes: list[Class] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)


_indexes: WeakKeyDictionary[Module, _Index] = WeakKeyDictionary()


def last_name(node: ast.expr | None) -> str:
    """Return the last part of a dotted name, or "" where the expression is not one."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and isinstance(node.value, str):  # a quoted annotation
        return node.value.rsplit(".", 1)[-1].strip()
    return ""


def index(module: Module) -> _Index:
    """Return a module's index, built once."""
    found = _indexes.get(module)
    if found is None:
        found = _indexes[module] = _Index()
        _collect(module, module.tree.body, "", None, found)
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found.imports[alias.asname or alias.name] = ("." * node.level + (node.module or ""), alias.name)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    found.imports[alias.asname or alias.name.split(".")[0]] = (alias.name, "")
        found.globals = {name for statement in module.tree.body for name in _bound(statement)}
    return found


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.split(".")[0]
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node.name


def _collect(module: Module, body: list[ast.stmt], prefix: str, owner: Class | None, found: _Index) -> None:
    for node in body:
        if isinstance(node, ast.ClassDef):
            item = Class(name=node.name, qualname=prefix + node.name, module=module, node=node)
            found.classes.append(item)
            _attributes(item)
            _collect(module, node.body, f"{prefix}{node.name}.", item, found)
        elif isinstance(node, FUNCTIONS):
            function = Function(name=node.name, qualname=prefix + node.name, module=module, node=node, owner=owner.node if owner else None)
            found.functions.append(function)
            if owner is not None:
                owner.methods.setdefault(node.name, function)
            _collect(module, node.body, f"{prefix}{node.name}.<locals>.", None, found)
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            for part in ("body", "orelse", "finalbody"):
                _collect(module, getattr(node, part, []), prefix, owner, found)
            for handler in getattr(node, "handlers", []):
                _collect(module, handler.body, prefix, owner, found)


def _attributes(item: Class) -> None:
    module = item.module
    for node in item.node.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            text = module.segment(node.annotation)
            item.attributes[node.target.id] = Attribute(
                name=node.target.id, annotation=text, value=node.value, is_field=item.has_fields and "ClassVar" not in text
            )
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    item.attributes[target.id] = Attribute(name=target.id, value=node.value)
    for method in item.node.body:
        if isinstance(method, FUNCTIONS) and method.args.args:
            for inner in ast.walk(method):
                if isinstance(inner, ast.Assign | ast.AnnAssign | ast.AugAssign):
                    _set_on_self(item, method, inner)


def _set_on_self(item: Class, method: FunctionNode, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
    """Note the attributes that one assignment in a method sets on the method's first parameter."""
    first = method.args.args[0].arg
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        for part in target.elts if isinstance(target, ast.Tuple) else [target]:
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == first:
                value = node.value if part is target and not isinstance(node, ast.AugAssign) else None
                annotation = item.module.segment(node.annotation) if isinstance(node, ast.AnnAssign) else _parameter(item.module, method, value)
                item.attributes.setdefault(part.attr, Attribute(name=part.attr, annotation=annotation, value=value))


def _parameter(module: Module, method: FunctionNode, value: ast.expr | None) -> str:
    """Return the annotation of the parameter that a `self.x = x` takes its value from."""
    if isinstance(value, ast.Name):
        for item in (*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs):
            if item.arg == value.id and item.annotation is not None:
                return module.segment(item.annotation)
    return ""


def find_classes(project: Project, name: str, near: Module | None = None) -> list[Class]:
    """Return the project's classes of that name (its last part counts); one in `near`, or imported there, alone."""
    last = name.rsplit(".", 1)[-1]
    found = [item for module in project.containing(f"class {last}") for item in index(module).classes if item.name == last]
    exact = [item for item in found if item.qualname == name]
    found = exact or found
    if near is not None and len(found) > 1:
        local = [item for item in found if item.module is near]
        if local:
            return local
        source = index(near).imports.get(last)
        if source is not None:
            imported = [item for item in found if comes_from(item.module, near, source[0])]
            return imported or found
    return found


def comes_from(module: Module, importer: Module, source: str) -> bool:
    """Say whether `from source import …` in `importer` can mean `module` (packages may be rooted below the project's root)."""
    level = len(source) - len(source.lstrip("."))
    name = source.lstrip(".")
    if level:
        package = importer.rel.split("/")[:-1]
        base = package[: len(package) - (level - 1)] if level > 1 else package
        name = ".".join([*base, name] if name else base)
        return module.dotted == name
    return module.dotted == name or module.dotted.endswith("." + name)


def find_functions(project: Project, qualname: str) -> list[Function]:
    """Return the project's functions whose qualified name is, or ends with, `qualname`."""
    last = qualname.rsplit(".", 1)[-1]
    named = [item for module in project.containing(f"def {last}") for item in index(module).functions if item.name == last]
    exact = [item for item in named if item.qualname == qualname]
    return exact or [item for item in named if item.qualname.endswith("." + qualname)]


@dataclass(slots=True)
class Members:
    """All methods and data attributes of a class with its bases; `complete` is False where a base is not the project's."""

    methods: dict[str, Function]
    attributes: dict[str, Attribute]
    complete: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Every member's name, methods first."""
        return (*self.methods, *(name for name in self.attributes if name not in self.methods))


def members(project: Project, item: Class, depth: int = 0) -> Members:
    """Return what instances of a class have, as far as the project's own source shows it."""
    result = Members(dict(item.methods), dict(item.attributes), complete=True)
    dynamic = {"__getattr__", "__getattribute__"} & set(item.methods)
    if dynamic or depth >= MAX_BASES:
        result.complete = False
    for base in item.bases:
        if base in _EMPTY_BASES:
            continue
        found = [] if not base or base == item.name else find_classes(project, base, item.module)
        if len(found) != 1 or depth >= MAX_BASES:
            result.complete = False
            continue
        inherited = members(project, found[0], depth + 1)
        for name, method in inherited.methods.items():
            result.methods.setdefault(name, method)
        for name, attribute in inherited.attributes.items():
            result.attributes.setdefault(name, attribute)
        result.complete = result.complete and inherited.complete
    return result
