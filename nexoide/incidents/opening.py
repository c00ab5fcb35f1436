"""A first failure becomes an incident: what it is called, where it is, what class it is of."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from nexoide.config import IncidentRule
from nexoide.incidents.classify import classify
from nexoide.incidents.expression import expression
from nexoide.incidents.probe_source import clip
from nexoide.incidents.project import project_frame, relative_path
from nexoide.model.failure import Failure, Raised, Severity
from nexoide.model.incident import Category, Incident

MAX_MESSAGE = 500
_CATEGORIES = frozenset(get_args(Category))


def incident_of(identity: str, key: str, failure: Failure, count: int, at: float, root: Path, rule: IncidentRule | None = None) -> Incident:
    """Return the incident that a failure of a new kind opens; `at` is when it happened, in wall seconds."""
    found = project_frame(failure, root)
    frame, path = found if found is not None else (None, "")
    inside = frame is not None and relative_path(frame.file, root) is not None
    raised = failure.exceptions[0] if failure.exceptions else None
    category, severity = _class_of(failure, rule)
    return Incident(
        id=identity,
        fingerprint=key,
        target=failure.target,
        error_class=clip(rule.group, MAX_MESSAGE) if rule is not None and rule.group else _name(failure, raised),
        message=clip(raised.message if raised else failure.log_message, MAX_MESSAGE),
        file=path if inside else "",
        line=frame.line if frame and inside else 0,
        function=frame.function if frame else "",
        first_at=at,
        last_at=at,
        count=count,
        sample=failure,
        state="ignored" if rule is not None and rule.ignore else "open",
        note=_why_no_patch(failure) if rule is None or not rule.ignore else "a rule of nexoide.toml says that it is ignored",
        category=category,
        severity=severity,
        expression=expression(failure, frame) if frame else "",
        targets=(failure.target,) if failure.target else (),
        hosts=(failure.host,) if failure.host else (),
        sources=(failure.source,),
        routes={failure.route: count} if failure.route else {},
        requests=count if failure.route else 0,
        fingerprints=(key,),
    )


def _class_of(failure: Failure, rule: IncidentRule | None) -> tuple[Category, Severity]:
    category, severity = classify(failure)
    if rule is not None and rule.category in _CATEGORIES:
        category = rule.category  # type: ignore[assignment]
    if rule is not None and rule.severity:
        severity = rule.severity
    return category, severity


def _name(failure: Failure, raised: Raised | None) -> str:
    """Return of what type it is: that of its exception, else the status, the logger that said it, or that it is a mere message."""
    if raised is not None:
        return clip(raised.type, MAX_MESSAGE)
    return f"HTTP {failure.status}" if failure.status else failure.logger or "message"


def _why_no_patch(failure: Failure) -> str:
    """Return why nothing is proposed, where that is plain from the start; "" where the medic is to look at it."""
    if failure.language != "python":
        return f"no patch: it was raised in {failure.language}, and only Python is mended"
    if failure.exceptions:
        return ""
    return "no patch: only a status is known of it, no exception" if failure.status else "no patch: it is a message without an exception"


def catch_all(identity: str, key: str, failure: Failure, count: int, at: float, root: Path, rule: IncidentRule | None = None) -> Incident:
    """Return the one incident of all further kinds, once there are too many."""
    return Incident(
        id=identity,
        fingerprint=key,
        target=failure.target,
        error_class="(further kinds)",
        message="There are too many kinds of failures: all further kinds are counted here, together.",
        file="",
        line=0,
        function="",
        first_at=at,
        last_at=at,
        count=count,
        sample=failure,
        note="No patch is proposed for this group: its failures have nothing in common.",
        fingerprints=(key,),
    )
