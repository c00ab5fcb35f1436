"""Effects of program code on its containers, on every interpreter."""

from __future__ import annotations

from tests.unit.probe.reload_statements import running


def test_effects(cross: str) -> None:
    running.run(cross, "cases_effects")
