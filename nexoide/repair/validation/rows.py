"""Rows of evidence as validation says them: what was run, what came out, how long, and what held it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from nexoide.model.patch import Evidence, Outcome
from nexoide.sandbox.confinement import Confinement

_MAX_DETAIL = 12
_MAX_LINE = 300


class Clock:
    """Measures one layer."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def milliseconds(self) -> float:
        """Milliseconds since the layer began."""
        return (time.monotonic() - self._began) * 1000


def row(kind: str, outcome: Outcome, summary: str, *, clock: Clock, detail: Sequence[str] = (), held: Confinement | None = None) -> Evidence:
    """Return one row; `detail` is bounded in number and length, what held the run comes last."""
    lines = [_bounded(line) for line in detail[:_MAX_DETAIL]]
    if len(detail) > _MAX_DETAIL:
        lines.append(f"and {len(detail) - _MAX_DETAIL} more")
    return Evidence(kind=kind, outcome=outcome, summary=_bounded(summary), detail=(*lines, *confinement_lines(held)), milliseconds=clock.milliseconds)


def confinement_lines(held: Confinement | None) -> tuple[str, ...]:
    """Return what was confined and what was not, a line each; empty where nothing was run."""
    if held is None:
        return ()
    first = "only limited, no sandbox could be had" if held.tier == "limits-only" else held.tier
    lines = [f"confined: {', '.join(held.confined) or 'nothing'} ({first})"]
    if held.not_confined:
        lines.append(f"NOT confined: {', '.join(held.not_confined)}")
    return tuple(lines)


def _bounded(line: str) -> str:
    text = " ".join(line.split())
    return text if len(text) <= _MAX_LINE else text[: _MAX_LINE - 1] + "…"
