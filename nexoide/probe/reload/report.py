"""What a reload did, or would do, to each definition: the answer that people and programs get."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

DONE = ("replaced", "added", "removed", "migrated", "runs")
_PLURALS = {"class": "classes", "class method": "class methods", "property": "properties", "statement": "statements"}


class Definition:
    """What happened to one definition.

    `action` is replaced, added, removed, migrated, unchanged, refused, kept, runs or restart; `reason` a sentence where that
    needs one; `line` is in the new text (0: none).
    """

    __slots__ = ("action", "file", "kind", "line", "module", "name", "reason")

    def __init__(self, module: str, name: str, kind: str, action: str, reason: str = "", file: str = "", line: int = 0) -> None:
        self.module, self.name, self.kind, self.action = module, name, kind, action
        self.reason, self.file, self.line = reason, file, line

    @property
    def full(self) -> str:
        """The name with its module's."""
        return f"{self.module}.{self.name}" if self.name else self.module

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON has them."""
        return {name: getattr(self, name) for name in ("module", "name", "kind", "action", "reason", "file", "line")}

    def __repr__(self) -> str:
        return f"<{self.full}: {self.kind} {self.action}{': ' + self.reason if self.reason else ''}>"


class ReloadReport:
    """The outcome of one transaction.

    `state` is committed, already, prepared, not_loaded, refused, aborted or staged; `error` a sentence where not `ok`;
    `ms` its duration in milliseconds; `generation` the number under which it can be reverted, 0 where nothing changed;
    `blockers` are sentences on calls under way that finish on old code.
    """

    __slots__ = ("blockers", "definitions", "error", "files", "generation", "ms", "notes", "ok", "state")

    def __init__(
        self,
        state: str,
        definitions: Iterable[Definition] = (),
        notes: Iterable[str] = (),
        error: str = "",
        generation: int = 0,
        ms: float = 0.0,
        blockers: Iterable[str] = (),
        files: Iterable[str] = (),
    ) -> None:
        self.state, self.error, self.generation, self.ms = state, error, generation, ms
        self.ok = not error
        self.definitions = tuple(definitions)
        self.notes = tuple(dict.fromkeys(notes))
        self.blockers = tuple(dict.fromkeys(blockers))
        self.files = tuple(files)

    def having(self, *actions: str) -> tuple[Definition, ...]:
        """Return the definitions with one of the actions."""
        return tuple(item for item in self.definitions if item.action in actions)

    @property
    def changed(self) -> tuple[str, ...]:
        """Full names of what is different from before, each once."""
        return tuple(dict.fromkeys(item.full for item in self.having(*DONE)))

    @property
    def replaced(self) -> tuple[Definition, ...]:
        """What was replaced."""
        return self.having("replaced")

    @property
    def added(self) -> tuple[Definition, ...]:
        """What was added."""
        return self.having("added")

    @property
    def removed(self) -> tuple[Definition, ...]:
        """What was removed."""
        return self.having("removed")

    @property
    def migrated(self) -> tuple[Definition, ...]:
        """What was migrated with its live instances."""
        return self.having("migrated")

    @property
    def refused(self) -> tuple[Definition, ...]:
        """What could not be changed live, with the reason."""
        return self.having("refused")

    def summary(self) -> str:
        """Return one line: `orders.py: 2 functions, 1 class method, 1 constant · 3 ms`, or why nothing changed."""
        if not self.ok:
            return self.error
        groups: dict[str, list[Definition]] = {}
        for item in self.having(*DONE):
            groups.setdefault(os.path.basename(item.file) or item.module, []).append(item)
        if not groups:
            words = {"already": "the running code is this already", "not_loaded": "not imported by this program yet"}
            names = ", ".join(dict.fromkeys(os.path.basename(path) for path in self.files)) or "nothing"
            return f"{names}: {words.get(self.state, 'nothing that runs has changed')} · {duration(self.ms)}"
        shown = [f"{name}: {counted(items)}" for name, items in groups.items()]
        if len(shown) > 3:
            everything = [item for items in groups.values() for item in items]
            shown = [f"{len(groups)} files: {counted(everything)}"]
        return f"{'; '.join(shown)} · {duration(self.ms)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return {
            "ok": self.ok,
            "state": self.state,
            "changed": list(self.changed),
            "notes": list(self.notes),
            "error": self.error,
            "generation": self.generation,
            "ms": self.ms,
            "blockers": list(self.blockers),
            "files": list(self.files),
            "definitions": [item.to_dict() for item in self.definitions],
        }

    def __repr__(self) -> str:
        return f"<ReloadReport {self.state}: {self.summary()}>"


def duration(ms: float) -> str:
    """Return a duration as people read it."""
    return f"{ms:.1f} ms" if ms < 1 else f"{ms:.0f} ms"


def counted(items: Sequence[Definition]) -> str:
    """Return `2 functions, 1 constant removed`: how many of each kind, each definition once."""
    counts: dict[tuple[str, str], int] = {}
    for item in {(item.full, item.kind): item for item in items}.values():
        kind = {"method": "class method", "attribute": "class attribute"}.get(item.kind, item.kind)
        word = item.action if item.action in ("added", "removed", "migrated") else "run" if item.action == "runs" else ""
        counts[(kind, word)] = counts.get((kind, word), 0) + 1
    parts = []
    for (kind, word), number in counts.items():
        many = kind if number == 1 else _PLURALS.get(kind, kind + "s")
        parts.append(f"{number} {many}{' ' + word if word else ''}")
    return ", ".join(parts)
