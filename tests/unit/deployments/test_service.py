"""Decisions: all of it happened, or nothing did, and what is said is what is."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from nexoide.deployments import effects, recovery
from nexoide.errors import ConflictError, NexoideError, UsageError
from nexoide.model import event as e
from nexoide.vcs import locks
from tests.support.project import git
from tests.unit.deployments.bench import Bench


class KilledError(BaseException):
    """Stands for the end of the supervisor at this very point."""


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    await made.propose()
    yield made
    await made.journal.close()


async def test_a_held_index_puts_everything_back(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "FIRST_WAIT", 0.001)
    before = bench.head()
    lock = bench.root / ".git" / "index.lock"
    lock.write_bytes(b"")
    with pytest.raises(NexoideError, match="Everything was put back"):
        await bench.deployments.approve("P-1", bench.command(), "test")
    lock.unlink()
    assert bench.state.patches["P-1"].state == "failed"
    assert bench.head() == before
    assert not bench.patched()
    assert git(bench.root, "status", "--porcelain") == ""


async def test_after_a_revert_that_failed_the_next_one_works(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await bench.deployments.approve("P-1", bench.command(), "test")
    with monkeypatch.context() as patched:
        patched.setattr(effects, "apply", _full_disk)
        with pytest.raises(NexoideError, match="full"):
            await bench.deployments.revert("P-1", bench.command(), "test")
    assert bench.state.patches["P-1"].state == "live"
    assert bench.state.deployments[bench.state.patches["P-1"].deployment].action == "approve"
    assert (await bench.deployments.revert("P-1", bench.command(), "test")).state == "reverted"
    assert not bench.patched()


def _full_disk(*_: object) -> None:
    raise NexoideError("The disk is full.")


async def test_a_restarted_process_is_watched_too(bench: Bench) -> None:
    await bench.deployments.approve("P-1", bench.command(), "test")
    assert bench.reloads.asked == ["D-1"]
    assert not await bench.deployments.resume("app")
    assert bench.reloads.asked == ["D-1"]
    bench.reloads.pids = (8,)
    assert not await bench.deployments.resume("app")
    assert bench.reloads.asked == ["D-1", "D-1"]
    assert bench.probation.watches("D-1", (8,))


async def test_the_same_is_not_journaled_at_every_attach(bench: Bench) -> None:
    bench.reloads.state = "absent"
    assert (await bench.deployments.approve("P-1", bench.command(), "test")).state == "not_live"
    bench.reloads.state = "not_loaded"
    assert await bench.deployments.resume("app")
    head = bench.journal.head
    for _ in range(5):
        assert await bench.deployments.resume("app")
    assert bench.journal.head == head
    bench.reloads.state = "live"
    assert not await bench.deployments.resume("app")
    assert bench.state.patches["P-1"].state == "live"


async def test_a_reload_that_cannot_be_asked_for_leaves_the_patch_committed_and_revertible(bench: Bench) -> None:
    bench.reloads.error = UsageError("The reload is 9 MiB long.")
    answer = await bench.deployments.approve("P-1", bench.command(), "test")
    assert answer.state == "not_live"
    assert "9 MiB" in answer.sentence
    bench.reloads.error = None
    assert (await bench.deployments.revert("P-1", bench.command(), "test")).state == "reverted"


async def test_a_revert_while_nothing_runs_reopens_the_incident(bench: Bench) -> None:
    await bench.deployments.approve("P-1", bench.command(), "test")
    assert bench.state.incidents["I-1"].state == "probation"
    bench.reloads.state = "absent"
    assert (await bench.deployments.revert("P-1", bench.command(), "test")).state == "reverted"
    assert bench.state.incidents["I-1"].state == "open"


async def test_a_deployment_makes_the_other_patches_of_the_file_stale(bench: Bench) -> None:
    await bench.propose(2, "record_entry_twice")
    await bench.deployments.approve("P-1", bench.command(), "test")
    assert bench.state.patches["P-2"].state == "stale"
    with pytest.raises(ConflictError, match="stale"):
        await bench.deployments.approve("P-2", bench.command("P-2"), "test")


async def test_what_came_back_is_resolved_no_more(bench: Bench) -> None:
    await bench.deployments.approve("P-1", bench.command(), "test")
    await bench.append(e.IncidentMoved(incident="I-1", state="resolved", note=""))
    await bench.append(e.IncidentMoved(incident="I-1", state="open", note="it came back"))
    stages = bench.state.stages["P-1"]
    assert stages["probation"].status == "failed"
    assert "resolved" not in stages


async def test_an_edit_made_while_no_supervisor_ran_is_kept_and_the_rest_put_back(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bench.head()
    await _killed_before_writing(bench, monkeypatch)
    assert bench.head() != before
    mine = (bench.root / "bank.py").read_text() + "# mine\n"
    (bench.root / "bank.py").write_text(mine)
    await recovery.recover_disk(state=bench.state, journal=bench.journal, repository=bench.repository, root=bench.root)
    assert bench.state.patches["P-1"].state == "failed"
    assert "was edited while no supervisor ran" in bench.state.patches["P-1"].reason
    assert bench.head() == before
    assert (bench.root / "bank.py").read_text() == mine
    assert git(bench.root, "diff", "--cached") == ""


async def test_what_was_begun_is_completed_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await _killed_before_writing(bench, monkeypatch)
    for _ in range(2):
        await recovery.recover_disk(state=bench.state, journal=bench.journal, repository=bench.repository, root=bench.root)
    assert bench.patched()
    assert git(bench.root, "rev-list", "--count", "HEAD") == "2"
    assert not await bench.fresh_deployments().resume("app")
    assert bench.state.patches["P-1"].state == "live"


async def _killed_before_writing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(effects, "_write", killed)
        with pytest.raises(KilledError):
            await bench.deployments.approve("P-1", bench.command(), "test")


async def test_every_decision_is_timed_and_named(bench: Bench) -> None:
    began = time.time()
    await bench.deployments.reject("P-1", bench.command(), "local uid 0")
    decision = next(event for event in bench.journal.read() if isinstance(event.body, e.DecisionMade))
    assert (decision.actor, decision.via) == ("operator:ada", "local uid 0")
    assert isinstance(decision.body, e.DecisionMade)
    assert began <= decision.body.decision.at <= time.time()


async def test_when_it_goes_live_is_decided_with_the_patch_and_kept(bench: Bench) -> None:
    await bench.deployments.approve("P-1", replace(bench.command(), when="quiescent"), "test")
    assert bench.reloads.whens == ["quiescent"]
    assert bench.state.deployments["D-1"].when == "quiescent"
    await bench.deployments.revert("P-1", bench.command(), "test")
    assert bench.reloads.whens == ["quiescent", "auto"]


async def test_another_word_decides_nothing(bench: Bench) -> None:
    with pytest.raises(UsageError, match="not 'soon'"):
        await bench.deployments.approve("P-1", replace(bench.command(), when="soon"), "test")
    assert bench.state.patches["P-1"].state == "waiting"


async def test_what_is_staged_asks_no_process_until_the_new_code_was_started(bench: Bench) -> None:
    decided = await bench.deployments.approve("P-1", replace(bench.command(), when="next_start"), "test")
    assert decided.state == "not_live"
    assert "staged for the next start of app" in decided.sentence
    assert bench.patched()
    assert not await bench.deployments.resume("app"), "nothing is looked for again and again"
    assert bench.reloads.asked == []
    bench.reloads.already = True
    await bench.deployments.resume("app")
    assert bench.state.patches["P-1"].state == "live"


async def test_a_target_that_is_gone_is_said_with_both_offers(bench: Bench) -> None:
    bench.reloads.state = "gone"
    decided = await bench.deployments.approve("P-1", bench.command(), "test")
    assert decided.state == "not_live"
    for words in ("committed, target gone", "nexoide targets restart app", "nexoide patches revert P-1"):
        assert words in decided.sentence
