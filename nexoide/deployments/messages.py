"""What a commit of nexoide says: a subject, the rationale, and trailers that tie it to the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nexoide.model.deployment import Deployment
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch

_SUBJECT = 72


@dataclass(frozen=True, slots=True)
class CommitText:
    """Subject, body and trailers of one commit; the git room joins, checks and neutralises them."""

    subject: str
    body: str
    trailers: Sequence[tuple[str, str]]


def _one_line(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def approval(patch: Patch, incident: Incident | None, operator: str, head: tuple[int, str]) -> CommitText:
    """Return the message of the commit that brings a patch in; `head` anchors the journal (sequence number, hash)."""
    seen = f"{incident.error_class}: {incident.message}" if incident else patch.title
    body = f"{patch.rationale}\n\nSeen: {_one_line(seen, 200)}" + (f" ({incident.count}×)" if incident else "")
    confidence = f"{patch.confidence:.2f}" if patch.confidence is not None else "unknown"
    return CommitText(
        _one_line(patch.title, _SUBJECT),
        body,
        (
            ("Nexoide-Patch", f"{patch.id} sha256:{patch.digest}"),
            ("Nexoide-Incident", f"{patch.incident} {incident.fingerprint if incident else ''}".strip()),
            ("Nexoide-Confidence", confidence),
            ("Nexoide-Approved-By", _one_line(operator, 80)),
            ("Nexoide-Journal", f"{head[0]}:{head[1]}"),
        ),
    )


def reversal(patch: Patch, deployment: Deployment, operator: str, reason: str, head: tuple[int, str]) -> CommitText:
    """Return the message of the commit that takes a patch back."""
    why = f"\n\nReason: {_one_line(reason, 200)}" if reason else ""
    return CommitText(
        _one_line(f'Revert "{patch.title}"', _SUBJECT),
        f"This reverts commit {deployment.plan.new_commit}.{why}",
        (
            ("Nexoide-Patch", f"{patch.id} sha256:{patch.digest}"),
            ("Nexoide-Incident", patch.incident),
            ("Nexoide-Reverted-By", _one_line(operator, 80)),
            ("Nexoide-Journal", f"{head[0]}:{head[1]}"),
        ),
    )
