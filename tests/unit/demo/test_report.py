"""The report says what did not happen, each thing by itself."""

from dataclasses import replace
from typing import Any

import pytest

from nexoide.demo.project import DEFECTS
from nexoide.demo.report import FAILING, Report, failing
from nexoide.demo.traffic import Count
from nexoide.model.failure import Failure
from nexoide.model.incident import Incident
from nexoide.model.patch import FileChange, Patch

KEYS = [
    "pid_before",
    "pid_after",
    "state_before",
    "state_after",
    "incidents",
    "patches",
    "failing_before",
    "failing_after_approve",
    "failing_after_revert",
    "error_to_proposal_ms",
    "approve_to_live_ms",
    "dropped_requests",
    "journal_events",
    "audit_ok",
    "details",
]


def _incident(number: int) -> Incident:
    failure = Failure(target="shop", pid=1, source="log", at=1.0)
    return Incident(
        id=f"I-{number}",
        fingerprint=f"f{number}",
        target="shop",
        error_class="TypeError",
        message="m",
        file="a.py",
        line=1,
        function="f",
        first_at=1.0,
        last_at=2.0,
        count=number,
        sample=failure,
    )


def _patch(number: int) -> Patch:
    change = FileChange(path="shop/orders.py", base_sha256="0" * 64, new_sha256="1" * 64)
    return Patch(
        id=f"P-{number}",
        incident=f"I-{number}",
        target="shop",
        title="t",
        rationale="r",
        rule="r",
        author="medic",
        base_commit="c",
        files=(change,),
        proposed_at=1.0,
        confidence=0.9,
        commit=f"{number}" * 40,
        state="live",
    )


def _good() -> Report:
    numbers = range(1, len(DEFECTS) + 1)
    return Report(
        pid_before=7,
        pid_after=7,
        state_before={"orders": 5, "revenue": 10, "started": 1.5},
        state_after={"orders": 9, "revenue": 8, "started": 1.5},
        incidents=[_incident(number) for number in numbers],
        patches=[_patch(number) for number in numbers],
        failing_before=dict.fromkeys(FAILING, 3) | {"GET /stock": 0},
        failing_after_approve=dict.fromkeys(FAILING, 0),
        failing_after_revert=dict.fromkeys(FAILING, 0) | {"POST /quotes": 6},
        error_to_proposal_ms=[100.0, 200.0, 300.0, 400.0],
        approve_to_live_ms=[10.0, 20.0, 30.0, 41.0],
        journal_events=99,
        audit_ok=True,
        orders_kept=True,
        reverted_route="POST /quotes",
    )


def test_where_all_happened_there_is_nothing_to_say_and_the_keys_are_exact() -> None:
    report = _good()
    assert report.judge() == []
    document = report.document()
    assert list(document) == KEYS
    assert document["error_to_proposal_ms"] == {"each": [100.0, 200.0, 300.0, 400.0], "median": 250.0}
    assert document["approve_to_live_ms"] == 25.0
    assert (document["state_before"], document["state_after"]) == (5, 9)
    assert (document["failing_before"], document["failing_after_approve"], document["failing_after_revert"]) == (12, 0, 6)
    assert document["incidents"][0] == {"fingerprint": "f1", "class": "TypeError", "occurrences": 1}
    assert document["patches"][0] == {"id": "P-1", "incident": "I-1", "confidence": 0.9, "files": ["shop/orders.py"], "commit": "1" * 40}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pid_after": 8}, "process changed"),
        ({"state_after": {"orders": 0, "revenue": 0, "started": 1.5}}, "memory was lost"),
        ({"state_after": {"orders": 9, "revenue": 0, "started": 2.5}}, "memory was lost"),
        ({"orders_kept": False}, "memory was lost"),
        ({"incidents": []}, "0 incidents"),
        ({"patches": [replace(_patch(1), commit="")]}, "0 of 4 defects"),
        ({"failing_before": {}}, "Before, each"),
        ({"failing_after_approve": {}}, "not measured"),
        ({"failing_after_approve": {"POST /quotes": 1}}, "no route should fail; failing: POST /quotes"),
        ({"failing_after_revert": {"POST /quotes": 0}}, "failing: none does"),
        ({"failing_after_revert": {"POST /quotes": 1, "GET /stock": 1}}, "After the revert"),
        ({"reverted_route": ""}, "After the revert"),
        ({"error_to_proposal_ms": [1.0]}, "got a proposal"),
        ({"approve_to_live_ms": []}, "seen live"),
        ({"dropped_requests": 1}, "got no answer"),
        ({"audit_ok": False}, "does not verify"),
    ],
)
def test_each_thing_that_did_not_happen_is_said(changes: dict[str, Any], words: str) -> None:
    found = replace(_good(), **changes).judge()
    assert len(found) == 1
    assert words in found[0]


def test_an_empty_report_can_be_printed_too() -> None:
    report = Report(problems=["The service did not answer."])
    assert list(report.document()) == [*KEYS, "problems"]
    assert report.document()["error_to_proposal_ms"] == {"each": [], "median": None}
    assert len(report.judge()) > 5


def test_a_dropped_request_counts_as_failing() -> None:
    assert failing({"a": Count(ok=3), "b": Count(failed=1, dropped=2)}) == {"a": 0, "b": 3}
