"""A10: a live save or approved patch whose text reads one way and runs another is refused, and the old code keeps running."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.probe import peer
from tests.unit.probe.reload_statements import running

FOUND = peer.interpreters()
VERSIONS = ["3.9", "3.11", "3.12", "3.13"]
MISSING = {version: pytest.mark.skip(reason=f"Python {version} is not installed here") for version in VERSIONS if version not in FOUND}


@pytest.mark.parametrize("version", [pytest.param(version, marks=MISSING.get(version, ())) for version in VERSIONS])
def test_shown_is_what_runs(version: str) -> None:
    running.run(FOUND[version], "a10_cases", Path(__file__).resolve().parent)
