"""Who else holds what a module binds: the modules that took it by `from … import …`, through aliases, stars and packages.

Identity alone is no evidence (every module has a `True`): a module counts where its text imports the name, and where the name
still is the object that was imported.
"""

from __future__ import annotations

import ast
import sys
from types import ModuleType

from ...values import SEQUENCES, _module_vars
from ..commit import MISSING
from ..live import module_file
from .known import SCALARS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Optional

    from ..plan import Shared

MAX_TABLES = 4096
MAX_TEXT = 4 << 20
MAX_ROUNDS = 16
_tables: dict[str, Imports] = {}


class Imports:
    """What the top of a module imports: `froms` (bound, level, module, name), `stars` (level, module) and `plain` (module)."""

    def __init__(self, text: str) -> None:
        self.froms: list[tuple[str, int, str, str]] = []
        self.stars: list[tuple[int, str]] = []
        self.plain: list[str] = []
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        for node in _top(tree):
            if isinstance(node, ast.Import):
                self.plain += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.name == "*":
                        self.stars.append((node.level, node.module or ""))
                    else:
                        self.froms.append((alias.asname or alias.name, node.level, node.module or "", alias.name))


def _top(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported, those of definitions left out."""
    waiting: list[Any] = list(tree.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign)):
            waiting += [item for item in ast.iter_child_nodes(node) if isinstance(item, (ast.stmt, ast.ExceptHandler)) or type(item).__name__ == "match_case"]


def imports_of(text: str) -> Imports:
    """Return what a text imports; remembered by text."""
    known = _tables.get(text)
    if known is None:
        if len(_tables) >= MAX_TABLES:
            _tables.clear()
        known = _tables[text] = Imports(text)
    return known


def absolute(variables: dict[str, Any], level: int, target: str) -> str:
    """Return the full name of a module that another imports, relative ones resolved as the import system does."""
    if not level:
        return target
    package = variables.get("__package__")
    if type(package) is not str:
        name = str(variables.get("__name__", ""))
        package = name if "__path__" in variables else name.rpartition(".")[0]
    base = package.rsplit(".", level - 1)[0] if level > 1 else package
    return f"{base}.{target}" if target else base


def public(module: ModuleType, name: str) -> bool:
    """Tell whether a star import of a module takes a name."""
    listed = _module_vars(module).get("__all__")
    return name in listed if type(listed) in SEQUENCES else not name.startswith("_")


def text_for(shared: Shared, module: ModuleType) -> Optional[str]:
    """Return the text that a module runs; where that is not known for sure what its file has now, None where it has none.

    That is enough here: nothing is done by a text alone. What it says that a name holds must be what the name does hold.
    """
    text: Optional[str] = shared.text_of(module)
    if text is None:
        text = shared.new_files.text_of(module)
    if text is not None:
        return text
    known: dict[int, Optional[str]] = vars(shared).setdefault("_files", {})
    if id(module) not in known:
        try:
            with open(module_file(module), encoding="utf-8-sig") as stream:
                known[id(module)] = stream.read(MAX_TEXT)
        except (OSError, ValueError):
            known[id(module)] = None
    return known[id(module)]


def held_by(shared: Shared, module: ModuleType, name: str, before: Any) -> list[tuple[ModuleType, str]]:
    """Return the modules, and the names in them, that took `before` from a module by import and still hold it."""
    candidates = _holders(shared, module, name, before)
    if not candidates:
        return []
    origins = {(str(_module_vars(module).get("__name__")), name): public(module, name)}
    found: list[tuple[ModuleType, str]] = []
    seen: set[tuple[int, str]] = set()
    for _ in range(MAX_ROUNDS):
        fresh = [(other, bound) for other in candidates for bound in _taken(shared, other, origins, before) if (id(other), bound) not in seen]
        if not fresh:
            break
        for other, bound in fresh:
            seen.add((id(other), bound))
            origins[(str(_module_vars(other).get("__name__")), bound)] = public(other, bound)
        found += fresh
    return found


def _holders(shared: Shared, module: ModuleType, name: str, before: Any) -> list[ModuleType]:
    """Return the modules that hold an object under any name; from the second time on, looked up in an index made for the transaction."""
    state = vars(shared)
    asked = state["_asked"] = state.get("_asked", 0) + 1
    wanted = id(before)
    if asked == 1:
        # One call of C code looks for it in a namespace, so that no thread can change that meanwhile.
        found = [other for other in shared.workspace() if wanted in map(id, _module_vars(other).values())]
    else:
        if "_index" not in state:
            state["_index"] = [(other, frozenset(map(id, _module_vars(other).values()))) for other in shared.workspace()]
        # What the transaction itself has bound since is not in the index, and is asked for by name.
        found = [other for other, ids in state["_index"] if wanted in ids or _module_vars(other).get(name, MISSING) is before]
    return [other for other in found if other is not module]


def _taken(shared: Shared, other: ModuleType, origins: dict[tuple[str, str], bool], before: Any) -> list[str]:
    """Return the names under which a module holds what it imported from one of the origins."""
    variables = _module_vars(other)
    text = text_for(shared, other)
    if text is None:
        # Without a text, the same object under the same name is evidence where the object is one of its kind.
        unique = type(before) not in SCALARS and before != ()
        return [name for _, name in origins if unique and variables.get(name, MISSING) is before]
    names: list[str] = []
    for one in [text, *(plan.new.text for plan in shared.plans if plan.module is other)]:
        if "import" not in one or not ("*" in one or any(name in one for _, name in origins)):
            continue
        imports = imports_of(one)
        names += [bound for bound, level, target, name in imports.froms if (absolute(variables, level, target), name) in origins]
        for level, target in imports.stars:
            home = absolute(variables, level, target)
            names += [name for (origin, name), shown in origins.items() if origin == home and shown]
    return [bound for bound in dict.fromkeys(names) if variables.get(bound, MISSING) is before]


def rebind(shared: Shared, module: ModuleType, name: str, before: Any, after: Any, operations: Any = None) -> None:
    """Plan that the importers of a module's name get its new value, where they still hold the old one.

    `before` MISSING: the name is new, and goes to the star importers; `after` MISSING: the name goes, also from them.
    """
    todo = shared.operations if operations is None else operations
    if name == "__all__":
        _relisted(shared, module, before, after, todo)
    if before is MISSING:
        for other, bound in star_importers(shared, module, name):
            todo.bind(other, bound, after)
        return
    for other, bound in held_by(shared, module, name, before):
        home = str(_module_vars(other).get("__name__"))
        if after is MISSING:
            _withdraw(shared, module, name, other, bound)
        elif (home, bound) not in shared.bindings:
            record(shared, other, bound, before, after)
            todo.bind(other, bound, after)


def catch_up(shared: Shared, fresh: list[ModuleType]) -> None:
    """Plan that modules which were imported for this transaction, and so before it, get the new values of what they imported by name."""
    vars(shared).pop("_index", None)
    for (home, name), (before, after) in list(shared.bindings.items()):
        module = modules_named(home)
        if module is None or before is MISSING or before is after or "." in name:
            continue
        for other, bound in held_by(shared, module, name, before):
            if any(other is item for item in fresh):
                record(shared, other, bound, before, after)
                shared.operations.bind(other, bound, after)


def _relisted(shared: Shared, module: ModuleType, before: Any, after: Any, todo: Any) -> None:
    """Plan that the star importers of a module get what it lists from now on, and lose what it no longer does."""
    variables = _module_vars(module)
    was, now = ([name for name in variables if _listed(name, names)] for names in (before, after))
    pending = shared.pending(str(variables.get("__name__")))
    for name in now:
        for other, bound in star_importers(shared, module, name) if name not in was else ():
            todo.bind(other, bound, pending.get(name, variables[name]))
    for name in was:
        for other, bound in held_by(shared, module, name, variables[name]) if name not in now else ():
            text = text_for(shared, other)
            if text is not None and not any(item[0] == bound for item in imports_of(text).froms):
                _withdraw(shared, module, name, other, bound)


def _listed(name: str, names: Any) -> bool:
    return name in names if type(names) in SEQUENCES else not name.startswith("_")


def record(shared: Shared, module: ModuleType, name: str, before: Any, after: Any) -> None:
    """Note that a name of a module gets another value, for what is computed from it."""
    shared.bindings[(str(_module_vars(module).get("__name__")), name)] = (before, after)
    for plan in shared.plans:
        if plan.module is module:
            plan.scratch.names[name] = after


def _withdraw(shared: Shared, module: ModuleType, name: str, other: ModuleType, bound: str) -> None:
    home = str(_module_vars(other).get("__name__"))
    text = text_for(shared, other)
    named = text is None or any(item[0] == bound for item in imports_of(text).froms)
    if named:
        if not shared.replans(other):
            source = _module_vars(module).get("__name__")
            shared.note(f"{home} imports {name} from {source}, which no longer has it: {home} keeps what it imported until the program is restarted.")
    else:
        shared.removals.append((other, bound, home, bound))


def star_importers(shared: Shared, module: ModuleType, name: str) -> list[tuple[ModuleType, str]]:
    """Return the modules that get a new public name of a module by a star import, through any number of packages."""
    found: list[tuple[ModuleType, str]] = []
    waiting = [module]
    while waiting and len(found) < 256:
        origin = waiting.pop(0)
        if not _will_show(shared, origin, name):
            continue
        for other in _stars_of(shared, origin):
            variables = _module_vars(other)
            if name not in variables and not any(other is known for known, _ in found):
                found.append((other, name))
                waiting.append(other)
    return found


def _will_show(shared: Shared, module: ModuleType, name: str) -> bool:
    """Tell whether a star import of a module takes a name when the transaction is done."""
    listed = shared.pending(str(_module_vars(module).get("__name__"))).get("__all__", MISSING)
    if listed is MISSING:
        return public(module, name)
    return name in listed if isinstance(listed, (list, tuple)) else not name.startswith("_")


def _stars_of(shared: Shared, module: ModuleType) -> list[ModuleType]:
    """Return the modules with a star import of a module: first by a name that they share, then by their text."""
    held = _module_vars(module)
    home = held.get("__name__")
    shown = [(name, held[name]) for name in list(held) if public(module, name) and type(held[name]) is not ModuleType][:16]
    found = []
    for other in shared.workspace():
        variables = _module_vars(other)
        if other is module or (shown and not any(variables.get(name, MISSING) is value for name, value in shown)):
            continue
        text = text_for(shared, other)
        if text is not None and "*" in text and any(absolute(variables, *star) == home for star in imports_of(text).stars):
            found.append(other)
    return found


def modules_named(name: str) -> Optional[ModuleType]:
    """Return the imported module of a name, None where there is none."""
    module = sys.modules.get(name)
    return module if issubclass(type(module), ModuleType) else None
