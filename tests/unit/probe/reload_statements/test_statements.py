"""Statements at the top of modules and classes, on every interpreter."""

from __future__ import annotations

from tests.unit.probe.peer import Bench
from tests.unit.probe.reload_statements import running


def test_statements(cross: str) -> None:
    running.run(cross, "cases_statements")


def test_what_stands_behind_the_running_line_waits_for_the_next_start(bench: Bench, cross: str) -> None:
    text = "DONE = []\n\n\ndef note(what):\n    DONE.append(what)\n\n\nnote('first')\n"
    program = bench.serve(text, cross)
    assert program.ask("DONE") == ["first"]
    path = bench.folder / "main.py"
    base = path.read_text()

    behind = bench.peer.reload((path, base, base + "note('last')\n"))
    ahead = bench.peer.reload((path, base, base.replace("note('first')\n", "note('first')\nnote('second')\n")))

    assert behind["ok"], behind["error"]
    assert [item["action"] for item in behind["definitions"]] == ["restart"]
    assert ahead["ok"], ahead["error"]
    assert program.ask("DONE") == ["first", "second"]
