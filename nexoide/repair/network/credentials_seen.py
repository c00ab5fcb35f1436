"""What a program's source shows of its credentials: variables that are read, headers that are built; never a value."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.index import last_name
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import Module

SECRET = re.compile(r"(?i)(^|_)(api_?key|apikey|key|token|secret|passw(or)?d|pwd|credentials?|auth|pat|dsn|bearer|access|license)(_|$|id)")
_HEADERS = frozenset(
    "authorization proxy-authorization x-api-key api-key x-auth-token x-access-token x-csrf-token private-token cookie".split()  # noqa: SIM905
)
_SCHEMES = ("bearer ", "basic ", "token ", "digest ", "apikey ", "bot ")
MAX_MODULES = 200


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable that the source reads, and where."""

    name: str
    place: str
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """One header that the source builds: its name, the start of its value where that is text, and where."""

    name: str
    scheme: str
    place: str

    @property
    def is_known(self) -> bool:
        """Whether it is one of the headers that carry credentials."""
        return self.name.lower() in _HEADERS


def variables(project: Project) -> list[Variable]:
    """Return the environment variables that the project's own source reads, in the order of its files."""
    return list(dict.fromkeys(item for module in _modules(project, "environ", "getenv") for item in _variables(module)))


def secrets(project: Project) -> list[Variable]:
    """Return those of them whose names say that they hold credentials."""
    return [item for item in variables(project) if SECRET.search(item.name)]


def headers(project: Project) -> list[Header]:
    """Return the headers of the project's requests whose names are, or are nearly, those of credentials."""
    return [item for module in _modules(project, "uth", "oken", "ey", "ookie") for item in _headers(module)]


def _modules(project: Project, *words: str) -> list[Module]:
    found: dict[str, Module] = {}
    for word in words:
        for module in project.containing(word)[:MAX_MODULES]:
            if not is_test(module.rel):
                found[module.rel] = module
    return [found[rel] for rel in sorted(found)]


def _variables(module: Module) -> Iterator[Variable]:
    for node in module.nodes:
        key: ast.expr | None = None
        has_default = False
        if isinstance(node, ast.Subscript) and last_name(node.value) == "environ":
            key = node.slice
        elif isinstance(node, ast.Call) and node.args:
            is_get = isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop") and last_name(node.func.value) == "environ"
            if is_get or last_name(node.func) == "getenv":
                key, has_default = node.args[0], len(node.args) > 1
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield Variable(key.value, f"{module.rel}:{key.lineno}", has_default)


def _headers(module: Module) -> Iterator[Header]:
    for node in module.nodes:
        pairs: list[tuple[ast.expr | None, ast.expr]] = []
        if isinstance(node, ast.Dict):
            pairs = list(zip(node.keys, node.values, strict=True))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            pairs = [(node.targets[0].slice, node.value)]
        elif isinstance(node, ast.Call) and last_name(node.func) in ("add_header", "putheader", "set_header") and len(node.args) == 2:
            pairs = [(node.args[0], node.args[1])]
        for key, value in pairs:
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_near(key.value):
                yield Header(key.value, _scheme(value), f"{module.rel}:{key.lineno}")


def _is_near(name: str) -> bool:
    low = name.lower()
    return low in _HEADERS or low.startswith(("authori", "autori", "x-api", "api-key", "x-auth", "apikey", "x_api", "auth-"))


def _scheme(value: ast.expr) -> str:
    """Return the word before the credential in a header's value ("Bearer "), "" where there is none, "?" where it is not shown."""
    text = ""
    if isinstance(value, ast.JoinedStr) and value.values and isinstance(value.values[0], ast.Constant):
        text = str(value.values[0].value)
    elif isinstance(value, ast.JoinedStr | ast.Name | ast.Attribute | ast.Subscript):
        return ""
    elif isinstance(value, ast.BinOp) and isinstance(value.left, ast.Constant) and isinstance(value.left.value, str):
        text = value.left.value
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        text = value.value
    else:
        return "?"
    return next((text[: len(scheme)] for scheme in _SCHEMES if text.lower().startswith(scheme)), text.split(" ")[0] + " " if " " in text else "")
