"""One transaction over several processes: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexoide.reload.coordinator import FileText, ReloadCoordinator

FILES = [FileText(path=Path("/w/a.py"), base="x = 1\n", new="x = 2\n")]


@dataclass(frozen=True)
class Reply:
    pid: int
    ok: bool = True
    state: str = "committed"
    changed: tuple[str, ...] = ("a.x",)
    notes: tuple[str, ...] = ()
    error: str = ""


class Processes:
    """Stands for the probes' connections: answers by script and keeps what it was sent."""

    def __init__(self, pids: Sequence[int], refuse: dict[tuple[int, bool], str], loaded: bool = True) -> None:
        self.pids, self.refuse, self.loaded = tuple(pids), refuse, loaded
        self.sent: list[tuple[bool, str]] = []

    def attached(self, target: str) -> tuple[int, ...]:
        return self.pids

    async def reload(self, target: str, files: list[dict[str, str]], watch: dict[str, Any] | None, *, dry_run: bool, timeout: float) -> list[Reply]:
        self.sent.append((dry_run, files[0]["new"]))
        replies = []
        for pid in self.pids:
            error = self.refuse.get((pid, dry_run), "")
            state = "" if error else ("prepared" if dry_run else "committed") if self.loaded else "not_loaded"
            replies.append(Reply(pid, ok=not error, state=state, error=error))
        return replies

    async def unwatch(self, target: str, watch: str) -> None:
        self.sent.append((False, watch))


async def test_one_process_needs_no_rehearsal_of_its_own() -> None:
    processes = Processes([1], {})
    outcome = await ReloadCoordinator(processes).deploy("t", FILES, None)
    assert outcome.state == "live"
    assert outcome.pids == (1,)
    assert processes.sent == [(False, "x = 2\n")]


async def test_a_process_that_refuses_keeps_all_others_untouched() -> None:
    processes = Processes([1, 2], {(2, True): "drift"})
    outcome = await ReloadCoordinator(processes).deploy("t", FILES, None)
    assert outcome.state == "refused"
    assert "drift" in outcome.sentence
    assert processes.sent == [(True, "x = 2\n")]


async def test_a_process_that_fails_at_the_last_moment_takes_the_others_back() -> None:
    processes = Processes([1, 2], {(2, False): "died"})
    outcome = await ReloadCoordinator(processes).deploy("t", FILES, None)
    assert outcome.state == "refused"
    assert processes.sent[-1] == (False, "x = 1\n")


async def test_nothing_attached_and_nothing_loaded_are_told_apart() -> None:
    assert (await ReloadCoordinator(Processes([], {})).deploy("t", FILES, None)).state == "absent"
    assert (await ReloadCoordinator(Processes([1], {}, loaded=False)).deploy("t", FILES, None)).state == "not_loaded"


async def test_a_rehearsal_commits_nothing() -> None:
    processes = Processes([1, 2], {})
    assert (await ReloadCoordinator(processes).rehearse("t", FILES)).ok
    assert processes.sent == [(True, "x = 2\n")]
