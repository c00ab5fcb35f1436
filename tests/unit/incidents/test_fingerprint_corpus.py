"""The grouping of real programs' failures: a part of `python -m tests.benchmarks grouping`, under the oldest and the newest interpreter here."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.incidents.fingerprint import fingerprint
from tests.benchmarks.grouping.items import captured, interpreters
from tests.benchmarks.grouping.measure import quality


@pytest.mark.timeout(60)
def test_known_bugs_are_grouped_as_they_are_known(tmp_path: Path) -> None:
    versions = interpreters()
    ends = {name: versions[name] for name in {next(iter(versions)), next(reversed(versions))}}
    root, items = captured(tmp_path, ends)
    truth = [item.group for item in items]
    assert len(set(truth)) >= 150
    assert len(items) >= 300
    for workspace in (root, None):
        found = quality(truth, [fingerprint(item.failure, workspace) for item in items])
        assert found.homogeneity >= 0.98
        assert found.completeness >= 0.98


def test_the_measure_is_one_for_what_is_known_and_falls_for_what_is_mixed_or_torn() -> None:
    truth = ["a", "a", "b", "b"]
    assert quality(truth, [1, 1, 2, 2]) == quality(truth, [2, 2, 1, 1])
    assert (quality(truth, [1, 1, 2, 2]).homogeneity, quality(truth, [1, 1, 2, 2]).completeness) == (1.0, 1.0)
    assert quality(truth, [1, 1, 1, 1]).homogeneity == 0.0
    assert quality(truth, [1, 2, 3, 4]).homogeneity == 1.0
    assert quality(truth, [1, 2, 3, 4]).completeness == 0.5
    assert quality(truth, [1, 2, 1, 2]).v_measure == 0.0
