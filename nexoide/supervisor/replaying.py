"""Has the call that failed made again in a forked copy of the live process, once for each patch, and says what came out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nexoide.model.failure import Failure, Frame
from nexoide.model.patch import Evidence
from nexoide.repair.confidence import judge
from nexoide.repair.proposal import Proposal
from nexoide.supervisor.probe_asks import Asking
from nexoide.supervisor.probe_connection import Again, Replayed, Reply

KIND = "replay"
MOST = 4
SECONDS = 1.0
_CONFINED = "confined: a forked copy of the process, descriptors closed, file writes, network and processes refused, ended by an alarm"


@dataclass(frozen=True, slots=True)
class Replay:
    """The evidence of one patch, and a digest of how the call behaved with it ("" where it could not be made again)."""

    row: Evidence
    behaviour: str = ""


class Replayer:
    """Asks the process that a failure came from; `root` is the workspace."""

    def __init__(self, root: Path, probes: Asking) -> None:
        self._root, self._probes = root.resolve(), probes

    async def all(self, failure: Failure, proposals: Sequence[Proposal]) -> list[Replay]:
        """Return a replay for each of the first four proposals, in their order."""
        return [await self._one(failure, proposal) for proposal in proposals[:MOST]]

    async def _one(self, failure: Failure, proposal: Proposal) -> Replay:
        frame = self._innermost(failure)
        if frame is None or failure.pid <= 0:
            return Replay(_row("inconclusive", "no live process showed the failure, so no call can be made again"))
        files = [{"path": str(self._root / path), "base": base.decode(), "new": new.decode()} for path, (base, new) in sorted(proposal.files.items())]
        error = (failure.exceptions[0].type, frame.file, frame.line)
        replies = await self._probes.replay(failure.target, files, error, only=frozenset({failure.pid}), seconds=SECONDS)
        return _judged(replies[0]) if replies else Replay(_row("inconclusive", "the process that failed is gone, so its call cannot be made again"))

    def _innermost(self, failure: Failure) -> Frame | None:
        """Return the innermost call of the workspace's own code that is a function; the probe keeps what that was given."""
        frames = failure.exceptions[0].frames if failure.exceptions else ()
        own = [item for item in frames if self._is_own(item.file) and not item.function.rsplit(".", 1)[-1].startswith("<")]
        return own[-1] if own else None

    def _is_own(self, file: str) -> bool:
        return Path(file).is_absolute() and Path(file).resolve().is_relative_to(self._root)


def preferred(proposals: Sequence[Proposal], replays: Sequence[Replay]) -> int:
    """Return which proposal to go on with: the first that is not surpassed by a later one of those that were replayed."""
    if not replays or replays[0].row.outcome == "passed":
        return 0
    scores = [judge(proposal, [replay.row]).confidence for proposal, replay in zip(proposals, replays, strict=False)]
    passed = [number for number, replay in enumerate(replays) if replay.row.outcome == "passed"]
    best = max(passed, key=lambda number: scores[number], default=0)
    return best if scores[best] > scores[0] else 0


def _row(outcome: str, summary: str, detail: Sequence[str] = (), milliseconds: float = 0.0) -> Evidence:
    kept = {"passed": "passed", "failed": "failed"}.get(outcome, "inconclusive")
    return Evidence(kind=KIND, outcome=kept, summary=summary, detail=tuple(detail), milliseconds=milliseconds)  # type: ignore[arg-type]


def _judged(reply: Reply) -> Replay:
    if not reply.replays:
        why = "; ".join(reply.notes) or reply.error or "it was not made again"
        return Replay(_row("inconclusive", f"not replayable: {why}", milliseconds=reply.ms))
    first = reply.replays[0]
    detail = [*(line for item in reply.replays for line in _told(item)), _CONFINED]
    behaviour = hashlib.sha256("|".join(_behaviour(item.after) for item in reply.replays).encode()).hexdigest()
    if first.after.outcome == "not replayable" or first.before.outcome == "not replayable":
        return Replay(_row("inconclusive", f"not replayable: {first.after.why or first.before.why}", detail, reply.ms))
    if first.before.outcome == "returned":
        return Replay(_row("inconclusive", f"{first.function}() does not fail again without the patch either", detail, reply.ms), behaviour)
    if first.after.outcome == "raised":
        again = "the same error" if _same(first.before, first.after) else f"{first.after.type}: {first.after.text}"
        return Replay(_row("failed", f"{first.function}(), called again with the patch, raises {again}", detail, reply.ms), behaviour)
    outer = next((item for item in reply.replays[1:] if item.before.outcome == item.after.outcome == "raised"), None)
    if outer is not None and not _same(outer.before, outer.after):
        summary = f"{first.function}() returns with the patch, and its caller {outer.function}() then raises {outer.after.type}: {outer.after.text}"
        return Replay(_row("failed", summary, detail, reply.ms), behaviour)
    text = first.after.text if len(first.after.text) <= 60 else first.after.text[:59] + "…"
    return Replay(_row("passed", f"{first.function}(), called again as it failed, returns {text}", detail, reply.ms), behaviour)


def _same(one: Again, other: Again) -> bool:
    return (one.type, one.text) == (other.type, other.text)


def _behaviour(item: Again) -> str:
    return f"{item.outcome} {item.digest or item.type + item.text}"


def _told(item: Replayed) -> list[str]:
    return [f"{name} the patch {item.function}() {_ended(end)} ({end.ms:.0f} ms)" for name, end in (("without", item.before), ("with", item.after))]


def _ended(item: Again) -> str:
    if item.outcome == "returned":
        return f"returned {item.text}"
    return f"raised {item.type}: {item.text}" if item.outcome == "raised" else f"could not be called: {item.why}"
