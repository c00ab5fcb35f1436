"""Rows of evidence for a patch, each with its weight in log-odds and where that weight comes from.

Sources, by the name used below:
  [plausible]  own count on 164 functions with one injected bug, search against example tests: the first passing patch was
               right in 98 % of 42 cases where it was the only one, 76 % of 21 with 2–3, 80 % of 30 with 4–9, 64 % of 11 with
               10 or more; 84.6 % of 104 in all. A weight is the difference of log-odds to that whole: ln(.98/.02) −
               ln(.846/.154) = +2.2, −0.55, −0.3, −1.1.
  [asserts]    the same count by visible asserts: 72 % right with one, 84 % with two, 88 % with three, 90 % with four or more.
  [size]       published one-hunk repairs are short (84 of 501 one-hunk bugs of real projects are one line); longer patches
               from short rules are more often wrong. A belief.
  [patterns]   anti-patterns of search-based repair (Tan et al.: deleted behaviour, early exits, constant conditions), and
               the 72.8 % against 39.6 % of a published healer between "no longer fails" and "is right" once caught
               exceptions are counted as wrong.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from nexoide.model.patch import Evidence, Outcome

_TEST_WEIGHT = {0: -0.4, 1: 0.3, 2: 0.7, 3: 1.0}


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
        weight=0.0 if passed else -4.0,
    )


def rehearsal(*, prepared: bool | None, changed: Sequence[str] = (), notes: Sequence[str] = (), milliseconds: float = 0.0) -> Evidence:
    """A reload tried, and not kept, in the live process; `prepared` is None where no process was there to try it in.

    It proves that the code can go live, not that it is right: +0.2 (a wrong patch nearly always loads too). A right
    patch may need a restart, so a refusal weighs little; what it means is said to the operator before the decision.
    """
    if prepared is None:
        return Evidence(kind="rehearsal", outcome="inconclusive", summary="no running program to rehearse in", detail=tuple(notes), milliseconds=milliseconds)
    if not prepared:
        summary = "the running program cannot take it live: it needs a restart"
        return Evidence(kind="rehearsal", outcome="failed", summary=summary, detail=tuple(notes), milliseconds=milliseconds, weight=-0.5)
    what = f"{len(changed)} definition{'s' if len(changed) != 1 else ''} would change"
    return Evidence(
        kind="rehearsal", outcome="passed", summary=f"the running program can take it: {what}", detail=(*changed, *notes), milliseconds=milliseconds, weight=0.2
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
    """The project's own tests before and after, by their ids; `missing` are those that ran before and did not after.

    Passing tests weigh by how many there are up to four [asserts], and much more where one that failed passes now.
    """
    if not ran or before_passed + before_failed == 0:
        summary = "there are no tests to run" if ran else "the tests could not be run"
        return Evidence(kind="tests", outcome="inconclusive", summary=summary, detail=(confined,) if confined else (), milliseconds=milliseconds, weight=-0.4)
    detail = (*(f"now fails: {name}" for name in broken), *(f"no longer ran: {name}" for name in missing), *(f"now passes: {name}" for name in fixed))
    detail = (*detail, confined) if confined else detail
    if broken or missing or after_failed > before_failed:
        summary = (
            f"{len(broken) or after_failed - before_failed} tests that passed now fail"
            if broken or after_failed > before_failed
            else f"{len(missing)} tests no longer ran"
        )
        return Evidence(kind="tests", outcome="failed", summary=summary, detail=detail, milliseconds=milliseconds, weight=-4.0)
    weight = _TEST_WEIGHT.get(after_passed, 1.1) * 0.6 + (1.4 if fixed else 0.0)
    summary = (
        f"{after_passed} tests pass, as before"
        + (f"; {len(fixed)} of them failed before" if fixed else "")
        + (f"; {after_failed} failed before and still do" if after_failed else "")
    )
    return Evidence(kind="tests", outcome="passed", summary=summary, detail=detail, milliseconds=milliseconds, weight=round(weight, 3))


def reach(reached: bool | None) -> Evidence:
    """Whether a test runs an edited line; None where nobody looked. Tests that do not reach the edit say nothing of it."""
    if reached is None:
        return Evidence(kind="reach", outcome="inconclusive", summary="it is not known whether a test runs the edited lines", weight=-0.1)
    if reached:
        return Evidence(kind="reach", outcome="passed", summary="a test runs the edited lines", weight=0.5)
    return Evidence(kind="reach", outcome="failed", summary="no test runs the edited lines", weight=-0.7)


def uniqueness(distinct: int, rank: int = 0) -> Evidence:
    """How many different repairs were plausible [plausible]; `rank` is this one's place among them, 0 the best.

    The only one counts +0.5, not the +2.2 of the count: rules look for fewer alternatives than that search did.
    """
    if distinct <= 1:
        return Evidence(kind="uniqueness", outcome="passed", summary="the only repair that was plausible", weight=0.5)
    weight = (-0.55 if distinct <= 3 else -0.3 if distinct <= 9 else -1.1) - 0.6 * min(rank, 3)
    place = "the likeliest" if rank == 0 else f"number {rank + 1}"
    return Evidence(kind="uniqueness", outcome="inconclusive", summary=f"{place} of {distinct} different plausible repairs", weight=round(weight, 3))


def size(files: Mapping[str, tuple[bytes, bytes]]) -> Evidence:
    """How much the patch changes [size]: lines that are new in their file, lines that are gone, files."""
    added = removed = 0
    for base, new in files.values():
        lines = _changed(base, new)
        added, removed = added + lines[0], removed + lines[1]
    total = added + removed
    weight = (0.2 if total <= 4 else 0.1 if total <= 10 else -0.4 if total <= 30 else -1.0) - 0.1 * (len(files) - 1)
    where = f" in {len(files)} files" if len(files) > 1 else ""
    outcome: Outcome = "passed" if total <= 10 else "inconclusive"
    return Evidence(kind="size", outcome=outcome, summary=f"+{added} −{removed} lines{where}", weight=round(max(weight, -1.5), 3))


def _changed(base: bytes, new: bytes) -> tuple[int, int]:
    from difflib import SequenceMatcher

    old_lines, new_lines = base.split(b"\n"), new.split(b"\n")
    added = removed = 0
    for tag, first, last, new_first, new_last in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        if tag != "equal":
            added, removed = added + new_last - new_first, removed + last - first
    return added, removed


def patterns(files: Mapping[str, tuple[bytes, bytes]]) -> Evidence:
    """Whether the patch does what wrong patches often do [patterns]; each finding counts, up to −3."""
    found: dict[str, float] = {}
    for path, (base, new) in files.items():
        for name, weight in _anti_patterns(base, new).items():
            found[f"{path}: {name}"] = weight
    if not found:
        return Evidence(kind="patterns", outcome="passed", summary="hides no error and removes no behaviour", weight=0.1)
    weight = max(-3.0, sum(found.values()))
    outcome: Outcome = "failed" if weight <= -1.5 else "inconclusive"
    return Evidence(kind="patterns", outcome=outcome, summary=next(iter(found)).split(": ", 1)[1], detail=tuple(found), weight=round(weight, 3))


def _anti_patterns(base: bytes, new: bytes) -> dict[str, float]:
    try:
        old_tree, new_tree = ast.parse(base), ast.parse(new)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {"cannot be read": -3.0}
    before, after = _counts(old_tree), _counts(new_tree)
    names = {
        "catches an error more broadly": -2.5,
        "does nothing where something was": -1.5,
        "tests a condition that is always the same": -2.0,
        "leaves a function early": -0.3,
    }
    found = {name: weight for name, weight in names.items() if after.get(name, 0) > before.get(name, 0)}
    gone = before["statements"] - after["statements"]
    if gone > 0:
        found[f"removes {gone} statement{'s' if gone > 1 else ''}"] = -1.0 if gone < 3 else -2.0
    return found


def _counts(tree: ast.AST) -> dict[str, int]:
    counts: dict[str, int] = {"statements": 0}

    def add(name: str, amount: int = 1) -> None:
        counts[name] = counts.get(name, 0) + amount

    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            add("statements")
        if isinstance(node, ast.ExceptHandler):
            names = {item.id for item in ast.walk(node.type) if isinstance(item, ast.Name)} if node.type is not None else {"BaseException"}
            add("catches an error more broadly", 1 + bool(names & {"Exception", "BaseException"}))
        elif isinstance(node, ast.Pass):
            add("does nothing where something was")
        elif isinstance(node, ast.If | ast.While | ast.IfExp) and isinstance(node.test, ast.Constant) and not isinstance(node, ast.While):
            add("tests a condition that is always the same")
        if isinstance(node, ast.If):
            for item in node.body:
                if isinstance(item, ast.Return | ast.Continue | ast.Break):
                    add("leaves a function early")
    return counts
