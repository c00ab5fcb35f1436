"""Homogeneity and completeness of a grouping against what is known, by entropy (Rosenberg and Hirschberg, "V-Measure", EMNLP 2007)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Quality:
    """Both are 1 for a perfect grouping: no group holds two bugs (homogeneity), no bug is in two groups (completeness)."""

    homogeneity: float
    completeness: float

    @property
    def v_measure(self) -> float:
        """Return their harmonic mean."""
        both = self.homogeneity + self.completeness
        return 2 * self.homogeneity * self.completeness / both if both else 0.0


def quality(truth: Sequence[Hashable], groups: Sequence[Hashable]) -> Quality:
    """Return how well `groups` fits `truth`, two labels for each item."""
    joint, known, found = Counter(zip(truth, groups, strict=True)), Counter(truth), Counter(groups)
    total = len(truth)
    of_truth, of_groups = _entropy(known, total), _entropy(found, total)
    left_of_truth = -sum(count / total * math.log(count / found[group]) for (_, group), count in joint.items())
    left_of_groups = -sum(count / total * math.log(count / known[label]) for (label, _), count in joint.items())
    return Quality(1 - left_of_truth / of_truth if of_truth else 1.0, 1 - left_of_groups / of_groups if of_groups else 1.0)


def _entropy(counts: Counter[Hashable], total: int) -> float:
    return -sum(count / total * math.log(count / total) for count in counts.values())


def torn(truth: Sequence[str], groups: Sequence[str], how: Sequence[str]) -> dict[str, dict[str, Counter[str]]]:
    """Return, of each bug that is in several groups, these groups with what captured them."""
    found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for label, group, by in zip(truth, groups, how, strict=True):
        found[label][group][by] += 1
    return {label: dict(parts) for label, parts in sorted(found.items()) if len(parts) > 1}


def mixed(truth: Sequence[str], groups: Sequence[str]) -> dict[str, Counter[str]]:
    """Return the groups that hold several bugs, with their counts."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for label, group in zip(truth, groups, strict=True):
        found[group][label] += 1
    return {group: labels for group, labels in found.items() if len(labels) > 1}
