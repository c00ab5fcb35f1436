from __future__ import annotations

import pytest

from nexoide.repair.rules import own_rules
from tests.unit.repair.examples import check_example

NAMES = {
    "attribute-missing",
    "attribute-or-key",
    "attribute-unset",
    "builtin-attribute",
    "builtin-call",
    "call-definition",
    "callback-arity",
    "call-signature",
    "call-through",
    "credentials",
    "deliberate",
    "enum-member",
    "environment",
    "iterator-as-list",
    "missing-method-stub",
    "module-attribute",
    "other-object",
    "payload-too-large",
    "private-attribute",
    "response-shape",
    "retry-policy",
    "slot-missing",
}
EXAMPLES = [(rule, example) for rule in own_rules() if rule.name in NAMES for example in rule.examples]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda item: item.name)
def test_the_example_is_what_the_rule_is_for(rule, example, tmp_path):
    check_example(rule, example, tmp_path)


def test_every_rule_has_an_example():
    assert {rule.name for rule, _ in EXAMPLES} == NAMES
