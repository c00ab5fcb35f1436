"""The exceptions of a printed traceback: chains of causes and contexts, and the trees of groups, in the order of a Failure."""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass, field

from nexoide.incidents.logs import text
from nexoide.model.failure import Frame, Raised, Relation

MAX_EXCEPTIONS = 8
CUT = "(cut off)"
"""The type of a traceback whose last line never came."""
CUT_TYPES = frozenset({CUT})
MAX_MEMBERS = 64
MAX_LINKS = 1000

_PART = r"(?:[^\W\d]\w{0,120}|<locals>|<lambda>)"
EXCEPTION = re.compile(rf"(?P<type>{_PART}(?:\.{_PART}){{0,24}})(?:(?P<colon>:)(?:\s(?P<message>[^\n]*))?|\s*)$")
"""The line of an exception: its type, and its message where it has one."""
_BUILTIN = frozenset(name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException))
_OLD_NAMES = {"EnvironmentError", "IOError", "WindowsError", "StandardError"}
_REMOTE = re.compile(r"(?:[\w.]{0,200}\.)?_?RemoteTraceback$|(?:[\w.]{0,200}\.)?_RemoteTraceback$")


@dataclass(slots=True)
class Node:
    """One exception as printed: `link` is its cause or context, `members` are those of a group."""

    type: str
    message: str
    frames: tuple[Frame, ...] = ()
    link: Node | None = None
    relation: Relation = "context"
    members: list[Node] = field(default_factory=list)
    remote: tuple[Frame, ...] = ()


def flattened(node: Node) -> tuple[Raised, ...]:
    """Return what was raised last, then its members, causes and contexts, nearest first: all of up to 8, else the first 6 and the last 2."""
    found: list[Raised] = []
    waiting: list[tuple[Node, Relation]] = [(node, "raised")]
    at = 0
    while at < len(waiting) and len(found) < MAX_LINKS:
        item, relation = waiting[at]
        at += 1
        found.append(_raised(item, relation))
        waiting += [(member, "member") for member in item.members[:MAX_EXCEPTIONS]]
        if item.link is not None:
            waiting.append((item.link, item.relation))
    return tuple(found if len(found) <= MAX_EXCEPTIONS else found[: MAX_EXCEPTIONS - 2] + found[-2:])


def linked(last: Node, earlier: Node, relation: Relation) -> None:
    """Say that `earlier` was printed before `last` as its cause or context; what another process raised goes on in its frames."""
    if _REMOTE.match(earlier.type):
        if earlier.link is not None and (earlier.link.type, earlier.link.message) == (last.type, last.message):
            last.remote = earlier.link.frames
            earlier = earlier.link
            if earlier.link is not None:
                last.link, last.relation = earlier.link, earlier.relation
            return
        if earlier.link is not None:
            earlier = earlier.link
    last.link, last.relation = earlier, relation


def is_remote(kind: str) -> bool:
    """Return whether an exception stands for a traceback of another process."""
    return _REMOTE.match(kind) is not None


def _raised(node: Node, relation: Relation) -> Raised:
    module, kind = split_type(node.type)
    return Raised(type=kind, message=text.message(node.message), module=module, relation=relation, frames=(*node.frames, *node.remote))


def split_type(printed: str) -> tuple[str, str]:
    """Return module and qualified name of a printed type: a traceback leaves out `builtins` and `__main__` alone."""
    parts = printed.split(".")
    if len(parts) == 1:
        return "builtins" if printed in _BUILTIN or printed in _OLD_NAMES else "__main__", text.name(printed)
    if "<locals>" in parts:
        first = parts.index("<locals>") - 1
        while first > 0 and parts[first - 1][:1].isupper():
            first -= 1
        return ".".join(parts[: max(first, 0)]) or "__main__", text.name(".".join(parts[max(first, 0) :]))
    first = next((index for index, part in enumerate(parts[:-1]) if part.lstrip("_")[:1].isupper() and index), len(parts) - 1)
    return text.name(".".join(parts[:first])), text.name(".".join(parts[first:]))
