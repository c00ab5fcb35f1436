"""The generations of this process: what each reload did, exactly, so that it can be taken back exactly."""

from __future__ import annotations

import hashlib
from types import FunctionType

from ..sources import key_of
from .commit import MISSING_ENTRY, Operations
from .report import Definition
from .text.source import makes_functions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType, ModuleType
    from typing import Optional

    from .live import Heap

MAX_GENERATIONS = 64
_BACK = {"added": "removed", "removed": "added"}


class File:
    """One file of a transaction: an absolute path, the text that runs (None: it is new), and the new one (None: it was deleted)."""

    __slots__ = ("base", "new", "path")

    def __init__(self, path: str, base: Optional[str], new: Optional[str]) -> None:
        self.path, self.base, self.new = path, base, new


class Generation:
    """One committed transaction; `pairs` are the codes that took the place of others, by the id of their globals, `undid` what it took back exactly."""

    def __init__(
        self,
        number: int,
        files: Sequence[File],
        modules: Sequence[ModuleType],
        operations: Sequence[Operations],
        definitions: Sequence[Definition],
        pairs: dict[int, dict[CodeType, CodeType]],
        undid: int = 0,
    ) -> None:
        self.number, self.undid = number, undid
        self.notes: tuple[str, ...] = ()  # what it said that stays true when it is done again
        self.files = {key_of(file.path): (file.base, file.new) for file in files}
        self.paths = [file.path for file in files]
        self.modules, self.operations, self.definitions, self.pairs = list(modules), list(operations), list(definitions), pairs

    def back(self) -> list[File]:
        """Return the files of the transaction that undoes this one."""
        return [File(path, self.files[key_of(path)][1], self.files[key_of(path)][0]) for path in self.paths]

    def inverse(self, heap: Heap, plain: Callable[[CodeType], CodeType]) -> Operations:
        """Return what undoes this generation, exactly; what the program itself changed since stays."""
        made = Operations()
        for operations in reversed(self.operations):
            for entry in reversed(operations.entries):
                if entry.key is not None and made.after(entry.key) is not MISSING_ENTRY:
                    if made.after(entry.key) is entry.after:
                        made.add(entry.inverse())
                    continue
                is_code = entry.key is not None and entry.key[0] == "function" and entry.key[2] == "__code__"
                if is_code and entry.now is not None:
                    if plain(entry.now()) is entry.after or plain(entry.now()) == entry.after:
                        made.add(entry.inverse())
                elif entry.stands():
                    made.add(entry.inverse())
        self._closures(made, heap, plain)
        return made

    def _closures(self, made: Operations, heap: Heap, plain: Callable[[CodeType], CodeType]) -> None:
        """Bring back those functions, too, that the new code has made since."""
        for module in self.modules:
            back = {new: old for old, new in self.pairs.get(id(module.__dict__), {}).items()}
            if not any(makes_functions(code) or code.co_flags & 0x10 for code in back):
                continue
            for function in heap.of(module):
                if made.after(("function", id(function), "__code__")) is not MISSING_ENTRY:
                    continue
                old = back.get(plain(function.__code__))
                if old is not None and type(function) is FunctionType and old.co_freevars == function.__code__.co_freevars:
                    made.function(function, "__code__", old)

    def told_back(self) -> list[Definition]:
        """Return the report of the inverse."""
        found = []
        for item in self.definitions:
            action = _BACK.get(item.action, item.action)
            found.append(Definition(item.module, item.name, item.kind, action, item.reason if action == item.action else "", item.file, 0))
        return found


class Ledger:
    """All generations of this process, the latest ones with what undoes them; also the text and generation of each file."""

    def __init__(self) -> None:
        self.number = 0
        self._generations: list[Generation] = []
        self._texts: dict[str, tuple[str, int]] = {}

    def settle(self, generation: Generation) -> None:
        """Take over a committed transaction."""
        self._generations.append(generation)
        del self._generations[:-MAX_GENERATIONS]
        for path, (_, new) in generation.files.items():
            if new is not None:
                self._texts[path] = (new, generation.number)

    def next(self) -> int:
        """Return the number of a new generation."""
        self.number += 1
        return self.number

    def text(self, path: str) -> Optional[str]:
        """Return the text that a file was last reloaded to, None where it never was."""
        known = self._texts.get(key_of(path))
        return known[0] if known is not None else None

    def state(self, path: str) -> tuple[str, int]:
        """Return the sha256 and the generation of a file's live text; "" and 0 where it was never reloaded."""
        known = self._texts.get(key_of(path))
        return (hashlib.sha256(known[0].encode()).hexdigest(), known[1]) if known is not None else ("", 0)

    def find(self, number: int) -> Optional[Generation]:
        """Return a generation by its number, None where it is too old or never was."""
        return next((item for item in self._generations if item.number == number), None)

    def undone_by(self, files: Sequence[File]) -> Optional[Generation]:
        """Return the generation that a transaction takes back exactly: the latest of its files, with the very same texts."""
        wanted = {key_of(file.path): (file.new, file.base) for file in files}
        gone: set[int] = set()
        for generation in reversed(self._generations):
            if generation.number in gone:
                continue
            if generation.files == wanted:
                return generation
            if generation.undid:  # the two of them left everything as it was
                gone.add(generation.undid)
            elif any(path in generation.files for path in wanted):
                return None
        return None


LEDGER = Ledger()
