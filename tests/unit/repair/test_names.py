from __future__ import annotations

import pytest

from nexoide.repair.code.names import ALIKE, closest, is_tie, same_family, similarity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("reserve_stock", "reserve"),
        ("reserve_stock", "stock_reserve"),
        ("recieve", "receive"),
        ("totalPrice", "total_price"),
        ("qty", "quantity"),
        ("send_msg", "send_message"),
        ("cfg", "config"),
        ("_lines", "lines"),
        ("order_line", "order_lines"),
    ],
)
def test_renames_and_typing_mistakes_are_alike(one, other):
    assert similarity(one, other) >= ALIKE
    assert similarity(other, one) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("get_total", "set_total"),
        ("reserve", "release"),
        ("lock", "unlock"),
        ("line1", "line2"),
        ("customer", "customer_id"),
        ("content", "text"),
        ("load", "draw"),
        ("max_size", "min_size"),
        ("encode", "decode"),
    ],
)
def test_other_meanings_are_not(one, other):
    assert similarity(one, other) < ALIKE
    assert similarity(other, one) < ALIKE


def test_ties_are_told():
    assert is_tie(closest("load_ro", ["load_row", "load_rom"]))
    assert not is_tie(closest("reserve_stock", ["reserve", "restock"]))


def test_families():
    assert same_family("content", "text")
    assert not same_family("content", "model")
