"""A language model as one more proposer: asked where the rules find nothing sure, its answer checked like everybody else's.

Its edits become a proposal in our words, validated and scored as any other. What it writes about them is shown among the
thoughts, cleaned and quoted, and goes nowhere else.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nexoide.errors import InspectionError, RefusedError
from nexoide.llm.models import Message, ModelError, Models
from nexoide.model.codec import to_builtins
from nexoide.patches.workers import WorkerPool
from nexoide.repair.proposal import Diagnosis, Proposal, ProposeRequest, Thoughts, diagnosis_from_dict

PROMPT, APPLY = "nexoide.repair.opinion.prompting:prompt", "nexoide.repair.opinion.answers:apply"
FUNCTIONS = (PROMPT, APPLY)
"""What the worker pool must have been made with."""
SECONDS = 20.0
ENOUGH = 0.85
"""With a patch of this confidence no model is asked."""
MAX_SENT, MAX_KEPT = 1 << 20, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFix:
    """A failure that was repaired for good: what it was, and the files before and after."""

    error: str
    files: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)


class ModelProposer:
    """Asks one model about one failure, at most as often as its settings say; `pool` must know `FUNCTIONS`."""

    def __init__(self, models: Models, pool: WorkerPool) -> None:
        self._models, self._pool = models, pool

    @property
    def configured(self) -> bool:
        """Whether there is a model to ask."""
        return self._models.configured

    async def propose(
        self, request: ProposeRequest, tried: Sequence[Proposal] = (), fixes: Sequence[PastFix] = (), *, failed: Mapping[str, str] | None = None
    ) -> Diagnosis:
        """Return what the model proposes, at most one patch, or why there is none; never raises for what a model or its provider does.

        `tried` are the proposals that do not suffice, `failed` maps their keys to what came out. Raises UnavailableError
        where no worker can be had.
        """
        thoughts = Thoughts()
        name = self._models.settings.name
        try:
            asked = await self._pool.call(self._question(request, tried, fixes, failed or {}), SECONDS)
            if not asked["files"]:
                return _nothing(thoughts, "no file of the project can be shown to a model")
            messages = [Message(role, text) for role, text in asked["messages"]]
            return await self._conversation(request, name, messages, thoughts)
        except ModelError as error:
            return _nothing(thoughts, error.sentence)
        except (InspectionError, RefusedError) as error:
            return _nothing(thoughts, f"the project's source could not be read for the model: {error.sentence}")

    async def _conversation(self, request: ProposeRequest, name: str, messages: list[Message], thoughts: Thoughts) -> Diagnosis:
        problem = ""
        for _ in range(self._models.settings.questions_per_incident):
            thoughts.add("try", f"asked {name[:50]}" + (" again" if problem else ""))
            answer = await self._models.complete(messages)
            thoughts.add("think", f"it answered: {answer.told}")
            found = await self._pool.call(self._answer(request, name, answer.text), SECONDS)
            if found["why"]:
                thoughts.add("think", f"the model says: “{found['why']}”")
            if found["nothing"]:
                return _nothing(thoughts, "the model finds that no change of the code is right")
            if not found["problem"]:
                diagnosis = diagnosis_from_dict(found["diagnosis"])
                return Diagnosis(thoughts=tuple(thoughts.rows), proposals=diagnosis.proposals)
            problem = str(found["problem"])
            thoughts.add("found", f"its answer cannot be used: {problem}")
            again = f"Your answer cannot be used: {problem}. Answer once more, whole, in the form that was asked for."
            messages = [*messages, Message("assistant", answer.text[:MAX_KEPT]), Message("user", again)]
        return _nothing(thoughts, f"the model's answers cannot be used: {problem}")

    def _question(self, request: ProposeRequest, tried: Sequence[Proposal], fixes: Sequence[PastFix], failed: Mapping[str, str]) -> dict[str, Any]:
        rows = [{"title": item.title, "why": failed.get(item.key, ""), "files": _texts(item.files)} for item in tried]
        return {
            "function": PROMPT,
            "request": {
                "root": str(request.root),
                "failure": to_builtins(request.failure),
                "boundary": secrets.token_hex(12),
                "python": request.surroundings.python,
                "tried": rows[:3],
                "fixes": [{"error": item.error, "files": _texts(item.files)} for item in fixes[:3]],
            },
        }

    def _answer(self, request: ProposeRequest, name: str, text: str) -> dict[str, Any]:
        surroundings = to_builtins(request.surroundings)
        return {"function": APPLY, "request": {"root": str(request.root), "answer": text, "surroundings": surroundings, "model": name}}


def _texts(files: Mapping[str, tuple[bytes, bytes]]) -> dict[str, list[str]]:
    """Return files as text; nothing of a change that is too large to be sent to a worker."""
    if sum(len(base) + len(new) for base, new in files.values()) > MAX_SENT:
        return {}
    return {path: [base.decode("utf-8", "replace"), new.decode("utf-8", "replace")] for path, (base, new) in files.items()}


def _nothing(thoughts: Thoughts, reason: str) -> Diagnosis:
    thoughts.add("found", f"nothing from the model: {reason}")
    return Diagnosis(thoughts=tuple(thoughts.rows), reason=reason)
