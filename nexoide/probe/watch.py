"""Counts how often the healed lines of a running program are passed, until told to stop.

Where the interpreter has `sys.monitoring` (3.12 and later) only the functions in question are watched, by line events that
switch themselves off on every other line. Before that, a variant of the function's code, compiled from the same text with one
call of a C-level counter in it, takes the place of the plain code. Either way nothing else of the program slows down.
"""

from __future__ import annotations

import ast
import sys
import time
from itertools import count

from .reload.commit import Operations
from .reload.live import Heap, modules_of
from .reload.text.source import Refused, Source, children, same_code
from .watch_lines import place_of, places, shifted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, ModuleType
    from typing import Any, Optional

    from .watch_lines import Place

PERIOD_S = 0.2
_SENTINEL = "\0nexoide-pass-"


def value_of(counter: count[int]) -> int:
    """Return how often a counter was taken from, without taking from it."""
    return int(repr(counter)[6:-1])


class Watch:
    """One watch: its ranges of lines by file, with a counter each."""

    def __init__(self, name: str, lines: dict[str, list[tuple[int, int]]]) -> None:
        self.name = name
        self.ranges = [(path, pair, count()) for path, pairs in lines.items() for pair in pairs]
        self.sent = -1
        self._inherited: dict[int, int] = {}

    def hits(self) -> int:
        """Return the highest count over the ranges, of this process alone."""
        return max((value_of(counter) - self._inherited.get(id(counter), 0) for _, _, counter in self.ranges), default=0)

    def forked(self) -> None:
        """Begin at zero in the child of a fork: what its parent passed is counted there."""
        self._inherited = {id(counter): value_of(counter) for _, _, counter in self.ranges}
        self.sent = -1


class Watches:
    """All watches of this process; used from the link's thread alone."""

    def __init__(self) -> None:
        self._watches: dict[str, Watch] = {}
        self._texts: dict[str, str] = {}
        self._backend: Any = Monitoring() if hasattr(sys, "monitoring") else Variants()
        self._next = 0.0

    def plain(self, code: CodeType) -> CodeType:
        """Return the code of which `code` is the counting variant, or `code` itself."""
        found: CodeType = self._backend.plain(code)
        return found

    def reloaded(self, path: str, text: str) -> None:
        """Follow a file that was just reloaded: its older watches go on, on the lines where their text is now."""
        before = self._texts.get(path)
        if before is not None:
            for watch in self._watches.values():
                watch.ranges = [(file, shifted(pair, before, text) if file == path else pair, counter) for file, pair, counter in watch.ranges]
        self._texts[path] = text
        self._arm(path)

    def start(self, name: str, lines: dict[str, list[tuple[int, int]]], texts: dict[str, str]) -> None:
        """Begin to count the passes over `lines` of the files whose live text is `texts`."""
        self.stop(name)
        self._watches[name] = Watch(name, lines)
        for path in lines:
            if path in texts:
                self._texts[path] = texts[path]
            self._arm(path)

    def stop(self, name: str) -> None:
        """End a watch and bring the plain code back."""
        watch = self._watches.pop(name, None)
        for path in dict.fromkeys(path for path, _, _ in watch.ranges) if watch is not None else ():
            self._arm(path)
            if not any(path == other for item in self._watches.values() for other, _, _ in item.ranges):
                self._texts.pop(path, None)

    def forked(self) -> None:
        """Count anew in the child of a fork."""
        for watch in self._watches.values():
            watch.forked()

    def tick(self, send: Callable[[dict[str, Any]], bool]) -> Optional[float]:
        """Send what changed, at most five times a second; returns when to be called again, None without a watch."""
        if not self._watches:
            return None
        now = time.monotonic()
        if now >= self._next:
            self._next = now + PERIOD_S
            for watch in self._watches.values():
                hits = watch.hits()
                if hits != watch.sent and send({"t": "passes", "watch": watch.name, "hits": hits}):
                    watch.sent = hits
        return max(0.001, self._next - now)

    def _arm(self, path: str) -> None:
        wanted = [(pair, counter) for watch in self._watches.values() for file, pair, counter in watch.ranges if file == path]
        self._backend.disarm(path)
        text = self._texts.get(path)
        if wanted and text is not None:
            self._backend.arm(path, text, wanted)


def _chosen(tree: ast.Module, wanted: list[tuple[tuple[int, int], Any]]) -> list[tuple[Place, Any]]:
    known = places(tree)
    found = [(place_of(known, first, last), counter) for (first, last), counter in wanted]
    return [(place, counter) for place, counter in found if place is not None]


def _all_codes(code: CodeType) -> list[CodeType]:
    return [code, *(inner for child in children(code) for inner in _all_codes(child))]


class Variants:
    """Counts by variants of the code, for interpreters without sys.monitoring."""

    def __init__(self) -> None:
        self._plain: dict[int, tuple[str, CodeType, CodeType]] = {}  # id of a variant: path, the variant, the plain code

    def plain(self, code: CodeType) -> CodeType:
        """Return the code of which `code` is the counting variant, or `code` itself."""
        known = self._plain.get(id(code))
        return code if known is None else known[2]

    def arm(self, path: str, text: str, wanted: list[tuple[tuple[int, int], count[int]]]) -> None:
        """Put the counting variants in the place of the plain code of every function that runs it."""
        for module in modules_of(path):
            source = Source(text, str(module.__file__))
            variants: dict[CodeType, CodeType] = {}
            _pair_variants(source.code, _counting(source, wanted), variants)
            operations = Operations()
            for function in Heap().of(module):
                variant = variants.get(function.__code__)
                if variant is not None and same_code(function.__code__, _plainly(variants, variant)):
                    self._remember(path, variant, function.__code__)
                    operations.function(function, "__code__", variant)
            operations.commit()

    def disarm(self, path: str) -> None:
        """Bring the plain code of a file back wherever a variant of it still runs."""
        mine = {key for key, (of, _, _) in self._plain.items() if of == path}
        if not mine:
            return
        operations = Operations()
        for module in modules_of(path):
            for function in Heap().of(module):
                if id(function.__code__) in mine:
                    operations.function(function, "__code__", self._plain[id(function.__code__)][2])
        operations.commit()
        for key in mine:
            del self._plain[key]

    def _remember(self, path: str, variant: CodeType, plain: CodeType) -> None:
        self._plain[id(variant)] = (path, variant, plain)
        for inner, outer in zip(children(variant), children(plain)):  # noqa: B905
            self._remember(path, inner, outer)


def _plainly(variants: dict[CodeType, CodeType], variant: CodeType) -> CodeType:
    return next(plain for plain, other in variants.items() if other is variant)


def _counting(source: Source, wanted: list[tuple[tuple[int, int], count[int]]]) -> CodeType:
    """Compile a text with a call of a counter before the first statement of each range."""
    tree = ast.parse(source.text, source.filename)
    counters = {}
    insertions = []
    for number, (place, counter) in enumerate(_chosen(tree, wanted)):
        counters[f"{_SENTINEL}{number}"] = counter.__next__
        insertions.append((place.body, place.index, f"{_SENTINEL}{number}"))
    for body, index, sentinel in sorted(insertions, key=lambda item: -item[1]):
        call = ast.Call(func=ast.Attribute(value=ast.Constant(value=sentinel), attr="__call__", ctx=ast.Load()), args=[], keywords=[])
        body.insert(index, ast.fix_missing_locations(ast.copy_location(ast.Expr(value=ast.copy_location(call, body[index])), body[index])))
    return _with_counters(compile(tree, source.filename, "exec", dont_inherit=True), counters)


def _with_counters(code: CodeType, counters: dict[str, Any]) -> CodeType:
    def filled(constant: Any) -> Any:
        if type(constant) is type(code):
            return _with_counters(constant, counters)
        return counters.get(constant, constant) if type(constant) is str else constant

    constants = tuple(filled(constant) for constant in code.co_consts)
    changed = any(a is not b for a, b in zip(constants, code.co_consts))  # noqa: B905
    return code.replace(co_consts=constants) if changed else code


def _pair_variants(plain: CodeType, variant: CodeType, found: dict[CodeType, CodeType]) -> None:
    """Note the variant of each code that differs from its plain form."""
    for one, two in zip(children(plain), children(variant)):  # noqa: B905
        if not same_code(one, two):
            found[one] = two
        _pair_variants(one, two, found)


class Monitoring:
    """Counts by line events of sys.monitoring that are local to the functions in question."""

    def __init__(self) -> None:
        self._tool: Optional[int] = None
        self._codes: dict[int, tuple[str, CodeType, dict[int, list[Any]]]] = {}  # id of a code: path, the code, counters by line
        self._monitoring: Any = getattr(sys, "monitoring", None)

    def plain(self, code: CodeType) -> CodeType:
        """Return `code`: nothing takes the place of a program's code here."""
        return code

    def arm(self, path: str, text: str, wanted: list[tuple[tuple[int, int], count[int]]]) -> None:
        """Switch line events on for the functions that hold the first statement of each range."""
        chosen = _chosen(ast.parse(text), wanted)
        if not chosen or not self._acquire():
            return
        for module in modules_of(path):
            for code in self._live_codes(module):
                for place, counter in chosen:
                    line = _event_line(code, place)
                    if line is not None:
                        _, _, lines = self._codes.setdefault(id(code), (path, code, {}))
                        lines.setdefault(line, []).append(counter)
        for of, code, _ in self._codes.values():
            if of == path:
                self._monitoring.set_local_events(self._tool, code, self._monitoring.events.LINE)

    def disarm(self, path: str) -> None:
        """Switch the events of a file off, and give the tool number back with the last of them."""
        for key, (of, code, _) in list(self._codes.items()):
            if of == path:
                self._monitoring.set_local_events(self._tool, code, 0)
                del self._codes[key]
        if not self._codes and self._tool is not None:
            self._monitoring.register_callback(self._tool, self._monitoring.events.LINE, None)
            self._monitoring.free_tool_id(self._tool)
            self._tool = None

    def _live_codes(self, module: ModuleType) -> list[CodeType]:
        seen = {id(code): code for function in Heap().of(module) for code in _all_codes(function.__code__)}
        return list(seen.values())

    def _acquire(self) -> bool:
        if self._tool is not None:
            return True
        for tool in (4, 3, 2, 1, 0, 5):
            if self._monitoring.get_tool(tool) is None:
                try:
                    self._monitoring.use_tool_id(tool, "nexoide-probe")
                except ValueError:
                    continue
                self._tool = tool
                self._monitoring.register_callback(tool, self._monitoring.events.LINE, self._passed)
                return True
        return False

    def _passed(self, code: CodeType, line: int) -> Any:
        known = self._codes.get(id(code))
        counters = known[2].get(line) if known is not None else None
        if counters is None:
            return self._monitoring.DISABLE
        for counter in counters:
            next(counter)
        return None


def _event_line(code: CodeType, place: Place) -> Optional[int]:
    """Return the line of a place on which its code announces itself, None where the place is not of this code.

    A statement over several lines comes back to some of them: the first line that is entered least often is taken.
    """
    decorators = [decorator.lineno for decorator in place.function.decorator_list]
    if code.co_name != place.function.name or code.co_firstlineno != min([place.function.lineno, *decorators]):
        return None
    statement = place.body[place.index]
    last = statement.end_lineno or statement.lineno
    runs: dict[int, int] = {}
    before: Optional[int] = None
    for _, _, line in code.co_lines():
        if line is not None and line != before and statement.lineno <= line <= last:
            runs[line] = runs.get(line, 0) + 1
        before = line if line is not None else before
    return min(runs, key=lambda line: runs[line]) if runs else None


__all__ = ["Refused", "Watches"]
