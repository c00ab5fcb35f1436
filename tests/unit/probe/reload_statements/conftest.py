"""Runs the tests that ask for `cross` on the interpreters that a reload must work on."""

from __future__ import annotations

import pytest

from tests.unit.probe import peer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `cross` each of 3.9, 3.11, 3.12 and 3.13."""
    if "cross" in metafunc.fixturenames:
        found = peer.interpreters()
        wanted = ["3.9", "3.11", "3.12", "3.13"]
        marks = {version: pytest.mark.skip(reason=f"Python {version} is not installed here") for version in wanted if version not in found}
        metafunc.parametrize("cross", [pytest.param(found.get(version, ""), id=version, marks=marks.get(version, ())) for version in wanted])
