from __future__ import annotations

import time
from typing import get_args

import pytest

from nexoide import config
from nexoide.config import IncidentRule
from nexoide.errors import ConfigError
from nexoide.incidents.rules import first_match
from nexoide.model.incident import Category

from .failures import failure, frame, raised

FAILURE = failure(raised(frame("Cart.total"), kind="ReadTimeout", module="httpx", message="bank took too long: 17"), target="shop", logger="shop.bank")


def matches(rule: IncidentRule) -> bool:
    return first_match([rule], FAILURE, "shop/cart.py", "Cart.total") is rule


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "ReadTimeout"},
        {"type": "*Timeout"},
        {"type": "httpx.*"},
        {"message": "bank took too long: *"},
        {"message": "bank*[0-9]?"},
        {"file": "shop/*.py"},
        {"function": "Cart.*"},
        {"function": "total"},
        {"target": "sh?p"},
        {"logger": "shop.*"},
        {"type": "ReadTimeout", "file": "shop/cart.py", "target": "shop"},
    ],
)
def test_a_rule_matches_by_shell_patterns(rule: dict[str, str]) -> None:
    assert matches(IncidentRule(**rule))


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "readtimeout"},
        {"type": "Read"},
        {"message": "bank"},
        {"file": "cart.py"},
        {"function": "totals"},
        {"target": "bank"},
        {"logger": "shop"},
        {"type": "ReadTimeout", "target": "bank"},
        {},
        {"ignore": True},
    ],
)
def test_it_matches_nothing_else(rule: dict[str, str]) -> None:
    assert not matches(IncidentRule(**rule))


def test_the_first_that_matches_counts() -> None:
    rules = [IncidentRule(type="KeyError"), IncidentRule(type="Read*", group="bank"), IncidentRule(type="ReadTimeout", ignore=True)]
    assert first_match(rules, FAILURE, "", "") is rules[1]


def test_a_member_of_a_group_matches_and_so_does_a_record_without_exception() -> None:
    group = failure(raised(kind="ExceptionGroup", message="x (2 sub-exceptions)"), raised(frame("f"), kind="KeyError", relation="member"))
    rule = IncidentRule(type="KeyError")
    assert first_match([rule], group, "", "") is rule
    caused = failure(raised(kind="ValueError"), raised(frame("f"), kind="KeyError", relation="cause"))
    assert first_match([rule], caused, "", "") is None
    record, said = failure(log_message="lost order 17"), IncidentRule(message="lost order *")
    assert first_match([said], record, "", "") is said


def test_a_hostile_pattern_costs_little() -> None:
    begin = time.perf_counter()
    rule = IncidentRule(message="*a" * 250 + "b")
    assert first_match([rule], failure(raised(message="a" * 100_000)), "", "") is None
    assert time.perf_counter() - begin < 1.0


def test_settings_know_the_classes_of_incidents_and_refuse_others_in_a_sentence() -> None:
    assert get_args(Category) == config.CATEGORIES
    assert config.parse({"incidents": {"rules": [{"type": "X", "category": "rate limit"}]}}, "t").incidents.rules[0].category == "rate limit"
    with pytest.raises(ConfigError, match=r"incidents\.rules\.0\.category: .*'rate limits' is no class of incidents: take one of .*rate limit,"):
        config.parse({"incidents": {"rules": [{"type": "X", "category": "rate limits"}]}}, "t")
