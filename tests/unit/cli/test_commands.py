"""Every command against the real control plane: what it prints, as JSON and for people, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Plane, Result

Run = Callable[..., Result]


def _json(result: Result) -> Any:
    assert result.code == 0, result.err
    assert result.err == ""
    return json.loads(result.out)


def test_status_has_its_keys(plane: Plane, nexoide: Run) -> None:
    document = _json(nexoide("status", "--json", *plane.option))
    assert {"version", "pid", "socket", "workspace", "policy", "targets", "incidents", "patches"} <= set(document)
    assert document["patches"][0]["id"] == "P-1"


def test_status_for_people(plane: Plane, nexoide: Run) -> None:
    result = nexoide("status", *plane.option)
    assert result.code == 0
    for word in ("TARGET", "INCIDENT", "PATCH", "P-1", "0.93", "38x"):
        assert word in result.out


@pytest.mark.parametrize("group", ["incidents", "patches", "targets"])
def test_lists_are_named_after_what_they_hold(plane: Plane, nexoide: Run, group: str) -> None:
    document = _json(nexoide(group, "list", "--json", *plane.option))
    assert list(document) == [group]
    assert len(document[group]) == 1


def test_table_columns_align_where_the_output_is_no_terminal(plane: Plane, nexoide: Run) -> None:
    heading, row = nexoide("patches", "list", *plane.option).out.splitlines()
    assert heading.split() == ["PATCH", "STATE", "CONFIDENCE", "INCIDENT", "TITLE", "FILES", "COMMIT"]
    assert row.index("waiting") == heading.index("STATE")
    assert row.index("shop.py") == heading.index("FILES")


def test_incident_with_its_traceback(plane: Plane, nexoide: Run) -> None:
    result = nexoide("incidents", "show", "I-1", *plane.option)
    assert "/w/shop.py:2 in price" in result.out
    assert "38 times" in result.out
    assert _json(nexoide("incidents", "show", "I-1", "--json", *plane.option))["fingerprint"] == "abc"


def test_a_patch_with_evidence_and_diff(plane: Plane, nexoide: Run) -> None:
    result = nexoide("patches", "show", "P-1", *plane.option)
    assert "✓ tests: 21 tests pass" in result.out
    assert "\n+        return 0\n" in result.out
    only = nexoide("patches", "show", "P-1", "--diff", *plane.option).out
    assert only.startswith("diff --git a/shop.py b/shop.py\n--- a/shop.py\n+++ b/shop.py\n@@ -1,2 +1,4 @@\n")
    assert "21 tests" not in only
    assert "+        return 0" in _json(nexoide("patches", "show", "P-1", "--json", *plane.option))["diff"]


@pytest.mark.parametrize(
    "arguments",
    [("patches", "show", "P-1"), ("incidents", "show", "I-1"), ("incidents", "list"), ("journal", "tail"), ("journal", "show", "1"), ("status",)],
)
def test_a01_nothing_from_outside_reaches_the_terminal_as_a_control(plane: Plane, nexoide: Run, arguments: tuple[str, ...]) -> None:
    for extra in ((), ("--json",)):
        result = nexoide(*arguments, *extra, *plane.option)
        assert result.code == 0
        assert not [character for character in result.out if character != "\n" and (ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0)]


def test_what_is_not_there(plane: Plane, nexoide: Run) -> None:
    for arguments in (("patches", "show", "P-9"), ("incidents", "show", "I-9"), ("journal", "show", "999"), ("patches", "approve", "P-9", "--yes")):
        result = nexoide(*arguments, *plane.option)
        assert result.code == 3
        assert result.out == ""
        assert result.err.startswith("nexoide: ")
        assert len(result.err.splitlines()) == 1


def test_an_error_as_json(plane: Plane, nexoide: Run) -> None:
    result = nexoide("patches", "show", "P-9", "--json", *plane.option)
    assert result.code == 3
    assert json.loads(result.out)["exit_code"] == 3
    assert json.loads(result.out)["error"] in result.err


def test_a_decision_needs_a_terminal_or_a_yes(plane: Plane, nexoide: Run) -> None:
    result = nexoide("patches", "approve", "P-1", *plane.option)
    assert result.code == 2
    assert "--yes" in result.err
    assert plane.supervisor.decided == {}


def test_a07_another_digest_is_refused_before_anything_is_asked(plane: Plane, nexoide: Run) -> None:
    result = nexoide("patches", "approve", "P-1", "--yes", "--digest", "0" * 64, *plane.option)
    assert result.code == 4
    assert plane.supervisor.decided == {}


def test_a07_a_digest_that_does_not_belong_to_the_content_is_refused(plane: Plane, nexoide: Run) -> None:
    from dataclasses import replace

    true = plane.supervisor.state.patches["P-1"]
    plane.supervisor.state.patches["P-1"] = replace(true, base_commit="e" * 40)
    try:
        result = nexoide("patches", "approve", "P-1", "--yes", *plane.option)
    finally:
        plane.supervisor.state.patches["P-1"] = true
    assert result.code == 4
    assert "audit verify" in result.err
    assert plane.supervisor.decided == {}


def test_a_patch_without_a_digest_cannot_be_decided(plane: Plane, nexoide: Run) -> None:
    from dataclasses import replace

    true = plane.supervisor.state.patches["P-1"]
    plane.supervisor.state.patches["P-1"] = replace(true, digest="", state="proposed")
    try:
        result = nexoide("patches", "approve", "P-1", "--yes", *plane.option)
    finally:
        plane.supervisor.state.patches["P-1"] = true
    assert result.code == 4
    assert plane.supervisor.decided == {}


@pytest.mark.parametrize("verb", ["approve", "reject", "revert"])
def test_decisions_go_out_under_the_digest_with_operator_and_reason(plane: Plane, nexoide: Run, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    monkeypatch.setenv("NEXOIDE_OPERATOR", "ada")
    plane.supervisor.decided.clear()
    digest = plane.supervisor.state.patches["P-1"].digest
    document = _json(nexoide("patches", verb, "P-1", "--yes", "--digest", digest, "--reason", "why not", "--json", *plane.option))
    assert document["sentence"] == f"{verb} done"
    decided, command, _ = plane.supervisor.decided["P-1"]
    assert (decided, command.digest, command.operator, command.reason) == (verb, digest, "ada", "why not")
    again = nexoide("patches", verb, "P-1", "--yes", *plane.option)
    assert again.code == 4
    assert "decided already" in again.err
    plane.supervisor.decided.clear()


def test_targets_act_and_log(plane: Plane, nexoide: Run) -> None:
    assert nexoide("targets", "restart", "shop", *plane.option).out == "shop: running (process 5)\n"
    assert plane.supervisor.actions[-1] == ("shop", "restart")
    assert nexoide("targets", "log", "shop", "-n", "3", *plane.option).out == "shop 0\nshop 1\nshop 2\n"
    assert _json(nexoide("targets", "log", "shop", "-n", "1", "--json", *plane.option)) == {"target": "shop", "lines": ["shop 0"]}
    assert nexoide("targets", "stop", "nobody", *plane.option).code == 3


def test_the_journals_end_and_one_event(plane: Plane, nexoide: Run) -> None:
    lines = nexoide("journal", "tail", "-n", "2", *plane.option).out.splitlines()
    assert [line.split()[0] for line in lines] == ["4", "5"]
    assert "notice 5" in lines[-1]
    assert [event["seq"] for event in _json(nexoide("journal", "tail", "-n", "3", "--json", *plane.option))["events"]] == [3, 4, 5]
    assert _json(nexoide("journal", "show", "2", "--json", *plane.option))["body"]["text"].startswith("notice 2")


def test_the_audit(plane: Plane, nexoide: Run) -> None:
    assert _json(nexoide("audit", "verify", "--json", *plane.option))["ok"] is True


def test_up_says_that_it_runs_already_and_the_foreground_refuses(plane: Plane, nexoide: Run) -> None:
    result = nexoide("up", *plane.option)
    assert (result.code, "runs already (process 7)" in result.out) == (0, True)
    assert _json(nexoide("up", "--json", *plane.option))["started"] is False
    assert nexoide("up", "--foreground", *plane.option).code == 5


def test_run_refuses_a_workspace_that_is_taken(plane: Plane, nexoide: Run) -> None:
    assert nexoide("run", "--headless", *plane.option, "--", "python3", "app.py").code == 5


def test_no_supervisor(tmp_path: Path, nexoide: Run) -> None:
    (tmp_path / "nexoide.toml").write_text("")
    for command in (["status"], ["down"], ["attach"], ["patches", "list"], ["journal", "tail"]):
        result = nexoide(*command, "-w", tmp_path)
        assert result.code in {2, 5} if command == ["attach"] else result.code == 5, command
        assert result.err.startswith("nexoide: ")
        assert result.out == ""
    document = json.loads(nexoide("status", "--json", "-w", tmp_path).out)
    assert (document["exit_code"], "nexoide up" in document["error"]) == (5, True)


def test_no_workspace(tmp_path: Path, nexoide: Run) -> None:
    assert nexoide("status", "-w", tmp_path).code == 2
    assert nexoide("status", "-w", tmp_path / "nowhere").code == 2
