"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import make_project
from tests.support.supervised import Supervised, supervised


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A runtime folder with a short path, because a socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="nx-") as folder:
        yield Path(folder)


@pytest.fixture
def bank(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    """The failing bank in a git repository; its supervisor is not started yet."""
    make_project(tmp_path / "bank", sys.executable)
    with supervised(tmp_path / "bank", runtime) as session:
        yield session
