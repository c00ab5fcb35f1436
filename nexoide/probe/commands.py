"""What the supervisor may ask of this process: to reload files, and to stop counting passes."""

from __future__ import annotations

import sys
import time

from .guard import quietly
from .reload.transaction import File, reload
from .watch import Watches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

    Send = Callable[[dict[str, Any]], bool]

MAX_FILES = 256
MAX_RANGES = 1024
_watches = Watches()


def forked() -> None:
    """Count passes anew in the child of a fork."""
    _watches.forked()


class BadMessage(Exception):  # noqa: N818
    """A command has fields that it must not have, or lacks some; the message says which."""


def receive(message: dict[str, Any], send: Send) -> None:
    """Carry out one command; a reload is answered in any case, unknown commands are passed over."""
    if message["t"] == "reload":
        _reload(message, send)
    elif message["t"] == "unwatch" and type(message.get("watch")) is str:
        _watches.stop(message["watch"])


def tick(send: Send) -> Optional[float]:
    """Send the totals that changed; returns in how many seconds to be called again, None for not at all."""
    return _watches.tick(send)


def _reload(message: dict[str, Any], send: Send) -> None:
    begun = time.monotonic()
    number = message.get("id")
    try:
        files = _files(message)
        watch = _watch(message.get("watch"))
        _check(message)
        answer = reload(files, message["dry_run"], _watches.plain)
        if answer["ok"] and not message["dry_run"]:
            quietly(_follow, files, answer["state"], watch)
    except BadMessage as error:
        answer = {"ok": False, "state": "", "changed": [], "notes": [], "error": f"The reload was refused: {error}."}
    answer["ms"] = round((time.monotonic() - begun) * 1000, 3)
    send({"t": "reply", "id": number if type(number) is int else -1, **answer})


def _check(message: dict[str, Any]) -> None:
    if type(message.get("dry_run")) is not bool or set(message) - {"t", "id", "dry_run", "files", "watch"}:
        raise BadMessage("dry_run must be true or false, and no other fields are known")
    enabled = getattr(sys, "_is_gil_enabled", None)
    if enabled is not None and not enabled():
        raise BadMessage("this interpreter runs without its global lock, where no swap can be atomic: restart the program")


def _follow(files: list[File], state: str, watch: Optional[tuple[str, dict[str, list[tuple[int, int]]]]]) -> None:
    if state == "committed":
        for file in files:
            _watches.reloaded(file.path, file.new)
    if watch is not None and state != "not_loaded":
        _watches.start(watch[0], watch[1], {file.path: file.new for file in files})


def _files(message: dict[str, Any]) -> list[File]:
    entries = message.get("files")
    if type(entries) is not list or not 0 < len(entries) <= MAX_FILES:
        raise BadMessage(f"files must be a list of 1 to {MAX_FILES}")
    found = []
    for entry in entries:
        if type(entry) is not dict or set(entry) != {"path", "base", "new"} or any(type(value) is not str for value in entry.values()):
            raise BadMessage("a file must have path, base and new, all strings")
        if not entry["path"].startswith("/"):
            raise BadMessage("a path must be absolute")
        found.append(File(entry["path"], entry["base"], entry["new"]))
    if len({file.path for file in found}) != len(found):
        raise BadMessage("a file is named twice")
    return found


def _watch(entry: Any) -> Optional[tuple[str, dict[str, list[tuple[int, int]]]]]:
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
