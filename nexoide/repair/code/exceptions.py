"""Exception classes: which catch which, what an operation can raise, and under which name each is imported."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from nexoide.repair.code.index import Class, find_classes, last_name
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context

# Public names of exceptions by the module in which they are defined.
_PUBLIC = {
    "json.decoder": "json",
    "_queue": "queue",
    "_csv": "csv",
    "_struct": "struct",
    "decimal": "decimal",
    "_decimal": "decimal",
    "asyncio.exceptions": "asyncio",
    "concurrent.futures._base": "concurrent.futures",
    "urllib.error": "urllib.error",
    "_socket": "socket",
    "_ssl": "ssl",
    "_pickle": "pickle",
    "_sqlite3": "sqlite3",
    "binascii": "binascii",
    "xml.parsers.expat": "xml.parsers.expat",
    "requests.exceptions": "requests",
    "httpx": "httpx",
    "tomllib._parser": "tomllib",
    "zipfile._path": "zipfile",
}
# Bases of well-known exceptions that are not built in.
BASES = {
    "JSONDecodeError": ("ValueError",),
    "TOMLDecodeError": ("ValueError",),
    "InvalidOperation": ("DecimalException", "ArithmeticError"),
    "DivisionByZero": ("DecimalException", "ZeroDivisionError", "ArithmeticError"),
    "CalledProcessError": ("SubprocessError",),
    "TimeoutExpired": ("SubprocessError",),
    "URLError": ("OSError",),
    "HTTPError": ("URLError", "OSError"),
    "Empty": (),
    "Full": (),
    "BadZipFile": (),
    "NoSectionError": ("configparser.Error",),
    "NoOptionError": ("configparser.Error",),
    "ParseError": ("SyntaxError",),
    "gaierror": ("OSError",),
    "herror": ("OSError",),
    "IntegrityError": ("DatabaseError",),
    "OperationalError": ("DatabaseError",),
    "ProgrammingError": ("DatabaseError",),
    "UnpicklingError": ("PickleError",),
    "FrozenInstanceError": ("AttributeError",),
    "StatisticsError": ("ValueError",),
    "CancelledError": (),
    "BrokenProcessPool": ("RuntimeError",),
    "ZoneInfoNotFoundError": ("KeyError", "LookupError"),
    "ConnectionError": ("OSError", "RequestException"),
    "ConnectTimeout": ("ConnectionError", "Timeout", "RequestException", "OSError"),
    "ReadTimeout": ("Timeout", "RequestException", "OSError"),
    "Timeout": ("RequestException", "OSError"),
    "MissingSchema": ("RequestException", "ValueError", "OSError"),
}
_RAISES: dict[str, frozenset[str]] = {
    "int": frozenset({"ValueError", "TypeError"}),
    "float": frozenset({"ValueError", "TypeError", "OverflowError"}),
    "Decimal": frozenset({"InvalidOperation", "TypeError"}),
    "strptime": frozenset({"ValueError", "TypeError"}),
    "fromisoformat": frozenset({"ValueError", "TypeError"}),
    "UUID": frozenset({"ValueError", "AttributeError", "TypeError"}),
    "loads": frozenset({"JSONDecodeError", "ValueError", "TypeError", "TOMLDecodeError", "UnpicklingError"}),
    "load": frozenset({"JSONDecodeError", "ValueError", "TypeError", "TOMLDecodeError", "UnpicklingError"}),
    "open": frozenset({"FileNotFoundError", "PermissionError", "IsADirectoryError", "NotADirectoryError", "OSError"}),
    "read_text": frozenset({"FileNotFoundError", "PermissionError", "IsADirectoryError", "UnicodeDecodeError", "OSError"}),
    "getattr": frozenset({"AttributeError"}),
    "next": frozenset({"StopIteration"}),
    "index": frozenset({"ValueError"}),
    "remove": frozenset({"ValueError", "KeyError", "FileNotFoundError"}),
    "pop": frozenset({"KeyError", "IndexError"}),
    "get_nowait": frozenset({"Empty"}),
    "put_nowait": frozenset({"Full"}),
    "check_output": frozenset({"CalledProcessError", "TimeoutExpired", "FileNotFoundError"}),
    "check_call": frozenset({"CalledProcessError", "TimeoutExpired", "FileNotFoundError"}),
    "run": frozenset({"CalledProcessError", "TimeoutExpired", "FileNotFoundError"}),
    "urlopen": frozenset({"URLError", "HTTPError", "ValueError", "TimeoutError"}),
    "import_module": frozenset({"ModuleNotFoundError", "ImportError"}),
    "wait_for": frozenset({"TimeoutError"}),
    "b64decode": frozenset({"Error", "ValueError"}),
    "decode": frozenset({"UnicodeDecodeError"}),
    "encode": frozenset({"UnicodeEncodeError"}),
    "unpack": frozenset({"error", "ValueError"}),
    "gethostbyname": frozenset({"gaierror"}),
    "fromstring": frozenset({"ParseError"}),
    "parse": frozenset({"ParseError", "ValueError"}),
    "ip_address": frozenset({"ValueError"}),
    "execute": frozenset({"OperationalError", "IntegrityError", "ProgrammingError"}),
    "mkdir": frozenset({"FileExistsError", "FileNotFoundError", "PermissionError"}),
    "listdir": frozenset({"FileNotFoundError", "NotADirectoryError", "PermissionError"}),
    "unlink": frozenset({"FileNotFoundError", "PermissionError"}),
    "ZipFile": frozenset({"BadZipFile", "FileNotFoundError"}),
}


def public_module(module: str) -> str:
    """Return the module from which an exception's class is imported, by the one that defines it."""
    return _PUBLIC.get(module, module)


def builtin_class(name: str) -> type[BaseException] | None:
    """Return the built-in exception class of a name."""
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def ancestors_of(project: Project, name: str, near: Module | None = None, depth: int = 0) -> set[str]:
    """Return the names of an exception class and of all its bases, as far as they are known."""
    found = {name}
    built_in = builtin_class(name)
    if built_in is not None:
        found |= {item.__name__ for item in built_in.__mro__ if item is not object}
    for base in BASES.get(name, ()):
        found |= ancestors_of(project, base, near, depth + 1) if depth < 6 else {base}
    for item in find_classes(project, name, near)[:1] if built_in is None else []:
        for base in item.bases:
            if base and base != name and depth < 6:
                found |= ancestors_of(project, base, item.module, depth + 1)
    return found


def is_exception_class(project: Project, item: Class) -> bool:
    """Say whether a class of the project is an exception."""
    return bool(ancestors_of(project, item.name, item.module) & {"Exception", "BaseException"})


def handler_names(handler: ast.ExceptHandler) -> list[str]:
    """Return the last names of the classes that a handler catches."""
    if handler.type is None:
        return ["BaseException"]
    parts = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [last_name(item) for item in parts if last_name(item)]


def can_raise(context: Context, nodes: list[ast.stmt]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the operations of some statements that commonly raise, each with the names of what they raise."""
    _ = context
    for statement in nodes:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and last_name(node.func) in _RAISES:
                yield last_name(node.func), _RAISES[last_name(node.func)]
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and not isinstance(node.slice, ast.Slice):
                yield "[]", frozenset({"KeyError", "IndexError", "TypeError"})
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod):
                yield "/", frozenset({"ZeroDivisionError", "TypeError"})
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and not isinstance(node.value, ast.Name):
                yield ".", frozenset({"AttributeError"})
            elif isinstance(node, ast.Import | ast.ImportFrom):
                yield "import", frozenset({"ImportError", "ModuleNotFoundError"})
