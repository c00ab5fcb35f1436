"""What the program's own code did to the program's containers when the engine ran it, and the exact way back.

A `Snapshot` holds shallow copies of the containers that some objects lead to; what differs afterwards are the `Effects`.
They are taken back only where an entry is still what was put there: state made since is kept.
"""

from __future__ import annotations

import builtins
import functools
import gc
import os
import sys
from collections import deque
from types import BuiltinFunctionType, CellType, CodeType, FrameType, FunctionType, GeneratorType, MethodType, ModuleType

from ...frames import place
from ...guard import attempt
from ...values import Kinds, _module_vars, _mro, instance_vars, type_module
from . import containers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

MAX_CONTAINERS = 20_000
MAX_OBJECTS = 60_000
MAX_ENTRIES = 2_000_000
MAX_DEPTH = 6
_HEAP_TYPE = 1 << 9
_LRU: Any = type(functools.lru_cache(len))
_LEAVES = Kinds(
    _LRU, str, bytes, int, float, complex, bool, type(None), type(Ellipsis), range, CodeType, FrameType, GeneratorType, ModuleType, BuiltinFunctionType
)
_RUNNING = ("threading", "_thread", "concurrent", "asyncio", "multiprocessing", "socket", "selectors", "ssl", "subprocess", "signal", "queue")
_OURS = __name__.partition(".reload")[0]


class Effects:
    """What some code did to containers: in force when made; `revert` takes it back and `forward` does it again."""

    def __init__(self, moves: list[tuple[str, Any, list[Any], list[Any]]], threads: int = 0, complete: bool = True) -> None:
        self._moves = moves
        self._standing = True
        self.threads, self.complete = threads, complete

    @classmethod
    def planned(cls, moves: list[tuple[str, Any, list[Any], list[Any]]]) -> Effects:
        """Return effects that are not in force yet."""
        made = cls(moves)
        made._standing = False
        return made

    @property
    def moves(self) -> list[tuple[str, Any, list[Any], list[Any]]]:
        """The kind of each container that differs, itself, and what it held before and after."""
        return list(self._moves)

    def __bool__(self) -> bool:
        return bool(self._moves)

    def __len__(self) -> int:
        return len(self._moves)

    def drop(self, subjects: set[int]) -> None:
        """Leave out what happened to some containers, by their ids: somebody else undoes that."""
        self._moves = [move for move in self._moves if id(move[1]) not in subjects]

    def drop_names(self, names: set[tuple[int, Any]]) -> None:
        """Leave out some attributes of classes, by the id of the class and their name: somebody else undoes those.

        Of such a class plain values that changed are left out as well: they may be a count that another thread keeps.
        """
        ids = {key for key, _ in names}
        for number, (kind, subject, before, after) in enumerate(self._moves):
            if id(subject) in ids and kind == "class":
                counts = {name for name, value in after if type(value) in _LEAVES} & {name for name, _ in before}
                parts = [[pair for pair in pairs if pair[0] not in counts and (id(subject), pair[0]) not in names] for pairs in (before, after)]
                self._moves[number] = (kind, subject, parts[0], parts[1])
        self._moves = [move for move in self._moves if not containers.same(move[0], move[2], move[3])]

    def revert(self) -> None:
        """Take out what was put in, where it is still that; done twice it does nothing."""
        if self._standing:
            self._standing = False
            for kind, subject, before, after in reversed(self._moves):
                _move(kind, subject, after, before)

    def forward(self) -> None:
        """Put it in again after a `revert`."""
        if not self._standing:
            self._standing = True
            for kind, subject, before, after in self._moves:
                _move(kind, subject, before, after)

    def doubled(self) -> bool:
        """Tell whether a list now holds, once more, an object that it held before: the mark of something done twice."""
        for kind, _, before, after in self._moves:
            if kind in ("list", "deque"):
                held = {id(item) for item in before if type(item) not in _LEAVES}
                if len(after) > len(before) and sum(id(item) in held for item in after) > sum(id(item) in held for item in before):
                    return True
        return False


def _move(kind: str, subject: Any, was: list[Any], now: list[Any]) -> None:
    attempt(containers.move, kind, subject, was, now)  # the program's own `__hash__` of a key may raise: the rest goes on


class Snapshot:
    """The containers that `objects` lead to, as they are now; `modules` among them stand for their namespaces.

    Bounded: at most `limit` containers, `depth` steps away (those of `shallow` are held alone); `complete` is false where there was more. Dicts, lists, sets,
    deques, attributes of instances and classes, cells and `os.environ` are held. Not entered: modules that are merely
    referred to, frames, builtin classes, and what threads, queues and event loops run on.
    """

    def __init__(self, objects: Iterable[Any], limit: int = MAX_CONTAINERS, depth: int = MAX_DEPTH, shallow: Iterable[Any] = ()) -> None:
        self._limit, self._left = limit, MAX_ENTRIES
        self._held: list[tuple[str, Any, list[Any]]] = []
        self._seen: set[int] = {id(sys.modules), id(vars(builtins))}
        self._kept: list[Any] = []  # so that no identity is given to another object meanwhile
        self._waiting: deque[tuple[Any, int]] = deque()
        self._threads = _threads()
        self.complete = True
        for item in shallow:
            self._seen.add(id(item))
            self._hold(containers.kind_of(item), item)
        for item in objects:
            if issubclass(type(item), ModuleType):
                file = _module_vars(item).get("__file__")
                if type(file) is str and not _of_python(file):
                    self._add(_module_vars(item), 1)
            else:
                self._add(item, 0)
        while self._waiting:
            item, steps = self._waiting.popleft()
            if len(self._held) >= limit or len(self._seen) >= MAX_OBJECTS or self._left <= 0:
                self.complete = False
                break
            self._enter(item, steps, depth)

    def __len__(self) -> int:
        return len(self._held)

    def held(self) -> list[tuple[str, Any, list[Any]]]:
        """Return the kind of each container, itself, and what it held."""
        return list(self._held)

    def changes(self) -> Effects:
        """Return what differs by now."""
        moves = []
        for kind, subject, before in self._held:
            try:
                after = containers.read(kind, subject)
            except RuntimeError:  # another thread never lets it rest: it is in use, and not ours to set back
                continue
            if not containers.same(kind, before, after):
                moves.append((kind, subject, before, after))
        return Effects(moves, len(_threads() - self._threads), self.complete)

    def restore(self) -> Effects:
        """Put everything back that differs, and return what it was."""
        effects = self.changes()
        effects.revert()
        return effects

    def _add(self, item: Any, steps: int) -> None:
        if type(item) in _LEAVES or id(item) in self._seen or _mro(type(item)) is None:  # 3.9 has such a class in its caches
            return
        self._seen.add(id(item))
        self._kept.append(item)
        self._waiting.append((item, steps))

    def _hold(self, kind: str, subject: Any) -> list[Any]:
        if kind not in ("class", "cell", "environ"):
            self._left -= containers.size(kind, subject)
            if self._left <= 0:
                return []
        try:
            before = containers.read(kind, subject)
        except RuntimeError:
            return []
        self._held.append((kind, subject, before))
        return before

    def _enter(self, item: Any, steps: int, depth: int) -> None:
        kind = type(item)
        found: list[Any] = []
        sort = containers.kind_of(item)
        if sort == "class" and not _program_class(item):
            return
        if type_module(kind).partition(".")[0] in _RUNNING or _ours(kind):
            return
        if sort:
            for entry in self._hold(sort, item):
                found += entry if sort not in ("list", "deque", "set") else (entry,)
        if kind is FunctionType:
            found += item.__closure__ or ()
            found += item.__defaults__ or ()
            found += named(item.__code__, item.__globals__) if _program_file(item.__code__) else ()
        elif kind is MethodType:
            found += (item.__self__, item.__func__)
        elif sort == "class":
            found += _mro(item)[1:]
        elif not sort and kind is not CellType:
            if _program_class(kind):
                found += [kind, *(value for _, value in self._hold("slots", item))]
            else:
                found += [other for other in gc.get_referents(item) if not issubclass(type(other), type)]
        variables = instance_vars(item) if sort not in ("class", "environ") else None
        if variables or (variables is not None and not sort and _program_class(kind)):  # an empty one may be filled
            found.append(variables)
        if steps < depth:
            for other in found:
                self._add(other, steps if other is variables else steps + 1)
        elif any(containers.kind_of(other) for other in found if id(other) not in self._seen):
            self.complete = False


def observe(objects: Iterable[Any], run: Any) -> Effects:
    """Call `run()` and return what it did to the containers that `objects` lead to; where it raises all of that is undone."""
    before = Snapshot(objects)
    try:
        run()
    except BaseException:
        before.restore()
        raise
    return before.changes()


def _threads() -> set[int]:
    """Return the threads there are, those of this probe left out."""
    found = set()
    for ident, top in list(sys._current_frames().items()):  # noqa: SLF001
        frame = top
        while frame.f_back is not None:
            frame = frame.f_back
        if not frame.f_code.co_filename.startswith(_HERE):
            found.add(ident)
    return found


def named(code: CodeType, variables: dict[str, Any]) -> list[Any]:
    """Return the objects that the global names of a code lead to, in a module also those under its attributes' names."""
    found = []
    names = _names(code)
    for name in names:
        value = dict.get(variables, name)
        if issubclass(type(value), ModuleType):
            inside = _module_vars(value)
            if inside.get("__name__") == "logging":
                found.append(inside.get("root"))
            found += [inside[other] for other in names if other in inside]
        elif value is not None:
            found.append(value)
    return found


def _names(code: CodeType, depth: int = 0) -> dict[str, None]:
    names = dict.fromkeys(code.co_names)
    for constant in code.co_consts:
        if type(constant) is CodeType and depth < 8:
            names.update(_names(constant, depth + 1))
    return names


def _program_class(kind: Any) -> bool:
    """Tell whether a class is made in Python outside of the standard library's running parts and of this probe."""
    if not type.__dict__["__flags__"].__get__(kind) & _HEAP_TYPE or _ours(kind):
        return False
    module = sys.modules.get(type_module(kind))
    file = _module_vars(module).get("__file__") if issubclass(type(module), ModuleType) else None
    return type_module(kind) == "__main__" or (type(file) is str and not _of_python(file))


def _ours(kind: type) -> bool:
    return type_module(kind).startswith(_OURS)


def _program_file(code: CodeType) -> bool:
    return place(code.co_filename)[1] or not _of_python(code.co_filename)


def _of_python(file: str) -> bool:
    return file.startswith((_LIBRARY, "<frozen")) or (os.sep + "site-packages" + os.sep) in file


_HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep
_LIBRARY = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
