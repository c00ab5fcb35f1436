"""A language model asked after the rules: where no patch of theirs is sure enough, and nobody said that none is right."""

from __future__ import annotations

from collections.abc import Sequence

from nexoide.config import ModelSettings
from nexoide.heal.findings import Findings
from nexoide.heal.ranking import ranked
from nexoide.heal.result import HealedPatch
from nexoide.llm.models import Models
from nexoide.patches.workers import WorkerPool
from nexoide.repair.opinion.model import ENOUGH, ModelProposer
from nexoide.repair.proposal import Proposal, ProposeRequest


class SecondOpinion:
    """One model for one healing; `pool` must know `nexoide.repair.opinion.model.FUNCTIONS`."""

    def __init__(self, settings: ModelSettings, pool: WorkerPool) -> None:
        self._models = Models(settings)
        self._proposer = ModelProposer(self._models, pool)

    async def proposals(self, request: ProposeRequest, tried: Sequence[Proposal], findings: Findings) -> tuple[Proposal, ...]:
        """Return what the model proposes; nothing, and nothing is asked, where a patch that was found is sure enough."""
        patches = ranked(findings.patches)
        if any(patch.passes and patch.confidence >= ENOUGH for patch in patches):
            return ()
        failed = {proposal.key: "a check that no patch may fail did" for proposal in tried}
        failed |= {patch.proposal.key: _told(patch) for patch in patches}
        diagnosis = await self._proposer.propose(request, tried, failed=failed)
        findings.take(diagnosis)
        known = {proposal.key for proposal in tried}
        return tuple(proposal for proposal in diagnosis.proposals if proposal.key not in known)

    async def close(self) -> None:
        """End the process that talks to the model."""
        await self._models.close()


def _told(patch: HealedPatch) -> str:
    if not patch.passes:
        return "with it, the command fails still"
    return f"with it, the command runs, but it may not be what is wanted: {patch.bound or f'confidence {patch.confidence:.2f}'}"
