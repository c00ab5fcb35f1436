"""Where an exception comes from, as a key: two failures of one kind have the same, however their values and messages differ.

The quick way names code objects by their identity (which they keep while the key is cached); the slow way, taken once for each
location, names them by file, function and line, so that what `exec` compiles anew each time is one location all the same.
"""

from __future__ import annotations

from .capture import GROUP, args_of, cause_of, context_of, is_key_error, suppressed, traceback_of
from .frames import place, source_line
from .remote import is_remote, remote_place
from .table import MAX_CACHED, MAX_KEYS, Place
from .values import type_module, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .table import Entry, Table

MAX_LINKS = 8
DEEP = 64
MAX_TEXT = 300


def words(text: str) -> str:
    """Return a message without what changes from one failure to the next: of it, the words that are letters alone."""
    return " ".join([word for word in text[:MAX_TEXT].split() if word.isalpha()])


def message_words(error: BaseException) -> str:
    """Return the words of an exception's message, "" where it is a value rather than words."""
    arguments = args_of(error)
    if not arguments:
        return ""
    first = arguments[0]
    if type(first) is str:
        return "" if is_key_error(error) else words(first)
    if type(first) is int and len(arguments) > 1 and type(arguments[1]) is str:
        return f"{first} {words(arguments[1])}"  # as OSError has it
    return ""


def find(table: Table, error: BaseException, traceback: Any, about: tuple[Any, ...]) -> Optional[Entry]:
    """Return the entry that a failure is counted in; `about` is what else tells it from others. None where there is no room."""
    quick: list[Any] = [about]
    for item, first in _links(error, traceback):
        entries = first
        quick.append(id(type(item)) if item is error or not is_remote(item) else remote_place(item))
        start = len(quick)
        while entries is not None:
            quick.append((id(entries.tb_frame.f_code) << 16) + entries.tb_lasti)
            entries = entries.tb_next
        if len(quick) - start > DEEP:
            quick[start:] = dict.fromkeys(quick[start:])  # how deep a recursion went is chance
    key = tuple(quick)
    known = table.cache.get(key)
    found = known[0] if known is not None else _look_up(table, key, error, traceback, about)
    return table.entry(found, message_words(error)) if found is not None else None


def _links(error: BaseException, traceback: Any) -> list[tuple[BaseException, Any]]:
    """Return the first exceptions of a chain, each with its traceback."""
    found = [(error, traceback if traceback is not None else traceback_of(error))]
    if cause_of(error) is None and context_of(error) is None and (GROUP is None or not issubclass(type(error), GROUP)):
        return found
    seen, waiting = {id(error)}, [error]
    while waiting and len(found) < MAX_LINKS:
        item = waiting.pop(0)
        inner = list(GROUP.__dict__["exceptions"].__get__(item)[:MAX_LINKS]) if GROUP is not None and issubclass(type(item), GROUP) else []
        cause = cause_of(item)
        inner.append(cause if cause is not None else None if suppressed(item) else context_of(item))
        for other in inner:
            if other is not None and id(other) not in seen and len(found) < MAX_LINKS:
                seen.add(id(other))
                waiting.append(other)
                found.append((other, traceback_of(other)))
    return found


def _look_up(table: Table, key: tuple[Any, ...], error: BaseException, traceback: Any, about: tuple[Any, ...]) -> Optional[Place]:
    slow: list[Any] = [about]
    kept: list[Any] = []
    own, stable = False, True
    for item, first in _links(error, traceback):
        entries, kind = first, type(item)
        slow.append((type_module(kind), type_name(kind)) if item is error or not is_remote(item) else remote_place(item))
        kept.append(kind)
        start = len(slow)
        while entries is not None:
            code = entries.tb_frame.f_code
            stable = stable and not code.co_filename.startswith("<")
            if stable and (not kept or kept[-1] is not code):
                kept.append(code)
            slow.append((code.co_filename, code.co_name, entries.tb_lineno or 0))
            entries = entries.tb_next
        slow[start:] = [_with_source(*entry) for entry in dict.fromkeys(slow[start:])]
        own = own or any(entry[3] is not None for entry in slow[start:])
    whole = tuple(slow)
    found = table.places.get(whole)
    if found is None:
        if len(table.places) >= 2 * MAX_KEYS:
            return None
        found = table.places.setdefault(whole, Place(own))
    if stable:
        if len(table.cache) >= MAX_CACHED:
            table.cache.clear()
        table.cache[key] = (found, {id(item): item for item in kept})
    return found


def _with_source(file: str, function: str, line: int) -> tuple[str, str, int, Optional[str]]:
    """Add the text of a line of the workspace: where a reload changed it in its place, what fails there is another failure."""
    path, own = place(file)
    return file, function, line, source_line(path, line) if own else None


def plain(table: Table, key: tuple[Any, ...], text: str) -> Optional[Entry]:
    """Return the entry of a failure that no exception stands behind."""
    found = table.places.get(key)
    if found is None:
        if len(table.places) >= 2 * MAX_KEYS:
            return None
        found = table.places.setdefault(key, Place(False))
    return table.entry(found, words(text))
