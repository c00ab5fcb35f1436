from __future__ import annotations

import ast

from nexoide.repair.validation.mutants import MAX_MUTANTS, mutants

BASE = b"def f(items, key):\n    return items[key]\n"
NEW = b"def f(items, key):\n    if key not in items:\n        return 0\n    return items[key]\n"


def test_only_edited_lines_are_spoilt_and_every_mutant_is_a_program() -> None:
    found = mutants("a.py", BASE, NEW)
    assert 2 <= len(found) <= MAX_MUTANTS
    for what, data in found:
        ast.parse(data)
        assert data.endswith(b"    return items[key]\n"), what
        assert data not in (BASE, NEW)


def test_kinds_are_spread() -> None:
    kinds = {what.split(" in line")[0] for what, _ in mutants("a.py", BASE, NEW)}
    assert len(kinds) >= 3


def test_what_the_patch_put_in_is_spoilt_first() -> None:
    base, new = b"def f(d):\n    return g(h(1), d['x'])\n", b"def f(d):\n    return g(h(1), d.get('x', 2))\n"
    first = {data for _, data in mutants("a.py", base, new)[:3]}
    assert any(b"d.get('x')" in data or b"d.get('x', 3)" in data for data in first)


def test_a_change_of_comments_has_nothing_to_spoil() -> None:
    assert mutants("a.py", b"x = 1\n", b"# note\nx = 1\n") == ()


def test_what_cannot_be_read_has_no_mutants() -> None:
    assert mutants("a.py", b"x = 1\n", b"x = (\n") == ()
