"""What came of healing a folder: what failed, what is advised, and the patches, best first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from nexoide.model.patch import Evidence, Part
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.validation.trial import NewFile, Observation

Status = Literal["fixed", "not_fixed", "no_patch", "nothing_to_fix", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealedPatch:
    """One patch that was tried. `passes`: with it the command ends well and shows no failure.

    `proposal` holds the changes against the folder as it is, also where several repairs were made one after the other (`rounds`).
    """

    id: str
    proposal: Proposal
    evidence: tuple[Evidence, ...]
    confidence: float
    parts: tuple[Part, ...] = ()
    features: dict[str, float] = field(default_factory=dict)
    bound: str = ""
    vetoes: tuple[str, ...] = ()
    behaviour: str = ""
    regression_test: NewFile | None = None
    rounds: int = 1
    passes: bool = False
    diff: str = ""

    @property
    def files(self) -> dict[str, tuple[bytes | None, bytes]]:
        """Every file of the patch, before (None: not there) and after, the regression test included."""
        found: dict[str, tuple[bytes | None, bytes]] = dict(self.proposal.files)
        if self.regression_test is not None:
            found[self.regression_test.path] = (None, self.regression_test.data)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Healed:
    """The result: `error` is what failed in the program's own words, `where` its place, `said` one sentence on what came of it."""

    status: Status
    error_class: str = ""
    error: str = ""
    where: str = ""
    said: str = ""
    thoughts: tuple[tuple[str, str], ...] = ()
    advice: tuple[Advice, ...] = ()
    patches: tuple[HealedPatch, ...] = ()
    seen: Observation | None = None
    seconds: float = 0.0
    interrupted: bool = False
    clocks: dict[str, float] = field(default_factory=dict)
