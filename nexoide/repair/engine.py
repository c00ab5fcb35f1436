"""The inside of the repair engine; it runs in a worker process, because it reads hostile source and uses libcst."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nexoide.model.codec import from_builtins
from nexoide.model.failure import Failure, Frame, Raised
from nexoide.repair.code.index import index
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import UnreadableError
from nexoide.repair.context import Context, locate, raises
from nexoide.repair.proposal import MAX_PROPOSALS, Advice, Diagnosis, Proposal, Thoughts, diagnosis_to_dict
from nexoide.repair.rules import Rule, rules
from nexoide.repair.surroundings import Surroundings

MAX_ROWS = 64
MAX_REASON = 600
MAX_ADVICE = 3
PREPARE_S = 4.0


def warm() -> None:
    """Load the rules and what they read before the first failure comes: called once, when a worker starts."""
    raised = Raised(type="KeyError", message="'a'", frames=(Frame(file="a.py", line=1, function="f", source="{}['a']"),))
    for rule in rules():
        rule.applies(raised)
    diagnose(Path("/nonexistent"), Failure(target="", pid=0, source="main", at=0.0, exceptions=(raised,)))


def prepare(request: dict[str, Any]) -> dict[str, Any]:
    """Read and parse the files of the project at `request["root"]`, so that the first diagnosis finds them warm; at most 4 seconds of it."""
    project, until, count = Project(Path(str(request["root"]))), time.monotonic() + PREPARE_S, 0
    for rel in project.files:
        if time.monotonic() > until:
            break
        try:
            module = project.module(rel)
        except UnreadableError:
            continue
        index(module)
        count += bool(module.parents) and not module.too_deep
    return {"files": count}


def propose(request: dict[str, Any]) -> dict[str, Any]:
    """Return the diagnosis of a request's fields as JSON-able values; raises UsageError for another shape."""
    failure = from_builtins(request["failure"], Failure)
    how = Asking(
        line_hint=int(request.get("line_hint", 0)),
        surroundings=from_builtins(request.get("surroundings", {}), Surroundings),
        only=str(request.get("only", "")),
        thorough=bool(request.get("thorough", True)),
    )
    return diagnosis_to_dict(diagnose(Path(str(request["root"])), failure, how))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How the rules are asked.

    `line_hint` overrides the line of the deepest project frame where it is not 0. `only`: the rule of that name alone, as its own
    examples are tried. Not `thorough`: rules that search the program are left out as long as another one proposes something.
    """

    line_hint: int = 0
    surroundings: Surroundings = field(default_factory=Surroundings)
    only: str = ""
    thorough: bool = True


def diagnose(root: Path, failure: Failure, how: Asking | None = None) -> Diagnosis:
    """Ask every rule about every exception of a failure's chain and rank what they propose; final advice takes the place of it."""
    how = how or Asking()
    thoughts = Thoughts()
    refusals: list[str] = []
    project = Project(root)
    if not failure.exceptions:
        return Diagnosis(reason="The failure carries no exception.")
    found: list[Proposal] = []
    advice: list[Advice] = []
    waiting: list[tuple[Rule, Context]] = []
    known = False
    for raised in failure.exceptions[:MAX_ROWS]:
        asked = [rule for rule in rules() if how.only in ("", rule.name) and rule.applies(raised)]
        known = known or bool(asked)
        context = _context(project, failure, raised, how, thoughts, refusals) if asked else None
        if context is None:
            continue
        waiting += [(rule, context) for rule in asked if _searches(rule, raised)]
        for rule in asked:
            if not _searches(rule, raised):
                _take(rule.propose(context), found, advice)
    for rule, context in waiting if how.thorough or not found else ():
        _take(rule.propose(context), found, advice)
    once: dict[tuple[str, str], Advice] = {}
    for item in advice:
        once.setdefault((item.rule, item.title), item)
    told = tuple(sorted(once.values(), key=lambda item: not item.final))[:MAX_ADVICE]
    if found and not any(item.final for item in told):
        ranked = _ranked(found)
        best = ranked[0]
        more = f", {len(ranked) - 1} other{'s' if len(ranked) > 2 else ''} less likely" if len(ranked) > 1 else ""
        thoughts.add("found", f"{len(ranked)} proposal{'s' if len(ranked) > 1 else ''}: {best.title}{more}")
        return Diagnosis(thoughts=tuple(thoughts.rows), proposals=ranked, advice=told)
    if told:
        reason = f"No change of the code is right here: {told[0].title}. {told[0].text}"[:MAX_REASON]
    elif not known:
        reason = f"No rule knows this error: {failure.exceptions[0].type}: {failure.exceptions[0].message[:120]}".rstrip(": ")
    else:
        reason = " ".join(refusals)[:MAX_REASON] or "No edit that is certain enough was found."
    thoughts.add("found", f"no patch: {reason}")
    return Diagnosis(thoughts=tuple(thoughts.rows), reason=reason, advice=told)


def _searches(rule: Rule, raised: Raised) -> bool:
    """Say whether a rule looks for its fault all over the program: it knows the error as anybody's, and not by its type."""
    return getattr(rule, "searches", False) and raised.type not in rule.errors


def _take(items: Iterable[Proposal | Advice], found: list[Proposal], advice: list[Advice]) -> None:
    for item in items:
        if isinstance(item, Advice):
            advice.append(item)
        else:
            found.append(item)


def _context(project: Project, failure: Failure, raised: Raised, how: Asking, thoughts: Thoughts, refusals: list[str]) -> Context | None:
    """Return the deepest frame of the project's own, or None (with the reason noted) where there is none to work on."""
    frames = raised.frames[-MAX_ROWS:]
    frame = next((item for item in reversed(frames) if project.relative(item.file) is not None), None)
    if frame is None:
        refusals.append(f"The {raised.type} has no frame in the project's own files.")
        return None
    rel = project.relative(frame.file) or ""
    thoughts.add("saw", f"{raised.type} in {rel}:{frame.line}, {frame.function}(): {raised.message}")
    place = locate(project, frame)
    if place is None:
        refusals.append(f"{rel}:{frame.line} does not read now as it did when it failed, or cannot be read at all.")
        return None
    module, line = place
    if line != frame.line:
        thoughts.add("saw", f"the line has moved: it is {rel}:{line} now")
    if 0 < how.line_hint <= len(module.lines):
        line = how.line_hint
    return Context(
        project=project,
        failure=failure,
        raised=raised,
        frame=frame,
        module=module,
        line=line,
        is_raising=raises(raised, frame),
        thoughts=thoughts,
        refusals=refusals,
        surroundings=how.surroundings,
    )


def _ranked(found: list[Proposal]) -> tuple[Proposal, ...]:
    """Return the proposals best first, each change once, at most eight."""
    once: dict[str, Proposal] = {}
    for item in sorted(found, key=lambda proposal: -proposal.prior):
        once.setdefault(item.key, item)
    return tuple(once.values())[:MAX_PROPOSALS]
