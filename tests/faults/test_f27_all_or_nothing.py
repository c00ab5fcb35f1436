"""F27: a reload that fails anywhere leaves every module, registry and held object as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.probe import peer
from tests.unit.probe.reload_statements import running

HERE = Path(__file__).resolve().parent
FOUND = peer.interpreters()
VERSIONS = ["3.9", "3.11", "3.12", "3.13"]
MISSING = {version: pytest.mark.skip(reason=f"Python {version} is not installed here") for version in VERSIONS if version not in FOUND}


@pytest.mark.parametrize("version", [pytest.param(version, marks=MISSING.get(version, ())) for version in VERSIONS])
def test_all_or_nothing(version: str) -> None:
    running.run(FOUND[version], "f27_cases", HERE)
