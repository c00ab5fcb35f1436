"""What a diagnosis consists of: thoughts for the operator, and proposals with the exact bytes before and after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from nexoide.errors import NexoideError, UsageError
from nexoide.model.codec import from_builtins, to_builtins
from nexoide.model.failure import Failure
from nexoide.repair.surroundings import Surroundings

Step = Literal["saw", "think", "try", "found"]
Nature = Literal["origin", "call", "guard", "policy", "stub", "model"]
"""Where an edit acts: where the fault arose, at a call, as a guard where it shows, as a policy (limits, retries), as a stub, as a model wrote it."""

MAX_PROPOSALS = 8
MAX_THOUGHTS = 24
MAX_THOUGHT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRequest:
    """One failure to find a repair for; `line_hint` overrides the line of the deepest project frame where it is not 0.

    Not `thorough`: rules that search the whole program are left out as long as another one proposes something.
    """

    root: Path
    failure: Failure
    line_hint: int = 0
    surroundings: Surroundings = field(default_factory=Surroundings)
    thorough: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One possible repair.

    `files` maps POSIX paths relative to the root to the bytes before and after. `prior` is the rule's belief, before any
    check, that the edit is what the program's author would want; `cautions` say what the edit decides for them,
    `alternatives` what else was considered and why not, `unchecked` what nobody looked at. `guesses`: it puts in a value
    that nothing in the program says (a default, a limit, a waiting time).
    """

    rule: str
    title: str
    rationale: str
    files: dict[str, tuple[bytes, bytes]]
    prior: float
    cautions: tuple[str, ...] = ()
    nature: Nature = "origin"
    guesses: bool = False
    alternatives: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Two proposals with the same key make the same change."""
        digest = hashlib.sha256()
        for path, (_, new) in sorted(self.files.items()):
            digest.update(path.encode() + b"\0" + new + b"\0")
        return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a person should do where no change of the code is right: credentials, a service that is down, a full disk.

    `looked` are the facts that were looked up, each a sentence. `final`: whatever other rules propose is wrong here.
    """

    rule: str
    title: str
    text: str
    looked: tuple[str, ...] = ()
    final: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was thought and what is proposed, best first; `reason` says why nothing is proposed, and is empty otherwise."""

    thoughts: tuple[tuple[Step, str], ...] = ()
    proposals: tuple[Proposal, ...] = ()
    reason: str = ""
    advice: tuple[Advice, ...] = ()


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
    found: dict[str, Any] = to_builtins(replace(diagnosis, proposals=()))
    found["proposals"] = [
        {**to_builtins(replace(item, files={})), "files": {path: [base.decode(), new.decode()] for path, (base, new) in item.files.items()}}
        for item in diagnosis.proposals
    ]
    return found


def diagnosis_from_dict(raw: dict[str, Any]) -> Diagnosis:
    """Return the diagnosis of `diagnosis_to_dict`; raises UsageError where it is none."""
    try:
        proposals = []
        for item in raw["proposals"]:
            files = {str(path): (base.encode(), new.encode()) for path, (base, new) in item["files"].items()}
            proposals.append(replace(from_builtins({**item, "files": {}}, Proposal), files=files))
        return replace(from_builtins({**raw, "proposals": []}, Diagnosis), proposals=tuple(proposals))
    except (KeyError, TypeError, ValueError, AttributeError, NexoideError) as error:
        raise UsageError(f"The worker's answer is not a diagnosis: {error}.") from error
