"""Which lines a patch healed, and what the reload and the watch over them are told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nexoide.journal.journal import Journal
from nexoide.model.deployment import DeploymentPlan
from nexoide.model.diff import hunks
from nexoide.reload.coordinator import FileText


def texts(plan: DeploymentPlan, root: Path, journal: Journal) -> list[FileText]:
    """Return the files of a plan as the reload takes them: absolute path, text before, text after; none for those that come or go."""
    found = []
    for file in plan.files:
        if not file.before_sha256 or not file.after_sha256:
            continue  # the test of a patch: no running program has it
        base, new = journal.blob(file.before_sha256).decode("utf-8"), journal.blob(file.after_sha256).decode("utf-8")
        found.append(FileText(path=(root / file.path).resolve(), base=base, new=new))
    return found


def healed_lines(base: str, new: str) -> list[tuple[int, int]]:
    """Return the spans (1-based, inclusive) of lines in `new` that `base` has not; a pure deletion counts the line after it."""
    spans: list[tuple[int, int]] = []
    for hunk in hunks(base, new, context=1):
        added = [line.new for line in hunk.lines if line.kind == "+"]
        if not added:
            spans.append((max(1, hunk.new_start), max(1, hunk.new_start + hunk.new_count - 1)))
        for number in added:
            if spans and spans[-1][1] == number - 1:
                spans[-1] = (spans[-1][0], number)
            else:
                spans.append((number, number))
    return spans


def watched(files: Sequence[FileText]) -> dict[Path, list[tuple[int, int]]]:
    """Return the healed lines of every file of a transaction."""
    return {file.path: healed_lines(file.base or "", file.new or "") for file in files}
