from __future__ import annotations

import pytest

from nexoide.model.failure import ValueView
from nexoide.repair.code.values import MISSING, Mapping, Opaque, Row, read, seen


@pytest.mark.parametrize(
    ("text", "value", "whole"),
    [
        ("{'a': 1, 'b': [1, 2]}", {"a": 1, "b": [1, 2]}, True),
        ("{'a': 1, … 3 more}", {"a": 1}, False),
        ("[1, ('x', -2.5), … 4 more]", [1, ["x", -2.5]], False),
        ("{'a': 'cut of", {"a": Opaque("'cut of")}, False),
        ("{<Tier>: 1}", {Opaque("<Tier>"): 1}, True),
        ("Counter({'a': 2})", {"a": 2}, True),
        ("defaultdict(<class 'int'>, {'a': 1})", {"a": 1}, True),
        ("set()", [], True),
    ],
)
def test_containers_are_read_as_far_as_they_show(text: str, value: object, whole: bool) -> None:
    found = read(text)
    assert found == value
    assert isinstance(found, Mapping | Row)
    assert found.whole is whole


@pytest.mark.parametrize("text", ["12", "-1.5", "'its'", "b'ab'", "None", "True", "1e3", "''"])
def test_scalars_are_read_whole(text: str) -> None:
    assert read(text) == eval(text)


@pytest.mark.parametrize("text", ["", "…", "}", "[", "{'a'", "datetime.date(2024, 1, 2)", "<x", "((((((", "'", "{{{{", "[1 2 3]", "\\", "a.b.c(", "…" * 50])
def test_what_cannot_be_read_ends_and_raises_nothing(text: str) -> None:
    read(text)
    read(text * 50)


def test_keys_are_those_of_the_view_where_the_text_leaves_some_out() -> None:
    found = seen(ValueView(type="dict", repr="{'a': 1, … 1 more}", keys=("'a'", "'b'"), length=2))
    assert set(found) == {"a", "b"}
    assert found.whole
    assert found["b"] is MISSING


@pytest.mark.parametrize(
    ("text", "kind"), [("<Tier>", "Tier"), ("<Tier.PRO: 'pro'>", "Tier"), ("datetime.date(2024, 1, 2)", "date"), ("<class 'shop.Cart'>", "Cart")]
)
def test_an_object_says_its_class(text: str, kind: str) -> None:
    found = read(text)
    assert isinstance(found, Opaque)
    assert found.type == kind
