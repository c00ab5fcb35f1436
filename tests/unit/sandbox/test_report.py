from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from nexoide.sandbox import report
from nexoide.sandbox.report import read_report


def line(**row: object) -> str:
    return json.dumps(row) + "\n"


def test_outcomes_messages_and_the_end_are_read(tmp_path: Path) -> None:
    path = tmp_path / "outcomes"
    rows = [line(t="collected", count=2), line(t="test", id="a", outcome="passed", message=""), line(t="test", id="b", outcome="failed", message="why")]
    path.write_text("".join([*rows, line(t="finished", exit=1)]), encoding="utf-8")
    found = read_report(path)
    assert (found.outcomes, found.messages, found.finished, found.seen, found.problem) == ({"a": "passed", "b": "failed"}, {"b": "why"}, True, True, "")


def test_the_worse_of_two_outcomes_counts(tmp_path: Path) -> None:
    path = tmp_path / "outcomes"
    path.write_text(line(t="test", id="a", outcome="error") + line(t="test", id="a", outcome="passed"), encoding="utf-8")
    assert read_report(path).outcomes == {"a": "error"}


def test_no_file_is_no_ids(tmp_path: Path) -> None:
    found = read_report(tmp_path / "outcomes")
    assert (found.seen, found.finished, found.problem) == (False, False, "")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 60_000,
        "null\n",
        "[1]\n",
        '{"t": "test"}\n',
        line(t="test", id=["a"], outcome="passed"),
        line(t="test", id="a", outcome="wonderful"),
        "\udcff\n",
        "x" * 70_000,
    ],
    ids=["deep", "null", "list", "no id", "id is a list", "unknown outcome", "not utf-8", "long"],
)
def test_foreign_lines_are_counted_and_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "outcomes"
    path.write_bytes((line(t="test", id="ok", outcome="passed") + text).encode("utf-8", "surrogateescape"))
    found = read_report(path)
    assert found.outcomes == {"ok": "passed"}
    assert found.problem.startswith("1 lines")


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(line(t="finished", exit=0), encoding="utf-8")
    (tmp_path / "outcomes").symlink_to(tmp_path / "real")
    found = read_report(tmp_path / "outcomes")
    assert not found.seen
    assert "replaced" in found.problem


def test_a_pipe_does_not_hang_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "outcomes")
    assert "not a file" in read_report(tmp_path / "outcomes").problem


def test_a_huge_report_is_read_in_part_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MAX_REPORT", 1024)
    path = tmp_path / "outcomes"
    path.write_text("".join(line(t="test", id=f"t{n}", outcome="passed") for n in range(1000)), encoding="utf-8")
    found = read_report(path)
    assert 0 < len(found.outcomes) < 1000
    assert "longer than" in found.problem
