import pytest

from shop.errors import Conflict, NotFound
from shop.inventory import Inventory
from shop.store import Line


def test_reserve_takes_out_of_stock():
    inventory = Inventory({"tea": 5, "mug": 2})
    inventory.reserve([Line("tea", 2), Line("mug", 1)])
    assert inventory.levels() == {"tea": 3, "mug": 1}


def test_reserve_takes_all_lines_or_none():
    inventory = Inventory({"tea": 5, "mug": 0})
    with pytest.raises(Conflict):
        inventory.reserve([Line("tea", 2), Line("mug", 1)])
    assert inventory.level("tea") == 5


def test_release_puts_back():
    inventory = Inventory({"tea": 5})
    inventory.reserve([Line("tea", 4)])
    inventory.release([Line("tea", 4)])
    assert inventory.level("tea") == 5


def test_delivery_of_an_unknown_product():
    with pytest.raises(NotFound):
        Inventory({}).deliver("gold", 1)
