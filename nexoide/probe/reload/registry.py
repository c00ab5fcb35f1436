"""What is live: for every file of the watched folders the text that this process runs, its hash and its generation.

A text counts as known where our own loader compiled it, where a reload brought it, or where it was compared with the live
functions and constants; a file whose running text is not known is never guessed at.
"""

from __future__ import annotations

import ast
import os
import sys
from types import FunctionType, ModuleType

from .. import sources
from ..values import BOUND_KINDS, Kinds, _module_vars, _type_vars, instance_vars
from .ledger import LEDGER
from .live import module_file, modules_of
from .text.source import Refused, children, decode, same_code, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType
    from typing import Any, Optional

_PLAIN = Kinds(int, float, complex, str, bytes, bool, type(None))


class Live:
    """What a file's modules run: `text` is None where that is not known, `reason` then says why in a sentence."""

    __slots__ = ("generation", "reason", "sha256", "text")

    def __init__(self, text: Optional[str], sha256: str = "", generation: int = 0, reason: str = "") -> None:
        self.text, self.sha256, self.generation, self.reason = text, sha256, generation, reason


def live(path: str, modules: Optional[Sequence[ModuleType]] = None) -> Live:
    """Return what the imported modules of a file run; `modules` are those, where the caller has looked for them already."""
    found = modules_of(path) if modules is None else modules
    if not found:
        return Live(None, reason=f"{path} is not imported by this process.")
    entry = sources.executed.get(sources.key_of(path))
    text, generation = _reloaded(path, entry)
    if text is not None:
        return Live(text, digest(text.encode("utf-8")), generation)
    looked = entry is None
    entry = entry or sources.look_aside(module_name(found[0]), path)
    if entry is None:
        return Live(None, reason=f"{path} cannot be read, so what its module runs is not known: restart the program for it.")
    if entry.twice:
        return Live(None, reason=f"{path} is imported twice, from two different texts: restart the program for it.")
    try:
        text = decode(entry.data, path)
        if not entry.sure and not all(_runs(module, text, path, entry) for module in found):
            if looked:  # what it holds now is not what runs, but it may hold that again
                del sources.executed[sources.key_of(path)]
            return Live(None, reason=f"{path} was imported before it was watched, and what runs is not what it holds since then: restart the program for it.")
    except Refused as refusal:
        return Live(None, digest(entry.data), 0, str(refusal))
    entry.sure = True
    return Live(text, digest(entry.data))


def bytes_of(path: str) -> Optional[bytes]:
    """Return the bytes that a file's modules were executed from or reloaded to, None where nothing was recorded."""
    entry = sources.executed.get(sources.key_of(path))
    text, _ = _reloaded(path, entry)
    return text.encode("utf-8") if text is not None else None if entry is None else entry.data


def text_of(module: ModuleType) -> Optional[str]:
    """Return the text that a module runs, None where that is not known."""
    file = module_file(module)
    return live(file, [module]).text if file else None


def digest(data: bytes) -> str:
    """Return the sha256 of a text's bytes."""
    from hashlib import sha256

    return sha256(data).hexdigest()


def modules(paths: Optional[Sequence[str]] = None) -> list[dict[str, Any]]:
    """Return module, path, sha256 ("" where not known) and generation of every live module of the watched folders, or of `paths`."""
    wanted = None if paths is None else {sources.key_of(path) for path in paths}
    known: dict[str, Live] = {}
    found = []
    for name, module in list(sys.modules.items()):
        file = module_file(module) if issubclass(type(module), ModuleType) else ""
        if type(name) is not str or not (_watched(file) if wanted is None else file and sources.key_of(file) in wanted):
            continue
        if file not in known:
            known[file] = live(file, [module] if name != "__main__" else None)
        one = known[file]
        found.append({"module": name, "path": file, "sha256": one.sha256 if one.text is not None else "", "generation": one.generation})
    return found


def _watched(file: str) -> bool:
    return file.endswith(".py") and sources.within(file)


def _reloaded(path: str, entry: Optional[sources.Executed]) -> tuple[Optional[str], int]:
    """Return the text that a reload brought a file to, unless its module was executed anew since then."""
    _, generation = LEDGER.state(path)
    if not generation or (entry is not None and entry.since >= generation):
        return None, 0
    return LEDGER.text(path), generation


def module_name(module: ModuleType) -> str:
    """Return the name of a module as it says itself, "" where that is no string."""
    name = _module_vars(module).get("__name__")
    return name if type(name) is str else ""


def _runs(module: ModuleType, text: str, path: str, entry: sources.Executed) -> bool:
    """Tell whether a module was made from a text, as far as its functions, names and constants show it.

    Where none of that is there, the file must have been read just before its execution, or must be older than that.
    """
    made = source(text, path)
    codes: dict[tuple[str, int], CodeType] = {}
    _collect(made.code, codes)
    seen = 0
    for function in _functions(module, path):
        code = codes.get((function.__code__.co_name, function.__code__.co_firstlineno))
        if code is None or not same_code(code, function.__code__):
            return False
        seen += 1
    constants = _constants(module, made.tree)
    if constants is None:
        return False
    return bool(seen or constants) or entry.ahead or _compiled_from(module, entry) or _older_than_us(entry.changed)


def _collect(code: CodeType, codes: dict[tuple[str, int], CodeType]) -> None:
    for child in children(code):
        codes.setdefault((child.co_name, child.co_firstlineno), child)
        _collect(child, codes)


def _functions(module: ModuleType, path: str) -> list[FunctionType]:
    """Return the functions of a module that its names and its classes lead to, and that come from its file."""
    variables = _module_vars(module)
    found: list[FunctionType] = []
    waiting = list(variables.values())
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        kind = type(item)
        if kind is FunctionType:
            if item.__globals__ is variables and os.path.basename(item.__code__.co_filename) == os.path.basename(path):
                found.append(item)
        elif kind in BOUND_KINDS:
            waiting.append(item.__func__)
        elif kind is property:
            waiting += [item.fget, item.fset, item.fdel]
        elif issubclass(kind, type) and _type_vars(item).get("__module__") == variables.get("__name__"):
            waiting += list(_type_vars(item).values())
        if not issubclass(kind, (type, ModuleType)):
            waiting.append(instance_vars(item).get("__wrapped__"))
    return found


def _constants(module: ModuleType, tree: ast.Module) -> Optional[int]:
    """Count the literals that a module has as the text says; None where a name is missing or another value is bound to one."""
    variables = _module_vars(module)
    unstable = _rebound(tree)
    spec = variables.get("__spec__")
    under_way = variables.get("__name__") == "__main__" or getattr(spec, "_initializing", False) is True  # its end may not have run yet
    equal = 0
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if node.name not in variables and node.name not in unstable and not under_way:
                return None
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if not isinstance(node, ast.Assign) or not isinstance(target, ast.Name) or target.id in unstable:
            continue
        if target.id not in variables:
            if under_way:
                continue
            return None
        value = variables[target.id]
        if isinstance(node.value, ast.Constant) and type(node.value.value) in _PLAIN:
            if type(value) is not type(node.value.value) or value != node.value.value:
                return None
            equal += 1
    return equal


def _rebound(tree: ast.Module) -> set[str]:
    """Return the names that are bound or deleted in more than one place, or by a function."""
    once: set[str] = set()
    again: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            again.update(node.names)
        name = node.id if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) else ""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = node.name
        if name:
            (again if name in once or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)) else once).add(name)
    return again


def _compiled_from(module: ModuleType, entry: sources.Executed) -> bool:
    """Tell whether the bytecode file that the import left says that it was made from a file of this size and age."""
    cached = _module_vars(module).get("__cached__")
    try:
        with open(cached if type(cached) is str else "", "rb") as stream:
            head = stream.read(16)
    except (OSError, ValueError):
        return False
    stamp = (int(entry.changed) & 0xFFFFFFFF).to_bytes(4, "little") + len(entry.data).to_bytes(4, "little")
    return len(head) == 16 and head[4:8] == b"\0\0\0\0" and head[8:] == stamp


def _older_than_us(changed: float) -> bool:
    """Tell whether a file was last changed before this process started."""
    import time

    from ..start import start_time

    try:
        ticks = start_time()
        begun = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError):
        return False
    return bool(ticks) and changed < begun  # both are rounded by less than an interpreter needs to start
