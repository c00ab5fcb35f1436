"""One transaction over several processes: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexoide.model.reload import DefinitionChange
from nexoide.reload.coordinator import FileText, ReloadCoordinator
from nexoide.reload.outcome import judge, remarks, summary

FILES = [FileText(path=Path("/w/a.py"), base="x = 1\n", new="x = 2\n")]


@dataclass(frozen=True)
class Reply:
    pid: int
    ok: bool = True
    state: str = "committed"
    changed: tuple[str, ...] = ("a.x",)
    notes: tuple[str, ...] = ()
    error: str = ""
    definitions: tuple[DefinitionChange, ...] = ()
    blockers: tuple[str, ...] = ()
    generation: int = 0
    ms: float = 0.0
    gone: bool = False


class Processes:
    """Stands for the probes' connections: answers by script and keeps what it was sent."""

    def __init__(self, pids: Sequence[int], refuse: dict[tuple[int, str], str] | None = None, *, loaded: bool = True, gone: tuple[int, ...] = ()) -> None:
        self.pids, self.refuse, self.loaded, self.gone = tuple(pids), refuse or {}, loaded, gone
        self.sent: list[tuple[Any, ...]] = []

    def attached(self, target: str) -> tuple[int, ...]:
        return self.pids

    def _replies(self, step: str, pids: Sequence[int]) -> list[Reply]:
        done = "prepared" if step in {"prepare", "explain"} else "committed"
        replies = []
        for pid in pids:
            error = self.refuse.get((pid, step), "ended" if pid in self.gone else "")
            state = "" if error else done if self.loaded else "not_loaded"
            replies.append(Reply(pid, ok=not error, state=state, error=error, gone=pid in self.gone))
        return replies

    async def reload(
        self, target: str, files: Any, watch: Any, dry_run: bool, timeout: float, when: str = "auto", bound: float | None = None, only: Any = None
    ) -> list[Reply]:
        self.sent.append(("reload", files[0]["new"], only))
        return self._replies("reload", self.pids)

    async def prepare(self, target: str, files: Any, *, when: str, bound: float | None, timeout: float) -> tuple[int, list[Reply]]:
        self.sent.append(("prepare", when))
        return 7, self._replies("prepare", self.pids)

    async def commit(self, target: str, number: int, watch: Mapping[str, Any] | None, *, pids: Sequence[int], timeout: float) -> list[Reply]:
        self.sent.append(("commit", number, tuple(pids)))
        return self._replies("commit", pids)

    async def abort(self, target: str, number: int) -> None:
        self.sent.append(("abort", number))

    async def explain(self, target: str, files: Any, *, timeout: float = 5.0) -> list[Reply]:
        self.sent.append(("explain",))
        return self._replies("explain", self.pids)

    async def unwatch(self, target: str, watch: str) -> None:
        self.sent.append(("unwatch", watch))


async def test_one_process_takes_it_over_in_one_step() -> None:
    processes = Processes([1])
    outcome = await ReloadCoordinator(processes).deploy("t", FILES, None)
    assert outcome.state == "live"
    assert outcome.pids == (1,)
    assert processes.sent == [("reload", "x = 2\n", None)]


async def test_several_are_prepared_before_any_of_them_commits() -> None:
    processes = Processes([1, 2])
    outcome = await ReloadCoordinator(processes).deploy("t", FILES, None, when="quiescent")
    assert (outcome.state, outcome.pids) == ("live", (1, 2))
    assert processes.sent == [("prepare", "quiescent"), ("commit", 7, (1, 2))]


async def test_a_process_that_refuses_keeps_all_others_untouched() -> None:
    processes = Processes([1, 2], {(2, "prepare"): "drift"})
    outcome = await ReloadCoordinator(processes).deploy("t", FILES, None)
    assert outcome.state == "refused"
    assert outcome.sentence == "Process 2: drift"
    assert processes.sent == [("prepare", "auto"), ("abort", 7)]


async def test_a_process_that_fails_at_the_last_moment_takes_the_others_back() -> None:
    processes = Processes([1, 2], {(2, "commit"): "out of memory"})
    outcome = await ReloadCoordinator(processes).deploy("t", FILES, None)
    assert outcome.state == "refused"
    assert processes.sent[-1] == ("reload", "x = 1\n", frozenset({1}))


async def test_a_process_that_ends_meanwhile_is_no_hindrance_to_the_others() -> None:
    processes = Processes([1, 2], gone=(2,))
    outcome = await ReloadCoordinator(processes).deploy("t", FILES, None)
    assert (outcome.state, outcome.pids) == ("live", (1,))
    assert processes.sent == [("prepare", "auto"), ("commit", 7, (1,))]


async def test_when_all_end_meanwhile_that_is_said() -> None:
    outcome = await ReloadCoordinator(Processes([1], gone=(1,))).deploy("t", FILES, None)
    assert outcome.state == "gone"
    assert "process 1 of t ended before it answered" in outcome.sentence


async def test_nothing_attached_and_nothing_loaded_are_told_apart() -> None:
    assert (await ReloadCoordinator(Processes([])).deploy("t", FILES, None)).state == "absent"
    assert (await ReloadCoordinator(Processes([1], loaded=False)).deploy("t", FILES, None)).state == "not_loaded"


async def test_a_rehearsal_commits_nothing() -> None:
    processes = Processes([1, 2])
    assert (await ReloadCoordinator(processes).rehearse("t", FILES)).ok
    assert processes.sent == [("explain",)]


def _changed(name: str, kind: str, action: str = "replaced", reason: str = "", line: int = 0) -> DefinitionChange:
    return DefinitionChange(module="orders", name=name, kind=kind, action=action, reason=reason, file="/w/orders.py", line=line)


def test_the_summary_is_one_line_over_all_processes() -> None:
    found = (_changed("a", "function"), _changed("b", "function"), _changed("C.m", "method"), _changed("LIMIT", "constant"))
    outcome = judge("t", [Reply(1, definitions=found), Reply(2, definitions=found)], 3.2)
    assert summary(outcome, ["/w/orders.py"], Path("/w")) == "orders.py: 2 functions, 1 class method, 1 constant in 2 processes · 3 ms"
    assert remarks(outcome, Path("/w")) == []


def test_what_stays_as_it_was_is_named_with_its_reason() -> None:
    found = (_changed("a", "function"), _changed("Cart", "class", "refused", "its slots changed: restart the program for it.", 12))
    outcome = judge("t", [Reply(1, definitions=found, notes=("/w/new.py is not imported.",))], 3.2)
    assert summary(outcome, ["/w/orders.py"], Path("/w")) == "orders.py: 1 function · 3 ms"
    assert remarks(outcome, Path("/w")) == [
        "orders.Cart (orders.py:12) stays as it was: its slots changed: restart the program for it.",
        "new.py is not imported.",
    ]


def test_a_refusal_says_its_sentence_with_paths_as_people_know_them() -> None:
    outcome = judge("t", [Reply(1, ok=False, state="", error="/w/orders.py:12 does not compile (expected ':'): the running code stays.")], 1.0)
    assert summary(outcome, ["/w/orders.py"], Path("/w")) == "orders.py:12 does not compile (expected ':'): the running code stays."
