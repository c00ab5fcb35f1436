from __future__ import annotations

from nexoide.repair.validation.edited import edited_lines, watched_lines

BASE = b"def f(a):\n    x = a\n    return x\n"


def test_changed_and_inserted_lines_are_those_of_the_new_file() -> None:
    assert edited_lines(BASE, b"def f(a):\n    x = a + 1\n    y = 2\n    return x\n") == {2, 3}


def test_where_lines_only_went_the_one_that_follows_is_meant() -> None:
    assert edited_lines(BASE, b"def f(a):\n    return x\n") == {2}


def test_a_statement_over_several_lines_is_watched_at_all_of_them() -> None:
    new = b"def f(a):\n    x = g(\n        a,\n        1,\n    )\n    return x\n"
    assert watched_lines(new, frozenset({4})) == {2, 3, 4, 5}


def test_a_changed_head_of_a_function_is_watched_in_its_body() -> None:
    new = b'def f(a, b=None):\n    """Say."""\n    x = a\n    return x\n'
    assert watched_lines(new, frozenset({1})) == {3}


def test_of_a_block_only_the_head_is_watched() -> None:
    new = b"if a:\n    b = 1\nelse:\n    c = 2\n"
    assert watched_lines(new, frozenset({1})) == {1}


def test_what_cannot_be_parsed_is_watched_as_it_is() -> None:
    assert watched_lines(b"def (", frozenset({1})) == {1}
