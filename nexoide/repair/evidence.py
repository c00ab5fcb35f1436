"""Rows of evidence for a patch that need no run of their own; what each is worth is decided by `confidence.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nexoide.model.patch import Evidence, Outcome
from nexoide.repair import antipatterns


def inspection(*, passed: bool, findings: Sequence[str] = (), milliseconds: float = 0.0) -> Evidence:
    """Whether the patch contains anything that no patch may contain; passing says nothing about being right."""
    summary = (
        "nothing hidden or forbidden in it"
        if passed
        else f"{len(findings)} finding{'s' if len(findings) != 1 else ''}: {findings[0] if findings else 'refused'}"
    )
    return Evidence(
        kind="inspection",
        outcome="passed" if passed else "failed",
        summary=summary,
        detail=tuple(findings),
        milliseconds=milliseconds,
    )


def rehearsal(*, prepared: bool | None, changed: Sequence[str] = (), notes: Sequence[str] = (), milliseconds: float = 0.0) -> Evidence:
    """A reload tried, and not kept, in the live process; `prepared` is None where no process was there to try it in.

    It proves that the code can go live, not that it is right. A right patch may need a restart, so a refusal says little of
    that; what it means is said to the operator before the decision.
    """
    if prepared is None:
        return Evidence(kind="rehearsal", outcome="inconclusive", summary="no running program to rehearse in", detail=tuple(notes), milliseconds=milliseconds)
    if not prepared:
        summary = "the running program cannot take it live: it needs a restart"
        return Evidence(kind="rehearsal", outcome="failed", summary=summary, detail=tuple(notes), milliseconds=milliseconds)
    what = f"{len(changed)} definition{'s' if len(changed) != 1 else ''} would change"
    return Evidence(
        kind="rehearsal", outcome="passed", summary=f"the running program can take it: {what}", detail=(*changed, *notes), milliseconds=milliseconds
    )


def suite(
    *,
    before_passed: int,
    before_failed: int,
    after_passed: int,
    after_failed: int,
    broken: Sequence[str] = (),
    fixed: Sequence[str] = (),
    missing: Sequence[str] = (),
    confined: str = "",
    ran: bool = True,
    milliseconds: float = 0.0,
) -> Evidence:
    """The project's own tests before and after, by their ids; `missing` are those that ran before and did not after."""
    if not ran or before_passed + before_failed == 0:
        summary = "there are no tests to run" if ran else "the tests could not be run"
        return Evidence(kind="tests", outcome="inconclusive", summary=summary, detail=(confined,) if confined else (), milliseconds=milliseconds)
    detail = (*(f"now fails: {name}" for name in broken), *(f"no longer ran: {name}" for name in missing), *(f"now passes: {name}" for name in fixed))
    detail = (*detail, confined) if confined else detail
    if broken or missing or after_failed > before_failed:
        summary = (
            f"{len(broken) or after_failed - before_failed} tests that passed now fail"
            if broken or after_failed > before_failed
            else f"{len(missing)} tests no longer ran"
        )
        return Evidence(kind="tests", outcome="failed", summary=summary, detail=detail, milliseconds=milliseconds)
    summary = (
        f"{after_passed} tests pass, as before"
        + (f"; {len(fixed)} of them failed before" if fixed else "")
        + (f"; {after_failed} failed before and still do" if after_failed else "")
    )
    return Evidence(kind="tests", outcome="passed", summary=summary, detail=detail, milliseconds=milliseconds)


def reach(reached: bool | None) -> Evidence:
    """Whether something that ran passes through an edited line; None where nobody looked."""
    if reached is None:
        return Evidence(kind="reach", outcome="inconclusive", summary="it is not known whether a test runs the edited lines")
    return Evidence(kind="reach", outcome="passed" if reached else "failed", summary=f"{'a' if reached else 'no'} test runs the edited lines")


def uniqueness(distinct: int, rank: int = 0) -> Evidence:
    """How many different repairs were plausible; `rank` is this one's place among them, 0 the best."""
    if distinct <= 1:
        return Evidence(kind="uniqueness", outcome="passed", summary="the only repair that was plausible")
    place = "the likeliest" if rank == 0 else f"number {rank + 1}"
    return Evidence(kind="uniqueness", outcome="inconclusive", summary=f"{place} of {distinct} different plausible repairs")


def size(files: Mapping[str, tuple[bytes, bytes]]) -> Evidence:
    """How much the patch changes: lines that are new in their file, lines that are gone, files."""
    added = removed = 0
    for base, new in files.values():
        lines = _changed(base, new)
        added, removed = added + lines[0], removed + lines[1]
    where = f" in {len(files)} files" if len(files) > 1 else ""
    outcome: Outcome = "passed" if added + removed <= 10 else "inconclusive"
    return Evidence(kind="size", outcome=outcome, summary=f"+{added} −{removed} lines{where}")


def _changed(base: bytes, new: bytes) -> tuple[int, int]:
    from difflib import SequenceMatcher

    old_lines, new_lines = base.split(b"\n"), new.split(b"\n")
    added = removed = 0
    for tag, first, last, new_first, new_last in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        if tag != "equal":
            added, removed = added + new_last - new_first, removed + last - first
    return added, removed


def patterns(files: Mapping[str, tuple[bytes, bytes]]) -> Evidence:
    """Whether the patch does what wrong patches often do."""
    found = antipatterns.patterns(files)
    if not found:
        return Evidence(kind="patterns", outcome="passed", summary="hides no error and removes no behaviour")
    detail = tuple(f"{path}: {antipatterns.WORDS[name]}" for name, path in found.items())
    bad = {"swallows", "constant", "unreadable", "weakens", "idle"} & found.keys()
    return Evidence(kind="patterns", outcome="failed" if bad else "inconclusive", summary=antipatterns.WORDS[next(iter(found))], detail=detail)
