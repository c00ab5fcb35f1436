"""A workspace with a supervisor's end of the wire, for programs that carry the middleware."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.probe import peer


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[peer.Bench]:
    """A workspace with a supervisor's end of the wire."""
    yield from peer.bench(tmp_path)
