"""Fixtures of the probe's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.probe import peer


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[peer.Bench]:
    """A workspace with a supervisor's end of the wire."""
    yield from peer.bench(tmp_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `python` on every supported interpreter, one that asks for `edge` on the oldest, this and the newest."""
    found = peer.interpreters()
    versions = ["3.9", "3.10", "3.11", "3.12", "3.13"]
    for name, wanted in (("python", versions), ("edge", ["3.9", "3.11", "3.13"])):
        if name in metafunc.fixturenames:
            missing = {version: pytest.mark.skip(reason=f"Python {version} is not installed here") for version in wanted if version not in found}
            metafunc.parametrize(name, [pytest.param(found.get(version, ""), id=version, marks=missing.get(version, ())) for version in wanted])
