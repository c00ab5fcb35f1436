"""What a diagnosis consists of: thoughts for the operator, and proposals with the exact bytes before and after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nexoide.errors import UsageError
from nexoide.model.failure import Failure

Step = Literal["saw", "think", "try", "found"]

MAX_PROPOSALS = 5
MAX_THOUGHTS = 24
MAX_THOUGHT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRequest:
    """One failure to find a repair for; `line_hint` overrides the line of the deepest project frame where it is not 0."""

    root: Path
    failure: Failure
    line_hint: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One possible repair.

    `files` maps POSIX paths relative to the root to the bytes before and after. `prior` is the rule's belief, before any
    check, that the edit is what the program's author would want; `cautions` say what the edit decides for them.
    """

    rule: str
    title: str
    rationale: str
    files: dict[str, tuple[bytes, bytes]]
    prior: float
    cautions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Two proposals with the same key make the same change."""
        digest = hashlib.sha256()
        for path, (_, new) in sorted(self.files.items()):
            digest.update(path.encode() + b"\0" + new + b"\0")
        return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was thought and what is proposed, best first; `reason` says why nothing is proposed, and is empty otherwise."""

    thoughts: tuple[tuple[Step, str], ...] = ()
    proposals: tuple[Proposal, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class Thoughts:
    """Collects what a diagnosis thinks, bounded in number and length, each line once."""

    rows: list[tuple[Step, str]] = field(default_factory=list)

    def add(self, step: Step, text: str) -> None:
        """Keep one thought; longer ones end with an ellipsis."""
        line = " ".join(text.split())
        row: tuple[Step, str] = (step, line if len(line) <= MAX_THOUGHT else line[: MAX_THOUGHT - 1] + "…")
        if row not in self.rows and len(self.rows) < MAX_THOUGHTS:
            self.rows.append(row)


def diagnosis_to_dict(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return JSON-able dicts and lists; contents are UTF-8, which the engine checked before it edited them."""
    return {
        "thoughts": [list(row) for row in diagnosis.thoughts],
        "reason": diagnosis.reason,
        "proposals": [
            {
                "rule": item.rule,
                "title": item.title,
                "rationale": item.rationale,
                "files": {path: [base.decode(), new.decode()] for path, (base, new) in item.files.items()},
                "prior": item.prior,
                "cautions": list(item.cautions),
            }
            for item in diagnosis.proposals
        ],
    }


def diagnosis_from_dict(raw: dict[str, Any]) -> Diagnosis:
    """Return the diagnosis of `diagnosis_to_dict`; raises UsageError where it is none."""
    try:
        proposals = tuple(
            Proposal(
                rule=str(item["rule"]),
                title=str(item["title"]),
                rationale=str(item["rationale"]),
                files={str(path): (base.encode(), new.encode()) for path, (base, new) in item["files"].items()},
                prior=float(item["prior"]),
                cautions=tuple(map(str, item["cautions"])),
            )
            for item in raw["proposals"]
        )
        thoughts = tuple((step, str(text)) for step, text in raw["thoughts"])
        return Diagnosis(thoughts=thoughts, proposals=proposals, reason=str(raw["reason"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"The worker's answer is not a diagnosis: {error}.") from error
