"""Caches of changed code, on every interpreter."""

from __future__ import annotations

from tests.unit.probe.reload_statements import running


def test_caches(cross: str) -> None:
    running.run(cross, "cases_caches")
