from __future__ import annotations

import ast

from nexoide.repair.validation.neighbours import MAX_NEIGHBOURS, neighbours
from nexoide.repair.validation.rebuilding import Call


def _call(*arguments: str) -> Call:
    return Call(file="a.py", function="f", line=1, folder="", imports=(("a", "f"),), target="f", arguments=tuple(("", text) for text in arguments))


def test_they_are_the_same_every_time_and_few() -> None:
    call = _call("[{'price': 3, 'qty': 2}]", "5", "'x'")
    assert neighbours(call) == neighbours(call)
    assert 3 <= len(neighbours(call)) <= MAX_NEIGHBOURS
    assert call.expression not in neighbours(call)


def test_every_one_is_a_call_and_every_argument_is_varied() -> None:
    found = neighbours(_call("3", "'ab'"))
    assert all(isinstance(ast.parse(text, mode="eval").body, ast.Call) for text in found)
    assert "f(0, 'ab')" in found
    assert "f(3, '')" in found


def test_rows_lose_a_key_from_inside() -> None:
    assert "f([{'qty': 2}])" in neighbours(_call("[{'price': 3, 'qty': 2}]"))


def test_values_of_the_same_type_that_were_captured_elsewhere_are_tried() -> None:
    assert "f('other')" in neighbours(_call("'a'"), (_call("'other'"),))


def test_a_call_without_arguments_has_none() -> None:
    assert neighbours(_call()) == ()
