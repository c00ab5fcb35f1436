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
    """Run a test that asks for `python` once for each interpreter that is installed here."""
    if "python" in metafunc.fixturenames:
        found = peer.interpreters()
        metafunc.parametrize("python", found, ids=[path.split("/versions/")[-1].split("/")[0] if "/versions/" in path else "this" for path in found])
