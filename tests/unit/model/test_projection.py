"""The fold: states follow from events, in order, once."""

from __future__ import annotations

from nexoide.model import event as e
from nexoide.model.deployment import Decision, Deployment, DeploymentPlan
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident
from nexoide.model.projection import State
from nexoide.model.reload import ProcessReload, Reload, SavedFile
from tests.unit.model.test_patch import PATCH

FAILURE = Failure(target="app", pid=1, source="log", at=10.0)
INCIDENT = Incident(
    id="I-1",
    fingerprint="f",
    target="app",
    error_class="AttributeError",
    message="no",
    file="bank.py",
    line=3,
    function="deposit",
    first_at=10.0,
    last_at=10.0,
    count=1,
    sample=FAILURE,
)
DEPLOYMENT = Deployment(
    id="D-1", patch="P-1", incident="I-1", target="app", action="approve", operator="ada", plan=DeploymentPlan(files=(), new_commit="9" * 40)
)


def fold(*bodies: e.Body) -> State:
    state = State()
    for seq, body in enumerate(bodies, 1):
        state.apply(e.Event(seq=seq, ts=float(seq), kind=e.KIND_OF[type(body)], actor="t", via="t", body=body, hash=f"h{seq}"))
    return state


PROPOSED = (e.IncidentOpened(incident=INCIDENT), e.PatchProposed(patch=PATCH))
JUDGED = (*PROPOSED, e.PatchJudged(patch="P-1", confidence=0.9, verdict="review", digest="d"))
APPROVED = (
    *JUDGED,
    e.DecisionMade(decision=Decision(patch="P-1", action="approve", digest="d", operator="ada", at=1.0)),
    e.DeploymentStarted(deployment=DEPLOYMENT),
)
LIVE = (*APPROVED, e.DeploymentCommitted(deployment="D-1"), e.DeploymentLive(deployment="D-1", pids=(1,), changed=("x",), milliseconds=1.0, at=2.0))


def test_a_patch_waits_only_once_it_was_judged() -> None:
    assert fold(*PROPOSED).waiting() == []
    assert [patch.id for patch in fold(*JUDGED).waiting()] == ["P-1"]


def test_a_patch_that_failed_validation_never_waits() -> None:
    state = fold(*PROPOSED, e.PatchJudged(patch="P-1", confidence=0.1, verdict="reject", digest="d", reason="tests"))
    assert state.patches["P-1"].state == "invalid"
    assert state.waiting() == []


def test_live_is_said_only_after_it_was_observed() -> None:
    assert fold(*APPROVED).patches["P-1"].state == "approved"
    assert fold(*APPROVED, e.DeploymentCommitted(deployment="D-1")).patches["P-1"].state == "approved"
    state = fold(*LIVE)
    assert state.patches["P-1"].state == "live"
    assert state.patches["P-1"].commit == "9" * 40


def test_a_deployment_that_was_undone_is_not_live() -> None:
    assert fold(*APPROVED, e.DeploymentFailed(deployment="D-1", note="moved")).patches["P-1"].state == "failed"


def test_an_event_is_folded_in_once() -> None:
    state = fold(*JUDGED)
    again = e.Event(seq=2, ts=9.0, kind="incident.occurred", actor="t", via="t", body=e.IncidentOccurred(incident="I-1", count=9, added=8, at=11.0))
    state.apply(again)
    assert state.incidents["I-1"].count == 1


def test_a_recurrence_is_counted() -> None:
    state = fold(
        *LIVE,
        e.IncidentMoved(incident="I-1", state="probation", note=""),
        e.IncidentMoved(incident="I-1", state="open", note="it came back"),
    )
    assert state.incidents["I-1"].recurrences == 1
    assert state.stages["P-1"]["probation"].status == "failed"


def test_a_reload_is_known_from_its_intent_to_its_outcome() -> None:
    reload = Reload(id="L-1", target="app", files=(SavedFile(path="a.py", before_sha256="0" * 64, after_sha256="1" * 64),))
    begun = fold(e.ReloadStarted(reload=reload))
    assert begun.reloads["L-1"].state == "started"
    process = ProcessReload(pid=7, ok=True, state="committed")
    done = fold(
        e.ReloadStarted(reload=reload), e.ReloadFinished(reload="L-1", state="live", summary="a.py: 1 function", processes=(process,), milliseconds=3.0)
    )
    found = done.reloads["L-1"]
    assert (found.state, found.summary, found.processes, found.files) == ("live", "a.py: 1 function", (process,), reload.files)


def test_a_reload_whose_outcome_nobody_saw_is_not_known() -> None:
    started = e.SupervisorStarted(pid=1, version="1", workspace="/w", project="w", branch="", policy="review", has_git=False)
    state = fold(e.ReloadStarted(reload=Reload(id="L-1", target="app", files=())), started)
    assert state.reloads["L-1"].state == "interrupted"


def test_only_the_newest_reloads_are_kept_and_all_are_counted() -> None:
    state = fold(*(e.ReloadStarted(reload=Reload(id=f"L-{number}", target="app", files=())) for number in range(1, 251)))
    assert (len(state.reloads), state.reload_count, next(iter(state.reloads))) == (200, 250, "L-51")
