"""The `exception` and `stacktrace` parts of an event: exceptions in the order in which we keep them, and their frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nexoide.incidents import bounded
from nexoide.incidents.documents import entries, table
from nexoide.incidents.sentry.values import view
from nexoide.model.failure import Frame, Raised, Relation, ValueView

MAX_LOCALS = 32
MAX_VIEWS = 96
MAX_LOOKED_AT = 4096
"""Exceptions and frames of one event that are looked at before their middle is left out."""
SHOWN_FRAMES = 3
_RAISE_LINES = 6
_RELATIONS: dict[str, Relation] = {"__cause__": "cause", "cause": "cause", "InnerException": "cause", "__context__": "context"}


class Views:
    """How many more variables one event may show."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_VIEWS


def exceptions(event: dict[str, Any], stack: object, language: str) -> tuple[Raised, ...]:
    """Return an event's exceptions, that which was raised last first; `stack` is used where none has frames of its own."""
    found = [item for item in entries(event.get("exception"))[-MAX_LOOKED_AT:] if isinstance(item, dict)]
    if not found:
        return ()
    ordered = _by_id(found) or _by_place(found)
    views = Views()
    chain = [_raised(item, relation, views, language) for item, relation in _kept(ordered)]
    if not any(raised.frames for raised in chain):
        chain[0] = replace(chain[0], frames=frames(stack, views))
    return bounded.chain(chain)


def _kept(ordered: list[tuple[dict[str, Any], Relation]]) -> list[tuple[dict[str, Any], Relation]]:
    most = bounded.MAX_EXCEPTIONS
    return ordered if len(ordered) <= most else ordered[: most - 2] + ordered[-2:]


def _by_id(found: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Relation]]:
    """Return exceptions that say how they belong together, empty where one does not or the tree is none."""
    known: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    for item in found:
        mechanism = table(item.get("mechanism"))
        number = mechanism.get("exception_id")
        if not isinstance(number, int) or isinstance(number, bool) or number in known:
            return []
        known[number] = (item, mechanism)
    numbers = sorted(known)
    ordered: list[tuple[dict[str, Any], Relation]] = []
    for number in numbers:
        item, mechanism = known[number]
        ordered.append((item, "raised" if number == numbers[0] else _relation(mechanism, known)))
    return ordered


def _relation(mechanism: dict[str, Any], known: dict[int, tuple[dict[str, Any], dict[str, Any]]]) -> Relation:
    source = mechanism.get("source")
    if isinstance(source, str):
        if source in _RELATIONS:
            return _RELATIONS[source]
        if "[" in source:  # exceptions[0], errors[1], InnerExceptions[2]
            return "member"
    parent = mechanism.get("parent_id")
    holder = known.get(parent) if isinstance(parent, int) else None
    return "member" if holder is not None and holder[1].get("is_exception_group") else "context"


def _by_place(found: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Relation]]:
    """Return exceptions that say nothing of how they belong together: the protocol has the one that was raised last last."""
    ordered: list[tuple[dict[str, Any], Relation]] = []
    for item in reversed(found):
        ordered.append((item, "raised" if not ordered else "cause" if _raised_from(ordered[-1][0]) else "context"))
    return ordered


def _raised_from(item: dict[str, Any]) -> bool:
    """Whether an exception was raised by a statement with `from`, as far as its lines show it."""
    last = next((frame for frame in reversed(_frames_of(item.get("stacktrace"))) if isinstance(frame, dict)), {})
    first = last.get("context_line")
    if not isinstance(first, str) or not first.lstrip().startswith("raise "):
        return False
    after = last.get("post_context")
    statement = first
    for more in after[:_RAISE_LINES] if isinstance(after, list) else ():
        if statement.count("(") <= statement.count(")") or not isinstance(more, str):
            break
        statement += " " + more[:400]
    return " from " in statement


def _raised(item: dict[str, Any], relation: Relation, views: Views, language: str) -> Raised:
    module = bounded.line(item.get("module"))
    return Raised(
        type=bounded.line(item.get("type")) or ("Error" if language != "python" else "Exception"),
        message=bounded.text(item.get("value"), bounded.MAX_MESSAGE),
        module=module or ("builtins" if language == "python" else ""),
        relation=relation,
        frames=frames(item.get("stacktrace"), views),
    )


def frames(stack: object, views: Views) -> tuple[Frame, ...]:
    """Return the frames of a `stacktrace`, the raising one last; the last three of the program itself show their variables."""
    head, missing, tail = bounded.ends([item for item in _frames_of(stack)[-MAX_LOOKED_AT:] if isinstance(item, dict)], bounded.MAX_FRAMES)
    found = [*head, *tail]
    shown = _shown(found)
    made = [_frame(item, _locals(item.get("vars"), views) if position in shown else {}) for position, item in reversed(list(enumerate(found)))][::-1]
    return tuple(made if not missing else [*made[: len(head)], bounded.left_out(missing), *made[len(head) :]])


def _frames_of(stack: object) -> list[Any]:
    found = table(stack).get("frames")
    return found if isinstance(found, list) else []


def _shown(found: Sequence[dict[str, Any]]) -> set[int]:
    own = [position for position, item in enumerate(found) if item.get("in_app") is not False]
    return {*own[-SHOWN_FRAMES:], len(found) - 1}


def _frame(item: dict[str, Any], values: dict[str, ValueView]) -> Frame:
    own = item.get("in_app")
    file = item.get("abs_path")
    function = item.get("function") or item.get("raw_function") or item.get("instruction_addr")
    column = item.get("colno")
    return Frame(
        file=bounded.line(file if isinstance(file, str) and file else item.get("filename") or item.get("package"), bounded.MAX_FILE),
        line=bounded.integer(item.get("lineno")),
        function=bounded.line(function) or "<unknown>",
        module=bounded.line(item.get("module")),
        source=bounded.text(item.get("context_line"), bounded.MAX_SOURCE),
        column=bounded.integer(column, 1) - 1 if isinstance(column, int) else -1,
        in_app=own if isinstance(own, bool) else None,
        locals=values,
    )


def _locals(found: object, views: Views) -> dict[str, ValueView]:
    if not isinstance(found, dict) or views.left <= 0:
        return {}
    own = [(name, value) for name, value in list(found.items())[:MAX_LOOKED_AT] if not name.startswith("__")]  # a module's frame has its own names first
    kept = own[: min(MAX_LOCALS, views.left)]
    views.left -= len(kept)
    return {bounded.line(name): view(name, value) for name, value in kept}
