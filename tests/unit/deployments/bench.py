"""A real repository, a real journal and real deployments, with a stand-in for the processes that reload."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nexoide.clock import SystemClock
from nexoide.deployments.probation import Probation
from nexoide.deployments.service import Deployments
from nexoide.errors import NexoideError
from nexoide.journal.journal import Journal
from nexoide.model import event as e
from nexoide.model.commands import DecideCommand
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident
from nexoide.model.patch import FileChange, Patch, patch_digest
from nexoide.model.projection import State
from nexoide.reload.coordinator import FileText, Outcome
from nexoide.vcs.repository import Repository
from tests.support.project import BANK, git, make_project


@dataclass
class Reloads:
    """Stands for the target's processes: answers as it is told to, and keeps what it was asked."""

    state: str = "live"
    pids: tuple[int, ...] = (7,)
    error: NexoideError | None = None
    asked: list[str] = field(default_factory=list)
    whens: list[str] = field(default_factory=list)
    already: bool = False

    def attached(self, target: str) -> tuple[int, ...]:
        return self.pids

    async def rehearse(self, target: str, files: list[FileText]) -> Outcome:
        return Outcome(state="live", pids=self.pids, already=self.already)

    async def deploy(self, target: str, files: list[FileText], watch: dict[str, Any] | None, *, when: str = "auto") -> Outcome:
        self.asked.append(watch["id"] if watch else "")
        self.whens.append(when)
        if self.error is not None:
            raise self.error
        return Outcome(state=self.state, pids=self.pids, changed=("bank.Bank.deposit",), sentence="So it is.")


class Bench:
    """One workspace with one waiting patch of bank.py (P-1)."""

    def __init__(self, folder: Path) -> None:
        self.root = (folder / "bank").resolve()
        make_project(self.root, "python3")
        self.journal = Journal.open(folder / "state" / "journal.db", clock=SystemClock())
        self.state = State()
        self.journal.listen(self.state.apply)
        self.repository = Repository.open(self.root)
        assert self.repository is not None
        self.reloads = Reloads()
        self.tasks: set[asyncio.Task[Any]] = set()
        self.probation = Probation(
            passes=3, seconds=0.0, clock=SystemClock(), append=self.append, unwatch=self._nothing, recurred=self._nothing, spawn=self._spawn
        )
        self.deployments = self.fresh_deployments()

    def fresh_deployments(self) -> Deployments:
        """Return what a restarted supervisor would have."""
        return Deployments(
            root=self.root,
            state=self.state,
            journal=self.journal,
            repository=self.repository,
            reloads=self.reloads,  # type: ignore[arg-type]
            probation=self.probation,
            clock=SystemClock(),
        )

    async def append(self, *bodies: e.Body) -> None:
        await self.journal.append(*bodies, actor="test")

    async def _nothing(self, *_: object) -> None:
        return None

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def propose(self, number: int = 1, new: str = "record_entry", brings: dict[str, bytes] | None = None) -> Patch:
        """Put a patch of bank.py into the review queue; it `brings` new files."""
        base = (self.root / "bank.py").read_bytes()
        changed = base.replace(b"record_entries", new.encode())
        failure = Failure(target="app", pid=7, source="log", at=1.0)
        incident = Incident(
            id=f"I-{number}",
            fingerprint=f"f{number}",
            target="app",
            error_class="AttributeError",
            message="no record_entries",
            file="bank.py",
            line=13,
            function="Bank.deposit",
            first_at=1.0,
            last_at=1.0,
            count=1,
            sample=failure,
        )
        patch = Patch(
            id=f"P-{number}",
            incident=incident.id,
            target="app",
            title="use record_entry",
            rationale="It was renamed.",
            rule="attribute-missing",
            author="medic",
            base_commit=self.head(),
            branch="refs/heads/main",
            files=(FileChange(path="bank.py", base_sha256=_sha(base), new_sha256=_sha(changed)),),
            proposed_at=1.0,
        )
        bodies = (e.IncidentOpened(incident=incident), e.PatchProposed(patch=patch))
        await self.journal.append(*bodies, actor="test", blobs=[base, changed])
        for path, data in (brings or {}).items():
            added = e.PatchExtended(patch=patch.id, file=FileChange(path=path, base_sha256="", new_sha256=_sha(data)))
            await self.journal.append(added, actor="test", blobs=[data])
        patch = self.state.patches[patch.id]
        digest = patch_digest(str(self.root), patch)
        await self.append(e.PatchJudged(patch=patch.id, confidence=0.9, verdict="review", digest=digest))
        return self.state.patches[patch.id]

    def command(self, patch: str = "P-1") -> DecideCommand:
        """Return the decision about what the patch is."""
        return DecideCommand(digest=self.state.patches[patch].digest, operator="ada")

    def head(self) -> str:
        """Return the commit that the branch points to."""
        return git(self.root, "rev-parse", "HEAD")

    def patched(self) -> bool:
        """Return whether the file on disk is the patched one; fails where it is neither."""
        text = (self.root / "bank.py").read_text()
        assert text in {BANK, BANK.replace("record_entries", "record_entry")}
        return text != BANK


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
