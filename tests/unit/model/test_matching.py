"""Opcodes turn one list into the other, whichever way they were found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexoide.model import matching

LINES = st.lists(st.sampled_from("abcdef"), max_size=30)


def applied(old: list[str], new: list[str]) -> list[str]:
    out: list[str] = []
    at = to = 0
    for tag, i1, i2, j1, j2 in matching.opcodes(old, new):
        assert (i1, j1) == (at, to)
        assert tag == ("equal" if old[i1:i2] == new[j1:j2] and i2 - i1 == j2 - j1 and tag == "equal" else tag)
        out += old[i1:i2] if tag == "equal" else new[j1:j2]
        at, to = i2, j2
    assert (at, to) == (len(old), len(new))
    return out


@pytest.mark.parametrize("exact", [0, 20, 250_000])
@pytest.mark.parametrize("edits", [0, 4, 500])
@given(LINES, LINES)
@settings(max_examples=60, deadline=None)
def test_opcodes_rebuild_the_new_lines(exact: int, edits: int, old: list[str], new: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_EXACT_CELLS", exact)
        patch.setattr(matching, "_MAX_EDITS", edits)
        assert applied(old, new) == new


def test_the_shortest_script_is_the_shortest() -> None:
    chance = random.Random(3)
    old = [chance.choice("abc") for _ in range(400)]
    new = [*old[:100], "z", *old[100:300], *old[301:]]
    pairs = matching._shortest(old, new)
    assert pairs is not None
    assert len(pairs) == 399
    assert all(old[i] == new[j] for i, j in pairs)
