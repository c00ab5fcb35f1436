"""Pydantic models of a live program: fields, validators, settings, and the models and adapters that embed one."""

from __future__ import annotations

import sys

import pytest

from tests.unit.probe.peer import Bench
from tests.unit.probe.reload_classes.program import Live

pytest.importorskip("pydantic", minversion="2.0")

MODELS = """\
from pydantic import BaseModel, Field, computed_field, field_validator


class Item(BaseModel):
    name: str
    price: int = 1

    def double(self):
        return self.price * 2

    @field_validator("name")
    @classmethod
    def tidy(cls, value):
        return value.strip()


class Special(Item):
    rare: bool = True


class Order(BaseModel):
    items: list[Item] = []
"""
STATE = """\
from pydantic import TypeAdapter, ValidationError
i, s, o = orders.Item(name=" a "), orders.Special(name="s"), orders.Order(items=[{"name": "x"}])
cls = orders.Item
adapter = TypeAdapter(list[orders.Item])
def fails(f, *a, **k):
    try:
        f(*a, **k)
    except ValidationError as error:
        return error.error_count()
"""


def test_a_field_reaches_instances_heirs_embedding_models_and_adapters(bench: Bench) -> None:
    live = Live(bench, sys.executable, MODELS, STATE)
    reply = live.change(("    price: int = 1\n", "    price: int = 1\n    tags: list[str] = Field(default_factory=list)\n"))
    assert live.ask("(i.tags, s.tags, o.items[0].tags, i.name, orders.Item is cls)") == ([], [], [], "a", True)
    assert live.ask("(i.model_dump(), s.model_dump())") == ({"name": "a", "price": 1, "tags": []}, {"name": "s", "price": 1, "tags": [], "rare": True})
    assert live.ask("(orders.Item(name='b', tags=['t']).tags, orders.Special(name='b', tags=['u']).tags, type(orders.Item(name='z')) is cls)") == (
        ["t"],
        ["u"],
        True,
    )
    assert live.ask("(orders.Order(items=[{'name': 'q', 'tags': ['v']}]).items[0].tags, adapter.validate_python([{'name': 'q', 'tags': ['w']}])[0].tags)") == (
        ["v"],
        ["w"],
    )
    assert live.ask("(fails(orders.Item, name='b', tags=1), fails(orders.Order, items=[{'name': 'b', 'tags': 1}]))") == (1, 1)
    assert live.ask("(o.model_dump(), o.model_dump_json(), list(orders.Item.model_fields), 'tags' in str(orders.Item.model_json_schema()))") == (
        {"items": [{"name": "x", "price": 1, "tags": []}]}, '{"items":[{"name":"x","price":1,"tags":[]}]}', ["name", "price", "tags"], True,
    )  # fmt: skip
    assert live.actions(reply)["Item.tags"] == "migrated"
    live.change(("    tags: list[str] = Field(default_factory=list)\n", ""))
    assert live.ask("(orders.Item(name='b').model_dump(), list(orders.Special.model_fields), orders.Order(items=[{'name': 'q'}]).model_dump())") == (
        {"name": "b", "price": 1}, ["name", "price", "rare"], {"items": [{"name": "q", "price": 1}]},
    )  # fmt: skip


def test_validators_and_settings_change(bench: Bench) -> None:
    live = Live(bench, sys.executable, MODELS, STATE)
    live.change(("value.strip()", "value.strip().upper()"), ("self.price * 2", "self.price * 3"))
    assert live.ask("(orders.Item(name=' b ').name, orders.Special(name=' c').name, i.double())") == ("B", "C", 3)
    added = "    @field_validator('price')\n    @classmethod\n    def positive(cls, value):\n        assert value > 0\n        return value\n\n    def double"
    live.change(("    def double", added))
    assert live.ask(
        "(fails(orders.Item, name='a', price=-1), fails(orders.Special, name='a', price=-1), fails(orders.Order, items=[{'name': 'a', 'price': -1}]))"
    ) == (1, 1, 1)
    assert live.ask("orders.Item.positive(3)") == 3
    live.change((added, "    def double"))
    assert live.ask("(orders.Item(name='a', price=-1).price, hasattr(cls, 'positive'))") == (-1, False)
    live.change(("    name: str\n", "    model_config = {'extra': 'forbid'}\n    name: str\n"), ("price: int = 1", "price: int = Field(default=4, gt=0)"))
    assert live.ask("(fails(orders.Item, name='a', more=1), orders.Item(name='a').price, fails(orders.Item, name='a', price=0), i.price)") == (1, 4, 1, 1)


def test_a_required_field_is_refused_while_an_instance_lives(bench: Bench) -> None:
    live = Live(bench, sys.executable, MODELS, STATE)
    assert "orders.Item.code is a new field without a default, and 3 live instances" in live.refused(
        ("    price: int = 1\n", "    price: int = 1\n    code: str\n")
    )
    assert "cannot be made with its new fields" in live.refused(("    price: int = 1\n", "    price: int = 1\n    odd: object() = 1\n"))
    assert live.ask("(orders.Item(name='b').model_dump(), i.model_dump())") == ({"name": "b", "price": 1}, {"name": "a", "price": 1})


def test_a_failure_at_the_commit_puts_everything_back(bench: Bench) -> None:
    live = Live(bench, sys.executable, MODELS, STATE + "before = {k: v for k, v in vars(cls).items()}\n")
    said = live.refused(("    price: int = 1\n", "    price: int = 1\n    more: int = Field(default_factory=lambda: 1 / 0)\n"))
    assert "ZeroDivisionError" in said
    assert live.ask("[k for k in {**before, **vars(cls)} if before.get(k) is not vars(cls).get(k)]") == []
    assert live.ask("(orders.Item(name='b').model_dump(), orders.Order(items=[{'name': 'q'}]).model_dump())") == (
        {"name": "b", "price": 1},
        {"items": [{"name": "q", "price": 1}]},
    )
