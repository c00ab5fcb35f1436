"""The supervisor's commands, checked field by field, and the answers, kept within what a frame may hold."""

from __future__ import annotations

from .wire import MAX_OUT, dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .reload.report import ReloadReport

MAX_FILES = 2048
MAX_RANGES = 1024
MAX_BOUND_S = 60.0
MAX_TEXTS = 256
PACES = ("auto", "now", "quiescent")
_ROOM = MAX_OUT - 4096
_FIELDS = {
    "reload": {"t", "id", "dry_run", "files", "watch", "when", "bound"},
    "prepare": {"t", "id", "files", "when", "bound"},
    "commit": {"t", "id", "watch"},
    "abort": {"t", "id"},
    "explain": {"t", "id", "files"},
    "modules": {"t", "id", "paths"},
    "changed": {"t", "id", "paths"},
    "replay": {"t", "id", "files", "error", "seconds"},
}


class BadMessage(Exception):  # noqa: N818
    """A command has fields that it must not have, or lacks some; the message says which."""


class Wanted:
    """One file of a command: absolute path, the text it was made against (None: not known), the new text (None: deleted)."""

    def __init__(self, path: str, base: Optional[str], new: Optional[str]) -> None:
        self.path, self.base, self.new = path, base, new


def check_fields(message: dict[str, Any]) -> None:
    """Raise BadMessage where a command has fields that are not its own."""
    unknown = set(message) - _FIELDS[message["t"]]
    if unknown or type(message.get("id")) is not int:
        raise BadMessage(f"it needs an id, and no other fields are known ({min(unknown)[:40]!r})" if unknown else "it needs an id")


def files_of(message: dict[str, Any]) -> list[Wanted]:
    """Return the files of a command."""
    entries = message.get("files")
    if type(entries) is not list or not 0 < len(entries) <= MAX_FILES:
        raise BadMessage(f"files must be a list of 1 to {MAX_FILES}")
    found = []
    for entry in entries:
        if type(entry) is not dict or set(entry) != {"path", "base", "new"} or type(entry["path"]) is not str:
            raise BadMessage("a file must have path, base and new")
        if any(entry[key] is not None and type(entry[key]) is not str for key in ("base", "new")):
            raise BadMessage("base and new of a file must be strings or null")
        if not entry["path"].startswith("/"):
            raise BadMessage("a path must be absolute")
        found.append(Wanted(entry["path"], entry["base"], entry["new"]))
    if len({file.path for file in found}) != len(found):
        raise BadMessage("a file is named twice")
    return found


def pace_of(message: dict[str, Any]) -> tuple[str, Optional[float]]:
    """Return when a change may go live, and how many seconds may be waited for it (None: as the engine has it)."""
    when, bound = message.get("when", "auto"), message.get("bound")
    if when not in PACES:
        raise BadMessage(f"when must be one of {', '.join(PACES)}")
    if bound is not None and (type(bound) not in (int, float) or not 0 <= bound <= MAX_BOUND_S):
        raise BadMessage(f"bound must be 0 to {MAX_BOUND_S:g} seconds")
    return when, None if bound is None else float(bound)


def watch_of(entry: Any) -> Optional[tuple[str, dict[str, list[tuple[int, int]]]]]:
    """Return the watch's id and the lines that it counts by path, None where none is wanted."""
    if entry is None:
        return None
    if type(entry) is not dict or set(entry) != {"id", "lines"} or type(entry["id"]) is not str or type(entry["lines"]) is not dict:
        raise BadMessage("watch must have id and lines")
    lines: dict[str, list[tuple[int, int]]] = {}
    for path, ranges in entry["lines"].items():
        if type(ranges) is not list or len(ranges) > MAX_RANGES or not all(_range(item) for item in ranges):
            raise BadMessage("lines must give lists of [first, last] by path")
        lines[path] = [(item[0], item[1]) for item in ranges]
    return entry["id"], lines


def _range(item: Any) -> bool:
    return type(item) is list and len(item) == 2 and all(type(line) is int for line in item) and 0 < item[0] <= item[1]


def paths_of(message: dict[str, Any]) -> list[str]:
    """Return the paths that `modules` asks for."""
    paths = message.get("paths", [])
    if type(paths) is not list or len(paths) > MAX_FILES or any(type(path) is not str for path in paths):
        raise BadMessage(f"paths must be a list of at most {MAX_FILES} strings")
    return paths


def changed_of(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Return path and sha256 of the files that `changed` tells of."""
    entries = message.get("paths")
    if type(entries) is not list or not 0 < len(entries) <= MAX_FILES:
        raise BadMessage(f"paths must be a list of 1 to {MAX_FILES}")
    for entry in entries:
        if type(entry) is not dict or set(entry) != {"path", "sha256"} or any(type(value) is not str for value in entry.values()):
            raise BadMessage("each of paths must have path and sha256")
    return [(entry["path"], entry["sha256"]) for entry in entries]


def answer_of(report: ReloadReport) -> dict[str, Any]:
    """Return a report as an answer."""
    return {
        "ok": report.ok,
        "state": report.state if report.ok else "",
        "changed": list(report.changed),
        "notes": list(report.notes)[:MAX_TEXTS],
        "error": report.error,
        "generation": report.generation,
        "blockers": list(report.blockers)[:MAX_TEXTS],
        "definitions": [item.to_dict() for item in report.definitions],
    }


def refusal(sentence: str) -> dict[str, Any]:
    """Return the answer to what was not done."""
    return {"ok": False, "state": "", "changed": [], "notes": [], "error": sentence, "generation": 0, "blockers": [], "definitions": []}


def fitted(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that fits into one frame: what is too much is left out at the end, counted and said."""
    for key in ("replays", "definitions", "changed", "blockers", "notes"):
        items = answer.get(key)
        left = 0
        while items and len(dumps(answer)) > _ROOM:
            keep = len(items) // 2
            left += len(items) - keep
            answer[key] = items = items[:keep]
        if left and key != "notes":
            answer["notes"] = [*answer["notes"], f"{left} more {key} are not listed."]
    return answer
